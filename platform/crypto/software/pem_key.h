// The PEM layer of private keys. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/engine.h"

namespace parley::crypto {

struct PemKey {
  Blob der;                // PKCS#1, SEC1, PKCS#8, or with `encrypted` EncryptedPrivateKeyInfo
  bool encrypted = false;
};
// PEM or DER. Faults: invalid, untrusted (wrong passphrase of old style encryption), unsupported.
Result<PemKey> read_key_file(Bytes file, std::string_view passphrase);
Result<Blob> write_key_file(Bytes pkcs8, std::string_view passphrase, Random& random);

}  // namespace parley::crypto
