// The running-config as text, made in pieces by the task of a command.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/show_running.h"
#include "modules/system/system.h"
#include "platform/sched/task.h"

namespace parley::system {

class RunningCopy {
 public:
  RunningCopy(System& system, Task& owner, cli::PrintScope scope = cli::PrintScope::running)
      : system_(system), owner_(owner), timer_(owner), text_(system.env().cli, scope) {}

  // done: the text is complete, or ok() is false. pending: the owner is woken. A plain secret is never shown or stored: as long
  // as one waits for its hash, nothing begins.
  Poll step() {
    (void)timer_.fired();
    if (!system_.secrets_settled()) {
      timer_.start(Millis(20));
      return Poll::pending;
    }
    cli::RunningHead head;
    system_.running_head(head);
    if (text_.step(head, text)) return Poll::done;
    owner_.wake();
    return Poll::pending;
  }
  bool ok() const { return text.ok(); }

  Blob text;

 private:
  System& system_;
  Task& owner_;
  Timer timer_;
  cli::RunningText text_;
};

}  // namespace parley::system
