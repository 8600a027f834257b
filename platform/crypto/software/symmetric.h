// Hashes and AES in software, as engines and the facade share them. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/engine_if.h"

namespace parley::crypto {

// Over a || b; HMAC when there is a key.
Digest software_hash(Hash h, const Bytes* key, Bytes a, Bytes b);
Status software_cipher(const CipherOrder& order);

}  // namespace parley::crypto
