// Builds and signs certificates (RFC 5280), with the key in the key store.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

enum class CertificateRole : uint8_t {
  ca,           // root: CA, keyCertSign + cRLSign + digitalSignature
  sub_ca,       // the same, issued by another CA
  ra,           // digitalSignature + keyEncipherment, EKU cmcRA
  general,      // device or server: digitalSignature + keyEncipherment (EC: digitalSignature)
  self_signed,  // own certificate without any CA: like general
};

struct CertificateSpec {
  CertificateRole role = CertificateRole::general;
  Bytes subject, issuer;             // whole Names; a self-signed certificate has the same twice
  Bytes serial;                      // magnitude, 1..20 bytes, not zero
  UnixTime not_before = 0, not_after = 0;
  Bytes spki;                        // key of the subject
  int path_length = -1;              // CAs; -1: no limit
  uint16_t key_usage = 0;            // 0: by role
  uint16_t ext_usage = 0;            // added to the role's; kOther and kAny as listed in ext_usage (kOther is refused)
  std::span<const AltName> alt_names;
  std::string_view crl_url;          // CRL distribution point, empty: none
  std::string_view ocsp_url;         // authority information access, empty: none
  Bytes issuer_key_id;               // SKI of the issuer's certificate; empty: SHA-1 of the signing key
  std::span<const Bytes> extra_extensions;   // ready Extension values (DER); one that the fields above make is left out
};

// [job] Faults: invalid (spec makes no sense), missing (no such key), full, io.
Result<Blob> build_certificate(const CertificateSpec& spec, Keys& keys, KeyRef signer, Hash h);

// SHA-1 of the key bits (RFC 5280 4.2.1.2 method 1), 20 bytes. Fault invalid: not a SubjectPublicKeyInfo.
Result<Digest> key_identifier(Bytes spki);

}  // namespace parley::crypto_pki
