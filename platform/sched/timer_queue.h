// Running timers, earliest first: a pairing heap inside the timers themselves, so starting one never allocates.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/sched/task.h"

namespace parley {

class TimerQueue {
 public:
  Timer* first() const { return root_; }
  void insert(Timer& t);
  void remove(Timer& t);    // t is in the queue

 private:
  static Timer* meld(Timer* a, Timer* b);
  static Timer* meld_siblings(Timer* first);
  Timer* root_ = nullptr;
};

}  // namespace parley
