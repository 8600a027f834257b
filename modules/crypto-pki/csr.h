// PKCS#10 certificate requests (RFC 2986): reading with proof of possession, writing with a key of the store.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

// Views point into `der`; moving the struct keeps them.
struct Csr {
  Blob der;
  Bytes info;                 // the signed bytes
  Bytes subject;              // whole Name
  Bytes spki;
  KeyFacts key;
  std::string_view challenge; // challengePassword, empty: none. Secret: never log it
  Bytes extensions;           // content of the requested Extensions SEQUENCE, empty: none
  Bytes alt_names;            // content of GeneralNames out of them
  uint16_t key_usage = 0;
  uint16_t ext_usage = 0;
  bool wants_ca = false;      // basicConstraints: a subordinate authority
  int path_length = -1;       // it asks for, -1: none
  bool unsigned_key = false;  // no proof of possession (id-alg-noSignature)
  SignatureAlgorithm signature_algorithm = SignatureAlgorithm::other;
};

// `vouched`: also without proof of possession, in the form of RFC 5272 C.1 (the "signature" is the SHA-1 digest of the
// request): somebody else must answer for the key.
enum class CsrProof : uint8_t { signature, vouched };

// Attributes in any order; unknown ones are passed over. [job] (checks the signature over the bytes as received).
// Faults: invalid, full (over 16 KiB), denied (RSA key too short), untrusted (signature wrong), unsupported (algorithm unknown).
Result<Csr> parse_csr(Bytes der, CsrProof proof = CsrProof::signature);

struct CsrSpec {
  Bytes subject;                       // whole Name
  std::string_view challenge;          // at most 255 bytes, empty: none
  std::span<const AltName> alt_names;
  uint16_t key_usage = 0;              // 0: digitalSignature + keyEncipherment (EC: digitalSignature)
  uint16_t ext_usage = 0;              // 0: not asked for
  bool authority = false;              // subordinate CA: basicConstraints with path length 0, keyCertSign + cRLSign
};

// [job] Faults as build_certificate.
Result<Blob> build_csr(const CsrSpec& spec, Keys& keys, KeyRef key, Hash h);
// For a key that is not here (a phone's): no proof of possession. Faults: invalid, full.
Result<Blob> build_vouched_csr(const CsrSpec& spec, Bytes spki);

}  // namespace parley::crypto_pki
