// OCSP (RFC 6960): requests read, answers written. Pure functions over bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

constexpr size_t kMaxOcspRequest = 8 * 1024;
constexpr size_t kMaxOcspQuestions = 16;      // certificates asked for in one request
constexpr size_t kMaxOcspNonce = 64;          // RFC 9654 2.1 wants 1..128 read, 32 sent; longer ones are refused

enum class OcspStatus : uint8_t { successful = 0, malformed = 1, internal_error = 2, try_later = 3, unauthorized = 6 };

// One CertID. Views into the request.
struct OcspQuestion {
  Bytes id;                 // whole CertID: it is repeated in the answer
  Bytes hash_oid, name_hash, key_hash;
  Bytes serial;             // content octets
};

struct OcspRequest {
  Blob der;
  OcspQuestion questions[kMaxOcspQuestions];
  size_t count = 0;
  Bytes nonce;              // content of the extension, as it came; empty: none
};
// A signature of the requester is passed over. Faults: invalid, full (too large, too many questions).
Result<OcspRequest> parse_ocsp_request(Bytes der);

// Does the question mean a certificate issued by this authority? false also for an unknown hash.
bool ocsp_asks_for(const OcspQuestion& q, const Certificate& issuer);

struct OcspAnswer {
  enum class State : uint8_t { good, revoked, unknown };
  Bytes id;
  State state = State::unknown;
  UnixTime revoked_at = 0;
  uint8_t reason = 0;       // CRLReason; 0: left out
};

struct OcspSpec {
  std::span<const OcspAnswer> answers;
  UnixTime produced = 0, this_update = 0, next_update = 0;
  Bytes nonce;              // content of the extension; empty: none
};
// [job] OCSPResponse "successful" with a BasicOCSPResponse signed by the authority itself, responder by key. Faults as build_certificate.
Result<Blob> build_ocsp_response(const OcspSpec& spec, Keys& keys, KeyRef signer, Hash h);
// Any other status has no content.
Result<Blob> build_ocsp_error(OcspStatus status);

}  // namespace parley::crypto_pki
