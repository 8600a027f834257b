// Scheduler: one thread runs all tasks; timers; CPU accounting.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/sched/task.h"

namespace parley {

// What the scheduler sleeps on. posix: epoll over sockets and a wake-up pipe; fake: advances the fake clock.
class Waiter {
 public:
  virtual ~Waiter() = default;
  virtual void wait(Millis at_most) = 0;   // returns early when a socket is ready or interrupt() was called
  virtual void interrupt() = 0;            // from any thread
};

class Scheduler {
 public:
  Scheduler(Clock& clock, Waiter& waiter);
  ~Scheduler();

  // Runs everything that is runnable once, then waits for at most `idle`. False when stop() was called.
  bool run_once(Millis idle);
  void run();          // until stop()
  void stop();
  bool stopping() const;

  Clock& clock() const { return clock_; }
  static constexpr uint32_t kBudgetUs = 10000;

  // For `show processes`; order of creation.
  const Task* first_task() const;
  const Task* next_task(const Task* t) const;
  struct Load { uint32_t five_s_ppm, one_min_ppm, five_min_ppm; };
  Load load() const;
  // Called after a step that was longer than the budget (the log message is made by the owner of the hook).
  using HogHook = void (*)(void* context, const Task& task, uint32_t step_us);
  void on_hog(HogHook hook, void* context);

 private:
  friend class Task;
  friend class Timer;
  struct Impl;
  Clock& clock_;
  Impl* impl_;
};

}  // namespace parley
