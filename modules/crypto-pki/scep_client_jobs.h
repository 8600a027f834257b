// Slow work of the SCEP client: requests, polls, answers (RFC 8894), certificates without an authority.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/cms.h"
#include "platform/sched/job.h"

namespace parley::crypto_pki {

// What stays the same from the first request of an enrolment to its certificate.
struct Enrolling {
  KeyRef key;                       // signs our messages, opens the answers
  Blob wanted_key;                  // SubjectPublicKeyInfo that the certificate must have; empty: that of `key`
  KeyRef new_key;                   // the certificate is for this one; 0: for `key`
  bool renewal = false;             // RenewalReq: `key` and `signer` are those of the certificate that is renewed
  Blob subject;                     // whole Name
  Blob csr;                         // DER
  Blob signer;                      // certificate of `key`: self-signed, the one that is renewed, or that of a registration authority
  Blob ca;                          // CA certificate of the trustpoint
  Blob recipient;                   // certificate our messages are encrypted for: the CA's or its RA's
  Text<128> transaction;
  Hash hash = Hash::sha256;
};
using EnrollingPtr = std::shared_ptr<Enrolling>;

struct CsrOrder {
  bool authority = false;           // of a subordinate certificate server
  Blob subject;
  Text<63> challenge;
  Text<127> alt_dns;
  uint32_t alt_ip = 0;
  uint16_t ext_usage = 0;
  uint16_t key_usage = 0;           // 0: by the kind of key
};

// CSR, signer certificate and transaction id; then a PKCSReq (first) or a CertPoll.
class ScepRequestJob final : public Job {
 public:
  ScepRequestJob(Keys& keys, Random& random) : keys_(keys), random_(random) {}
  void run() override { result = work(); }
  EnrollingPtr state;               // used by this job alone while it runs
  CsrOrder csr;
  bool poll = false;
  UnixTime now = 0;
  ScepAttributes scep;              // out: as sent
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Blob> work();
  Status prepare();
  Keys& keys_;
  Random& random_;
};

// The answer: who signed it, for what, and the certificate in it.
class ScepReplyJob final : public Job {
 public:
  explicit ScepReplyJob(Keys& keys) : keys_(keys) {}
  void run() override { result = work(); }
  EnrollingPtr state;
  Blob input;
  Nonce nonce;
  UnixTime now = 0;
  ScepAttributes scep;                    // out: of the answer
  Hash hash = Hash::sha256;               // out: the same
  Blob certificate;                       // out, on success
  Status result = Fault{Code::cancelled, "not run", 0};

 private:
  Status work();
  Status check_signer(const SignedMessage& m);
  Keys& keys_;
};

// A request to be carried by hand (enrollment terminal).
class CsrJob final : public Job {
 public:
  explicit CsrJob(Keys& keys) : keys_(keys) {}
  void run() override;
  KeyRef key;
  CsrOrder order;
  Hash hash = Hash::sha256;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
};

// enrollment selfsigned.
class SelfSignedJob final : public Job {
 public:
  SelfSignedJob(Keys& keys, Random& random) : keys_(keys), random_(random) {}
  void run() override;
  KeyRef key;
  CsrOrder order;
  Hash hash = Hash::sha256;
  UnixTime now = 0, end = 0;
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Keys& keys_;
  Random& random_;
};

// The CA certificate out of a GetCACert answer (one certificate, or a bag of CA and RA), and the one to encrypt for.
// Faults: invalid, missing (no CA certificate), unsupported (several authorities).
struct CaAnswer {
  Blob ca;
  Blob recipient;
};
Result<CaAnswer> read_ca_answer(Bytes body);

}  // namespace parley::crypto_pki
