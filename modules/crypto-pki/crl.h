// Certificate revocation lists (RFC 5280 section 5): written by the CA, read by everyone else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

constexpr size_t kMaxCrl = 4 * 1024 * 1024;

struct Revoked {
  Bytes serial;               // as in Certificate (content octets), or magnitude
  UnixTime when = 0;
  uint8_t reason = 0;         // CRLReason; 0 = unspecified (not written)
};

struct CrlSpec {
  Bytes issuer;               // whole Name
  UnixTime this_update = 0, next_update = 0;
  uint64_t number = 1;        // CRL number, grows
  std::span<const Revoked> revoked;
  Bytes issuer_key_id;        // SKI of the CA certificate; empty: SHA-1 of the signing key
};
// [job] Faults: invalid, missing (no such key), full.
Result<Blob> build_crl(const CrlSpec& spec, Keys& keys, KeyRef signer, Hash h);

// Views point into `der`; moving the struct keeps them.
struct Crl {
  Blob der;
  Bytes tbs, issuer, entries, signature, authority_key_id;
  UnixTime this_update = 0, next_update = 0;   // next 0: not told
  uint64_t number = 0;
  SignatureAlgorithm signature_algorithm = SignatureAlgorithm::other;
  bool unknown_critical = false;               // then it says nothing we can rely on
};
Result<Crl> parse_crl(Bytes der);              // Faults: invalid, full
Status verify_crl(const Crl& crl, Bytes issuer_spki);
bool find_revoked(const Crl& crl, Bytes serial, Revoked& out);

// Calls each entry until it answers false. Faults: invalid (broken entry).
using EachRevoked = bool (*)(void* context, const Revoked& r);
Status each_revoked(const Crl& crl, EachRevoked each, void* context);

}  // namespace parley::crypto_pki
