// A replaced configuration that waits to be confirmed (commands.md 1.1).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "cli/engine.h"
#include "modules/system/file_jobs.h"
#include "platform/sched/task.h"

namespace parley::system {

class System;

// The text to return to; written before the replacement, read at boot instead of the startup-config, removed when it is settled.
inline constexpr const char* kRollback = "nvram:rollback-config";

class Rollback final : public Task {
 public:
  explicit Rollback(System& system);
  bool pending() const { return old_ != nullptr; }
  void begin(std::unique_ptr<cli::Engine> old, uint32_t minutes);   // old: holds the configuration to return to
  void settle();          // keeps the new configuration
  void revert();          // the old one takes its place, as it was
  void forget_file() { remove_ = true; wake(); }
  bool settled() const { return !pending() && !remove_ && !slot_.busy(); }   // and the copy in nvram: is gone
  Poll step() override;

 private:
  System& system_;
  Timer timer_, retry_;
  std::unique_ptr<cli::Engine> old_;
  bool remove_ = false;
  JobSlot<ChangeJob> slot_;
};

}  // namespace parley::system
