// Task, Timer: the cooperative part of the scheduler contract (platform/README.md).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/time.h"

namespace parley {

class Scheduler;

enum class Poll : uint8_t {
  pending,  // nothing more to do until something wakes this task
  again,    // has more to do; let the others run first
  done,     // the task has finished; it is taken off the scheduler (not destroyed)
};

// One unit of cooperative work. A socket, timer, mailbox or job of a task wakes it; step() then looks at all of them.
// step() may take 10 ms; a longer one is counted and reported as CPU hog.
// Destroying a task (from any task but itself) takes it off the scheduler.
class Task {
 public:
  Task(Scheduler& scheduler, const char* name);  // name: literal, shown by `show processes`
  virtual ~Task();
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  virtual Poll step() = 0;
  void wake();               // scheduler thread only; may be called any number of times
  void wake_from_thread();   // the same from any other thread

  Scheduler& scheduler() const { return scheduler_; }
  const char* name() const { return name_; }

  struct Usage {  // CPU time of step(); waiting for a lock or a disk shows only in longest_wall_us
    uint64_t runtime_us = 0;
    uint64_t invoked = 0;
    uint32_t longest_us = 0;
    uint32_t longest_wall_us = 0;
    uint32_t five_s_ppm = 0, one_min_ppm = 0, five_min_ppm = 0;  // share of CPU, parts per million
  };
  const Usage& usage() const { return usage_; }
  uint32_t id() const { return id_; }

 private:
  friend class Scheduler;
  Scheduler& scheduler_;
  const char* name_;
  uint32_t id_ = 0;
  Usage usage_;
  uint64_t window_us_ = 0;
  bool runnable_ = false;
  bool finished_ = false;
  bool listed_ = true;
  Task* next_all_ = nullptr;
  Task* prev_all_ = nullptr;
  Task* next_run_ = nullptr;
  Task* prev_run_ = nullptr;
  Task* next_from_thread_ = nullptr;   // guarded by the scheduler's lock, like the flag
  bool from_thread_ = false;
};

// A task owns its timers. fired() is true until asked, or until start() or stop(). start() again moves it; destruction stops it.
class Timer {
 public:
  explicit Timer(Task& owner) : owner_(owner) {}
  ~Timer() { stop(); }
  Timer(const Timer&) = delete;
  Timer& operator=(const Timer&) = delete;
  void start(Millis after);
  void stop();
  bool running() const { return running_; }
  bool fired();              // true once per expiry
  Millis left() const;       // 0 when not running

 private:
  friend class Scheduler;
  friend class TimerQueue;
  Task& owner_;
  Monotonic due_{};
  bool running_ = false;
  bool fired_ = false;
  Timer* child_ = nullptr;             // links of TimerQueue
  Timer* next_ = nullptr;
  Timer* prev_ = nullptr;
};

}  // namespace parley
