// Private keys as files carry them: PEM, PKCS#1, SEC1, PKCS#8, with or without passphrase. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/engine_if.h"

namespace parley::crypto {

// PEM or DER. Old PEM encryption (`DEK-Info`, what IOS writes) and encrypted PKCS#8 need the passphrase.
// Faults: invalid; untrusted (wrong passphrase); unsupported (kind of key, cipher).
Result<PrivateKey> read_private_key(Bytes file, std::string_view passphrase);

// PEM `ENCRYPTED PRIVATE KEY`: PKCS#8, PBES2 with PBKDF2-HMAC-SHA256 and AES-256-CBC (RFC 8018).
Result<Blob> write_private_key(const PrivateKey& key, std::string_view passphrase, Random& random);

Result<Blob> spki_of(const PrivateKey& key);         // SubjectPublicKeyInfo
Result<Blob> rsa_public_of(const PrivateKey& key);   // PKCS#1 RSAPublicKey

}  // namespace parley::crypto
