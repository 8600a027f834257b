// A configuration file bound into a scratch engine, and how the router would differ.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/dry_run.h"

#include "modules/system/factory_lines.h"

namespace parley::system {
namespace {

constexpr size_t kLinesPerStep = 200;
constexpr size_t kMostRestarts = 5;
constexpr const char* kBusy = "% System is busy, try again later";
constexpr const char* kMemory = "% The configuration is too large";

}  // namespace

DryRun::DryRun(System& system, Task& owner, Blob text) : system_(system), owner_(owner), text_(std::move(text)) {}

bool DryRun::begin() {
  check_.reset();
  engine_ = system_.env().cli.scratch();
  changes_ = system_.env().cli.changes();
  if (engine_ == nullptr) return false;
  check_ = std::make_unique<LineCheck>(*engine_, owner_, text_.text(), system_.hostname());
  Blob factory;
  put_factory_lines(system_.env().links, factory);
  check_->factory(factory.text());
  render_ = std::make_unique<cli::RunningText>(*engine_, cli::PrintScope::running);
  copy_ = std::make_unique<RunningCopy>(system_, owner_);
  at_ = At::lines;
  return true;
}

Poll DryRun::fail(const char* why) {
  failure_ = why;
  at_ = At::done;
  return Poll::done;
}

// The rules of the modules need the whole configuration in its place: for the length of this call, and nothing is applied.
void DryRun::look_at_whole() {
  const char* wrong = system_.env().cli.verify_with(*engine_);
  if (wrong != nullptr) {
    Finding f;
    f.line = check_->lines();
    f.column = 1;
    std::string_view text = wrong;
    if (text.starts_with("% ")) text.remove_prefix(2);
    (void)f.text.set(text.substr(0, f.text.kCapacity));
    (void)check_->findings().push(f);
  }
  if (PhoneImpact* phones = system_.env().services.find<PhoneImpact>()) phones_ = phones->affected(text_.text(), check_->findings());
}

Poll DryRun::step() {
  if (at_ == At::done) return Poll::done;
  if (at_ != At::begin && at_ != At::compare && !current()) {
    if (++restarts_ > kMostRestarts) return fail("% The configuration is being changed by another session, try again later");
    at_ = At::begin;
  }
  switch (at_) {
    case At::begin:
      if (!begin()) return fail(kMemory);
      break;
    case At::lines:
      if (check_->run(kLinesPerStep)) at_ = At::whole;
      break;
    case At::whole:
      look_at_whole();
      at_ = At::render;
      break;
    case At::render:
      if (render_->step(cli::RunningHead{}, wanted_)) at_ = At::running;
      break;
    case At::running:
      if (copy_->step() != Poll::done) return Poll::pending;
      return compare();
    case At::compare: {
      auto job = slot_.take();
      if (job == nullptr) return Poll::pending;
      running_ = std::move(job->from);
      differences_ = std::move(job->text);
      if (!differences_.ok()) return fail(kMemory);
      at_ = At::done;
      return Poll::done;
    }
    case At::done: return Poll::done;
  }
  owner_.wake();
  return Poll::pending;
}

Poll DryRun::compare() {
  if (!copy_->ok() || !wanted_.ok()) return fail(kMemory);
  auto job = std::make_unique<DiffJob>(std::move(copy_->text), std::move(wanted_));
  if (!slot_.start(system_.env().jobs, owner_, std::move(job))) return fail(kBusy);
  at_ = At::compare;
  return Poll::pending;
}

void DryRun::report(Writer& out) const {
  constexpr std::string_view kKinds[] = {"error", "warning", "phones"};
  for (const Finding& f : check_->findings()) {
    char place[32];
    FixedWriter w(place);
    w.put(':').dec(f.column);
    const std::string_view kind = kKinds[static_cast<size_t>(f.kind)];
    out.dec(f.line, 5).put(w.view()).pad(w.view().size() < 5 ? 5 - w.view().size() : 1);
    out.put(kind).pad(9 - kind.size()).put(f.text).put('\n');
  }
  out.put("Lines ").dec(check_->lines()).put(", accepted ").dec(check_->accepted()).put(", errors ").dec(errors());
  out.put(", warnings ").dec(check_->count(FindingKind::warning)).put(", phones affected ").dec(phones_).put('\n');
}

}  // namespace parley::system
