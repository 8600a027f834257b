// The service PeerTrust: policies for TLS, validation jobs, and the watch over peers that are connected.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/revocation.h"
#include "modules/crypto-pki/trust_set.h"

namespace parley::crypto_pki {

struct Counted {
  uint64_t accepted = 0, refused = 0;   // paths
  uint64_t closed = 0;                  // sessions whose peer became untrusted
  uint64_t unlogged = 0;                // refusals beyond the rate of the log
};

// What worker threads tell the service: counters and the last refusals, for the log.
class Reports {
 public:
  struct Refusal {
    Text<127> subject, serial;
    const char* why = "";
  };
  explicit Reports(Task* reader) : reader_(reader) {}
  void accepted();
  void refused(const Certificate* culprit, const char* why);
  bool take(Refusal& out);              // false: none left
  Counted counted();
  void closed();
  void leave();                         // the reader goes away

 private:
  static constexpr size_t kKept = 8;
  Lock lock_;
  Task* reader_;
  Counted counted_;
  Refusal kept_[kKept];
  size_t count_ = 0;
};

// The check of one chain by the rule's present trust. Any thread.
PathResult check_path(RuleState& state, std::span<const Certificate> chain, std::shared_ptr<const TrustSet>& set, Reports& reports);

class PeerTrustService final : public Task, public PeerTrust, private Trustpoints::Listener {
 public:
  PeerTrustService(Context& context, TrustStore& store, Authorities& servers, const Config& config);
  ~PeerTrustService() override;
  void start();
  void stop();
  void settings_changed();              // of trustpoints: `revocation-check`, `chain-validation`, ...

  Result<std::unique_ptr<PeerPolicy>> policy(const PeerRule& rule) override;
  std::unique_ptr<PeerJob> validation(const PeerRule& rule) override;

  // For `show`: a stored certificate by the trust of its own trustpoint, now, for any use.
  Status judge(std::string_view label, const Stored& s, bool legacy) const;

  Counted counted() const { return reports_->counted(); }
  size_t watched() const;
  const RevocationCheck& revocation() const { return revocation_; }
  void clear_crls(std::string_view label);   // empty: of all trustpoints. Connected peers are looked at again
  Poll step() override;

 private:
  friend class Watch;
  friend class Policy;
  void trustpoints_changed(std::string_view label) override;
  Result<std::shared_ptr<RuleState>> state_for(const PeerRule& rule);
  std::unique_ptr<PeerWatch> watch(std::shared_ptr<RuleState> state, Task& waiter, const Bytes* chain, size_t count);
  void renew_sets();
  void tell();
  void run_watches();
  uint64_t lists_made() const;

  Context& context_;
  TrustStore& store_;
  Authorities& servers_;
  const Config& config_;
  std::shared_ptr<Reports> reports_;
  RevocationCheck revocation_;
  List<std::shared_ptr<RuleState>> states_{general_arena()};
  class Watch* watches_ = nullptr;
  Timer timer_{*this};                  // the clock becomes valid; long sessions are looked at again
  Monotonic log_window_{};
  unsigned logged_ = 0;
  Monotonic next_look_{};
  uint64_t lists_seen_ = 0;
  bool running_ = false;
  bool stale_ = false;
  bool was_valid_ = false;
};

}  // namespace parley::crypto_pki
