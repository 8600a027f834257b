// show archive config differences: two configurations, grouped by mode.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/config_diff.h"
#include "modules/system/config_dialogues.h"
#include "modules/system/running_copy.h"
#include "modules/system/system_actions.h"

namespace parley::system {
namespace {

constexpr std::string_view kRunning = "system:running-config";

class DifferencesDialogue final : public cli::Dialogue {
 public:
  DifferencesDialogue(System& system, Path from, Path to) : system_(system), paths_{from, to} {}
  Poll step(cli::Console& console, const std::string_view*) override {
    for (; have_ < 2; ++have_) {
      bool good = false;
      if (read(console, paths_[have_], texts_[have_], good) != Poll::done) return Poll::pending;
      if (!good) return Poll::done;
    }
    if (!diff_.busy()) {
      auto job = std::make_unique<DiffJob>(std::move(texts_[0]), std::move(texts_[1]));
      if (!diff_.start(system_.env().jobs, console.task(), std::move(job))) return say(console, "% System is busy, try again later");
    }
    auto job = diff_.take();
    if (job == nullptr) return Poll::pending;
    if (!job->text.ok()) return say(console, "% The configuration is too large");
    if (job->text.empty()) return say(console, "!No changes were found");
    console.put("Contextual Config Diffs:\n").put(job->text.text());
    return Poll::done;
  }

 private:
  static Poll say(cli::Console& console, std::string_view line) {
    console.put(line).put('\n');
    return Poll::done;
  }
  Poll read(cli::Console& console, const Path& path, Blob& to, bool& good) {
    if (path.view() == kRunning) return render(console, to, good);
    if (!load_.busy()) {
      Env& env = system_.env();
      if (load_.start(env.jobs, console.task(), std::make_unique<LoadJob>(env.store, path))) return Poll::pending;
      return say(console, "% System is busy, try again later");
    }
    auto job = load_.take();
    if (job == nullptr) return Poll::pending;
    good = job->result.has_value();
    if (good) {
      to = std::move(job->content);
      return Poll::done;
    }
    console.put("%Error opening ");
    put_display(console, path);
    console.put(" (").put(error_text(job->result.error().code)).put(")\n");
    return Poll::done;
  }
  Poll render(cli::Console& console, Blob& to, bool& good) {
    if (copy_ == nullptr) copy_ = std::make_unique<RunningCopy>(system_, console.task());
    if (copy_->step() != Poll::done) return Poll::pending;
    good = copy_->ok();
    if (!good) return say(console, "% The configuration is too large");
    to = std::move(copy_->text);
    copy_.reset();
    return Poll::done;
  }

  System& system_;
  Path paths_[2];
  Blob texts_[2];
  size_t have_ = 0;
  std::unique_ptr<RunningCopy> copy_;
  JobSlot<LoadJob> load_;
  JobSlot<DiffJob> diff_;
};

bool path_of(cli::Call& call, std::string_view typed, Path& path) {
  auto p = resolve(typed, call.module<System>().folder());
  if (p) path = *p;
  else call.out().put("%Error opening ").put(typed).put(" (").put(error_text(p.error().code)).put(")\n");
  return p.has_value();
}

}  // namespace

// Without names: what is not saved yet. With one: what it would change.
void do_show_differences(cli::Call& call, const TwoUrlArgs& a) {
  Path from, to;
  if (a.from.empty()) {
    (void)from.set(kStartup);
    (void)to.set(kRunning);
  } else if (a.to.empty()) {
    (void)from.set(kRunning);
    if (!path_of(call, a.from, to)) return;
  } else if (!path_of(call, a.from, from) || !path_of(call, a.to, to)) {
    return;
  }
  call.start(std::make_unique<DifferencesDialogue>(call.module<System>(), from, to));
}

}  // namespace parley::system
