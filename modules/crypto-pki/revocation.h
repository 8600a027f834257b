// Is a certificate revoked? Revocation lists and OCSP answers: fetched over HTTP, checked in jobs, kept until they end.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/ocsp_query.h"
#include "modules/crypto-pki/scep_server.h"
#include "modules/crypto-pki/trust_set.h"
#include "modules/http-server/http_client.h"

namespace parley::crypto_pki {

// A verified list, sorted for the search. Made on a worker thread, then only read.
struct CrlIndex {
  Crl crl;
  List<Bytes> serials{general_arena()};   // magnitudes, sorted; into crl.der
  bool has(Bytes serial) const;
};

// Reads, verifies and sorts a list (PEM or DER). Faults: invalid, untrusted (signer, issuer), full.
Result<std::shared_ptr<const CrlIndex>> index_crl(Bytes input, const Certificate& issuer, UnixTime now);

class StatementJob final : public Job {
 public:
  void run() override;
  bool ocsp = false;
  Blob input, issuer, certificate, nonce;
  UnixTime now = 0;
  std::shared_ptr<const CrlIndex> crl;    // out
  OcspVerdict verdict;                    // out
  Status result = Fault{Code::cancelled, "not run", 0};
};

struct Question {
  const Certificate& certificate;
  const Certificate& issuer;
  const TrustSource& source;
};

// What is kept for one authority (a list) or one certificate (an OCSP answer).
struct Statement {
  Statement(Task& owner, Net& net) : client(owner, net) {}
  bool ocsp = false;
  Digest key;                             // of issuer, certificate and URL
  Text<255> url;
  Text<63> label;                         // trustpoint
  Blob issuer, certificate, nonce;
  http_server::Client client;
  JobSlot<StatementJob> job;
  bool fetching = false;
  std::shared_ptr<const CrlIndex> crl;
  OcspVerdict verdict;
  UnixTime good_until = 0;                // 0: there is none
  Fault why{Code::busy, "", 0};           // why there is none
  Monotonic try_again{};
  Monotonic used{};
};

class RevocationCheck final : public Task {
 public:
  // `waiter` is woken when an answer came or failed. `servers`: what they have issued themselves is not asked for over the network.
  RevocationCheck(Context& context, Authorities& servers, Task& waiter);
  void stop();

  // true: revoked. Fault busy: being fetched; any other: this method cannot say, `what` tells why.
  Result<bool> ask(Revocation method, const Question& q);
  // `clear crypto pki crls`: lists of one trustpoint, or all.
  void forget(std::string_view label);

  size_t size() const { return statements_.size(); }
  const Statement& operator[](size_t i) const { return *statements_[i]; }
  Poll step() override;

 private:
  Result<bool> by_own_authority(const Question& q);
  Result<bool> by_crl(const Question& q);
  Result<bool> by_ocsp(const Question& q);
  Statement* find(const Digest& key);
  Result<Statement*> make(const Digest& key, bool ocsp, std::string_view url, const Question& q);
  Status current(Statement& s);           // ok: good_until is ahead
  Status fetch(Statement& s);
  void advance(Statement& s);
  void end(Statement& s, Status status);

  Context& context_;
  Authorities& servers_;
  Task& waiter_;
  List<std::unique_ptr<Statement>> statements_{general_arena()};
};

}  // namespace parley::crypto_pki
