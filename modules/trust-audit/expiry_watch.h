// Tells before the certificates of phones end (PKI-22); those of trustpoints are told by crypto-pki.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>

#include "modules/module.h"
#include "modules/trust-audit/forecast.h"
#include "platform/log/log.h"
#include "platform/sched/task.h"

namespace parley::trust_audit {

// waits an hour --> walks over all certificates --> tells --> waits
class ExpiryWatch final : public Task {
 public:
  explicit ExpiryWatch(Env& env);
  Poll step() override;

 private:
  struct Told {
    uint8_t sha256[32] = {};
    UnixTime when = 0;
    bool seen = false;
  };
  void judge(const Forecast& endings);
  Env& env_;
  Timer timer_{*this};
  std::unique_ptr<ForecastWalk> walk_;
  List<Told> told_{general_arena()};
};

extern const std::span<const LogMessage* const> kMessages;

}  // namespace parley::trust_audit
