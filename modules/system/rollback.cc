// A replaced configuration that waits to be confirmed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/rollback.h"

#include "modules/system/system.h"
#include "modules/system/system_messages.h"
#include "platform/log/log.h"

namespace parley::system {

Rollback::Rollback(System& system) : Task(system.env().scheduler, "Rollback"), system_(system), timer_(*this), retry_(*this) {}

void Rollback::begin(std::unique_ptr<cli::Engine> old, uint32_t minutes) {
  old_ = std::move(old);
  timer_.start(Millis(int64_t{minutes} * 60000));
  system_.env().log(kMsgRollbackWaits, minutes);
}

void Rollback::settle() {
  timer_.stop();
  old_.reset();
  forget_file();
}

void Rollback::revert() {
  timer_.stop();
  cli::Engine& live = system_.env().cli;
  live.swap(*old_);
  live.apply_all();
  system_.reverted();
  system_.env().log(kMsgRolledBack);
  old_.reset();
  forget_file();
}

Poll Rollback::step() {
  (void)retry_.fired();
  if (timer_.fired() && pending()) revert();
  (void)slot_.take();
  if (!remove_ || slot_.busy()) return Poll::pending;
  Env& env = system_.env();
  if (slot_.start(env.jobs, *this, std::make_unique<ChangeJob>(env.store, ChangeJob::What::remove, Path(kRollback)))) remove_ = false;
  else retry_.start(Millis(100));
  return Poll::pending;
}

}  // namespace parley::system
