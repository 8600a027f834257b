// A configuration file bound into a scratch engine, and how the router would differ (commands.md 1.1). Changes nothing.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/system/config_diff.h"
#include "modules/system/line_check.h"
#include "modules/system/running_copy.h"

namespace parley::system {

class DryRun {
 public:
  DryRun(System& system, Task& owner, Blob text);
  // done: the result is there. pending: the owner is woken. A change by another session begins the dry run again.
  Poll step();
  const char* failure() const { return failure_; }    // nullptr, or a sentence: it could not be done
  void report(Writer& out) const;                     // findings and summary
  uint32_t errors() const { return check_->count(FindingKind::error); }

  std::string_view differences() const { return differences_.text(); }
  Blob take_running() { return std::move(running_); }
  // Nothing has changed since: the scratch engine may take the place of the running configuration.
  bool current() const { return system_.env().cli.changes() == changes_; }
  std::unique_ptr<cli::Engine> take_engine() { return std::move(engine_); }

 private:
  enum class At : uint8_t { begin, lines, whole, render, running, compare, done };
  bool begin();
  void look_at_whole();
  Poll compare();
  Poll fail(const char* why);

  System& system_;
  Task& owner_;
  Blob text_;
  At at_ = At::begin;
  uint64_t changes_ = 0;
  size_t restarts_ = 0;
  const char* failure_ = nullptr;
  uint32_t phones_ = 0;
  std::unique_ptr<cli::Engine> engine_;
  std::unique_ptr<LineCheck> check_;
  std::unique_ptr<cli::RunningText> render_;
  std::unique_ptr<RunningCopy> copy_;
  Blob wanted_, running_, differences_;
  JobSlot<DiffJob> slot_;
};

}  // namespace parley::system
