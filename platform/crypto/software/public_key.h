// RSA block formats shared by the key store and the checks of public keys. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/engine.h"

namespace parley::crypto {

// EMSA-PKCS1-v1_5 (RFC 8017 9.2) into a block of the key's size. Fault invalid: key too small.
Status pkcs1_pad_signature(Hash h, const Digest& digest, MutBytes block);
// Fault untrusted: not a PKCS#1 v1.5 encryption block (constant time).
Result<Blob> pkcs1_unpad_encryption(Bytes block);
// block^e mod n, same size; in software, also to check what an engine answered.
Result<Blob> software_rsa_public(Bytes public_key, Bytes block);
// ECDSA over a ready digest, in software. Fault untrusted.
Status software_ec_verify(Bytes spki, Bytes digest, Bytes signature);
// The same by whatever is best.
Result<Blob> rsa_public_operation(Bytes public_key, Bytes block);
Status ec_verify_digest(Bytes spki, Bytes digest, Bytes signature);

// Size of an RSA modulus or an EC curve.
Result<uint16_t> public_key_bits(Bytes key);

}  // namespace parley::crypto
