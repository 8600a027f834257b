// Public-key operations below signatures, for protocols with a padding or a check of their own (CAPF).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"

namespace parley {

// [job] signature^e mod n, as long as the modulus, padding and all. Faults: invalid (not an RSA key, or a value that cannot be
// a signature of it).
Result<Blob> rsa_recover(Bytes spki, Bytes signature);

// [job] Is the EC public key a point of its curve, and not the one at infinity?
bool ec_point_valid(Bytes spki);

}  // namespace parley
