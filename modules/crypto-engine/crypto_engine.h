// The module crypto-engine: `show crypto engine`, and the legacy fence that other modules tell (platform/tls/legacy.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-engine/legacy_list.h"
#include "modules/module.h"
#include "platform/sched/job.h"
#include "platform/sched/scheduler.h"
#include "platform/store/store.h"
#include "platform/tls/tls.h"

namespace parley {
extern const Module kCryptoEngine;
}

namespace parley::crypto_engine {

class SaveJob final : public Job {
 public:
  SaveJob(Store& store, Blob text) : store_(store), text_(std::move(text)) {}
  void run() override;
  Status status;

 private:
  Store& store_;
  Blob text_;
};

class CryptoEngine final : public Instance, public LegacyFence, private Task {
 public:
  explicit CryptoEngine(Env& env);
  void* config() override { return &no_config_; }
  void apply() override {}
  Status start() override;
  void stop() override;

  void offer(uint16_t port, const char* name) override;
  void withdraw(uint16_t port) override;
  void used(const LegacyUse& use) override;
  void modern(uint16_t port, std::string_view device) override;
  void each(Each each, void* context) const override;

  void show_engines(Writer& out) const;
  void show_legacy(Writer& out) const;

 private:
  struct Offer { uint16_t port = 0; const char* name = ""; };
  Poll step() override;
  void save_in(Millis delay);

  Env& env_;
  char no_config_ = 0;
  LegacyList list_;
  static constexpr size_t kOffers = 16;
  Offer offers_[kOffers];
  JobSlot<SaveJob> job_;
  Timer timer_;
  Monotonic due_{};
  bool dirty_ = false;
};

}  // namespace parley::crypto_engine
