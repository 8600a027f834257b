// configure check, replace, confirm, revert now, exclusive.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/config_dialogues.h"
#include "modules/system/dry_run.h"
#include "modules/system/rollback.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"

namespace parley::system {
namespace {

// Reads the file and makes the dry run.
class Checked {
 public:
  Checked(System& system, Path path) : system_(system), path_(path) {}
  // done: run() is complete; false in `good`: it said why not.
  Poll step(cli::Console& console, bool& good) {
    good = false;
    Env& env = system_.env();
    if (run_ == nullptr && !load_.busy() &&
        !load_.start(env.jobs, console.task(), std::make_unique<LoadJob>(env.store, path_))) {
      console.put("% System is busy, try again later\n");
      return Poll::done;
    }
    if (run_ == nullptr) {
      auto job = load_.take();
      if (job == nullptr) return Poll::pending;
      if (!job->result) {
        console.put("%Error opening ");
        put_display(console, path_);
        console.put(" (").put(error_text(job->result.error().code)).put(")\n");
        return Poll::done;
      }
      run_ = std::make_unique<DryRun>(system_, console.task(), std::move(job->content));
    }
    if (run_->step() != Poll::done) return Poll::pending;
    good = run_->failure() == nullptr;
    if (!good) console.put(run_->failure()).put('\n');
    return Poll::done;
  }
  DryRun& run() { return *run_; }

 private:
  System& system_;
  Path path_;
  JobSlot<LoadJob> load_;
  std::unique_ptr<DryRun> run_;
};

class CheckDialogue final : public cli::Dialogue {
 public:
  CheckDialogue(System& system, Path path) : checked_(system, path) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    bool good = false;
    if (checked_.step(console, good) != Poll::done) return Poll::pending;
    if (!good) return Poll::done;
    checked_.run().report(console);
    console.put(checked_.run().differences());
    return Poll::done;
  }

 private:
  Checked checked_;
};

class ReplaceDialogue final : public cli::Dialogue {
 public:
  ReplaceDialogue(System& system, Path path, uint32_t minutes) : system_(system), minutes_(minutes), checked_(system, path) {}

  Poll step(cli::Console& console, const std::string_view* answer) override {
    switch (at_) {
      case At::check: return check(console);
      case At::ask:
        if (answer == nullptr) return Poll::pending;
        return take_answer(console, trim(*answer));
      case At::save: {
        auto job = save_.take();
        if (job == nullptr) return Poll::pending;
        if (job->result) return replace(console);
        console.put("%Error opening ").put(kRollback).put(" (").put(error_text(job->result.error().code)).put(")\n");
        return Poll::done;
      }
    }
    return Poll::done;
  }
  bool accepts(std::string_view line) const override {
    const std::string_view a = trim(line);
    return a.empty() || starts_nocase("yes", a) || starts_nocase("no", a);
  }

 private:
  enum class At : uint8_t { check, ask, save };
  Poll check(cli::Console& console) {
    bool good = false;
    if (checked_.step(console, good) != Poll::done) return Poll::pending;
    if (!good) return Poll::done;
    const uint32_t errors = checked_.run().errors();
    checked_.run().report(console);
    if (errors != 0) {
      console.put("% ").dec(errors).put(" errors, configuration not replaced\n");
      return Poll::done;
    }
    at_ = At::ask;
    console.put("This will apply all necessary additions and deletions\n");
    console.ask("to replace the current running configuration. Enter Y if you are sure you want to proceed ? [no]: ");
    return Poll::pending;
  }
  Poll take_answer(cli::Console& console, std::string_view a) {
    if (a.empty() || !starts_nocase("yes", a)) return Poll::done;
    if (minutes_ == 0) return replace(console);
    // Durable before anything changes: whatever happens from here on, a boot finds the way back.
    Env& env = system_.env();
    at_ = At::save;
    auto job = std::make_unique<SaveJob>(env.store, Path(kRollback), checked_.run().take_running());
    if (save_.start(env.jobs, console.task(), std::move(job))) return Poll::pending;
    console.put("% System is busy, try again later\n");
    return Poll::done;
  }
  Poll replace(cli::Console& console) {
    cli::Engine& live = system_.env().cli;
    const char* wrong = nullptr;
    if (!checked_.run().current()) {
      wrong = "The configuration was changed by another session, not replaced";
    } else if (system_.rollback().pending()) {
      wrong = "Rollback Confirmed Change is pending";
    }
    if (wrong != nullptr) {
      console.put("% ").put(wrong).put('\n');
      if (!system_.rollback().pending()) system_.rollback().forget_file();
      return Poll::done;
    }
    std::unique_ptr<cli::Engine> other = checked_.run().take_engine();
    system_.replacing();
    live.swap(*other);
    live.apply_all();
    if (minutes_ != 0) system_.rollback().begin(std::move(other), minutes_);
    system_.configured(console.user());
    console.put("Total number of passes: 1\nRollback Done\n");
    return Poll::done;
  }

  System& system_;
  uint32_t minutes_;
  At at_ = At::check;
  Checked checked_;
  JobSlot<SaveJob> save_;
};

bool path_of(cli::Call& call, std::string_view typed, Path& path) {
  auto p = resolve(typed, call.module<System>().folder());
  if (p) path = *p;
  else call.out().put("%Error opening ").put(typed).put(" (").put(error_text(p.error().code)).put(")\n");
  return p.has_value();
}

// Until the copy in nvram: is gone: a power cut behind the prompt must not bring the other configuration.
class SettleDialogue final : public cli::Dialogue {
 public:
  explicit SettleDialogue(System& system) : system_(system) {}
  Poll step(cli::Console& console, const std::string_view*) override {
    if (system_.rollback().settled()) return Poll::done;
    if (timer_ == nullptr) timer_ = std::make_unique<Timer>(console.task());
    (void)timer_->fired();
    timer_->start(Millis(5));
    return Poll::pending;
  }

 private:
  System& system_;
  std::unique_ptr<Timer> timer_;
};

constexpr std::string_view kNothingPending = "% No Rollback Confirmed Change pending";

}  // namespace

void do_configure_check(cli::Call& call, const UrlArgs& a) {
  Path path;
  if (path_of(call, a.url, path)) call.start(std::make_unique<CheckDialogue>(call.module<System>(), path));
}

void do_configure_replace(cli::Call& call, const ReplaceArgs& a) {
  System& s = call.module<System>();
  if (s.rollback().pending()) return call.refuse("% Rollback Confirmed Change is pending");
  Path path;
  if (path_of(call, a.url, path)) call.start(std::make_unique<ReplaceDialogue>(s, path, a.minutes));
}

void do_configure_confirm(cli::Call& call) {
  System& s = call.module<System>();
  if (!s.rollback().pending()) return call.refuse(kNothingPending);
  s.rollback().settle();
  call.start(std::make_unique<SettleDialogue>(s));
}

void do_configure_revert(cli::Call& call) {
  System& s = call.module<System>();
  if (!s.rollback().pending()) return call.refuse(kNothingPending);
  s.rollback().revert();
  call.start(std::make_unique<SettleDialogue>(s));
}

void do_configure_exclusive(cli::Call& call) {
  if (call.at == nullptr || call.console->control() == nullptr) return;
  char text[200];
  FixedWriter refusal(text);
  if (!call.module<System>().env().cli.lock(*call.at, *call.console, refusal)) return call.refuse(refusal.view());
  call.out().put("Enter configuration commands, one per line.  End with CNTL/Z.\n");
}

}  // namespace parley::system
