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
  SignatureAlgorithm signature_algorithm = SignatureAlgorithm::other;
};

// Attributes in any order; unknown ones are passed over. [job] (checks the signature over the bytes as received).
// Faults: invalid, full (over 16 KiB), untrusted (signature wrong), unsupported (algorithm unknown).
Result<Csr> parse_csr(Bytes der);

struct CsrSpec {
  Bytes subject;                       // whole Name
  std::string_view challenge;          // at most 255 bytes, empty: none
  std::span<const AltName> alt_names;
  uint16_t key_usage = 0;              // 0: digitalSignature + keyEncipherment (EC: digitalSignature)
};

// [job] Faults as build_certificate.
Result<Blob> build_csr(const CsrSpec& spec, Keys& keys, KeyRef key, Hash h);

}  // namespace parley::crypto_pki
