// Asking an OCSP responder (RFC 6960, 8954): the request and what an answer is worth. Pure.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

constexpr size_t kMaxOcspAnswer = 64 * 1024;
constexpr size_t kOcspNonce = 16;

struct OcspVerdict {
  bool revoked = false;
  UnixTime revoked_at = 0;
  UnixTime good_until = 0;     // nextUpdate; without one a day after thisUpdate
};

// CertID with SHA-1, as every responder knows it. Fault full.
Result<Blob> ocsp_request(const Certificate& c, const Certificate& issuer, Bytes nonce);

// Signed by the issuer, or by who has its certificate for that (id-kp-OCSPSigning); about this certificate; in time; with our
// nonce, if it has one. Faults: invalid (bytes), untrusted (signer, nonce, time), unsupported (the responder cannot say).
Result<OcspVerdict> read_ocsp_answer(Bytes answer, const Certificate& c, const Certificate& issuer, Bytes nonce, UnixTime now);

}  // namespace parley::crypto_pki
