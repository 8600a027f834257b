// Slow work of the SCEP server: opening requests, making answers (RFC 8894).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/authority.h"
#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/scep_counters.h"

namespace parley::crypto_pki {

constexpr size_t kMaxServers = 4;          // certificate servers that answer SCEP at the same time

struct ScepServer {                        // one that may be meant
  IdentityPtr identity;
  std::shared_ptr<const IssuedIndex> index;
  WeakDialect weak = WeakDialect::none;
};

// Outer signature, envelope, inner request; and whether the request keeps the rules that need no state.
class ScepOpenJob final : public Job {
 public:
  ScepOpenJob(Keys& keys, UnixTime now) : keys_(keys), now_(now) {}
  void run() override;

  Blob input;
  ScepServer servers[kMaxServers];
  size_t server_count = 0;

  // Results. status not ok and no transaction id: there is nobody to answer to (HTTP 400).
  Status status;                           // the text goes to the log
  ScepFail fail = ScepFail::bad_request;   // when status is not ok
  Refusal refusal = Refusal::other;        // the same, for the counters
  SignedMessage message;
  Blob content;                            // opened
  EnvelopeCipher cipher = EnvelopeCipher::aes128_cbc;
  size_t server = 0;                       // the one whose key opened it
  Csr csr;                                 // PKCSReq, RenewalReq
  Digest fingerprint;                      // MD5 of the request
  Digest message_digest;                   // SHA-256 of the whole message
  bool renewal = false;                    // signed with a valid certificate of this authority
  bool from_ra = false;                    // signed by a registration authority of this authority
  Profile profile = Profile::router;
  Blob sender_key;                         // SubjectPublicKeyInfo of the signer

 private:
  Status open();
  Status open_envelope();
  Status check_request();
  Status check_algorithms();
  Status check_csr();
  Status check_signer(const Certificate& signer);
  Status check_issued_signer(const Certificate& signer);
  Status refuse(Refusal r, ScepFail f, const char* what) {
    refusal = r;
    fail = f;
    return Fault{Code::denied, what, 0};
  }
  Keys& keys_;
  UnixTime now_;
};

// CertRep: success with a certificate (issued here when `issue`) or a CRL, pending, failure.
class ScepAnswerJob final : public Job {
 public:
  ScepAnswerJob(Keys& keys, Store& store, Random& random) : keys_(keys), store_(store), random_(random) {}
  void run() override { result = work(); }

  IdentityPtr ca;
  ScepAttributes request;                  // of the request: transaction id, sender nonce
  Blob recipient;                          // certificate the answer is encrypted for
  EnvelopeCipher cipher = EnvelopeCipher::aes128_cbc;
  Hash hash = Hash::sha256;
  ScepStatus status = ScepStatus::failure;
  ScepFail fail = ScepFail::bad_request;
  bool issue = false;
  IssueOrder order;
  uint32_t request_id = 0;
  RequestFile keep;                        // pending: durable before the client is told so
  bool kept = false;                       // out
  Blob certificate;                        // success: the certificate (out, when `issue`)
  Path certificate_file;                   // GetCert: read from here
  std::shared_ptr<const Blob> crl;         // GetCRL

  bool issued = false;                     // out
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Blob> work();
  Result<Blob> bag();
  Keys& keys_;
  Store& store_;
  Random& random_;
};

}  // namespace parley::crypto_pki
