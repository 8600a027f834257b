// One connected peer: revocation before it counts as connected, everything again when trust changes. Only for peer_trust_service.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   path (job) -> asking certificate after certificate, method after method -> decided -> (look_again) path ...
#pragma once

#include "modules/crypto-pki/peer_trust_service.h"

namespace parley::crypto_pki {

class ChainJob final : public PeerJob {
 public:
  ChainJob(std::shared_ptr<RuleState> state, std::shared_ptr<Reports> reports) : state_(std::move(state)), reports_(std::move(reports)) {}
  Status add(Bytes certificate) override;
  void run() override;
  const Status& result() const override { return result_; }
  std::string_view trustpoint() const override { return trustpoint_; }
  // After a good run: what revocation is asked for. Pointers live as long as the job.
  const PathResult& path() const { return path_; }
  const TrustSource* source() const;

 private:
  std::shared_ptr<RuleState> state_;
  std::shared_ptr<Reports> reports_;
  std::shared_ptr<const TrustSet> set_;
  List<Certificate> chain_{general_arena()};
  PathResult path_;
  Status result_ = Fault{Code::busy, "not validated yet", 0};
  Text<63> trustpoint_;
};

class Watch final : public PeerWatch {
 public:
  Watch(PeerTrustService& service, std::shared_ptr<RuleState> state, Task& waiter);
  ~Watch() override;
  Status add(Bytes certificate);
  Status verdict() const override { return verdict_; }
  void set_waiter(Task& waiter) override { waiter_ = &waiter; }
  void look_again() { again_ = true; }
  bool step();                         // true: came further, more to do soon

 private:
  friend class PeerTrustService;
  Status start_path();
  bool ask();                          // true: decided
  void decide(Status verdict);

  PeerTrustService& service_;
  std::shared_ptr<RuleState> state_;
  Task* waiter_;
  List<Blob> chain_{general_arena()};
  JobSlot<ChainJob> slot_;
  Status verdict_ = Fault{Code::busy, "the certificate of the peer is being checked", 0};
  std::unique_ptr<ChainJob> path_;     // whose certificates are being asked for
  size_t at_ = 0, method_ = 0;
  bool again_ = true;
  Watch* next_ = nullptr;
  Watch** link_ = nullptr;
};

}  // namespace parley::crypto_pki
