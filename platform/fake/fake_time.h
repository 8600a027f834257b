// A clock that stands still until told, and a waiter that lets it pass.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

#include "platform/base/time.h"
#include "platform/sched/scheduler.h"

namespace parley::fake {

class FakeClock final : public Clock {
 public:
  static constexpr UnixTime kStart = 1795262401;  // 2026-11-21 12:00:01 UTC
  Monotonic now() const override { return now_; }
  UnixTime wall() const override { return wall_us() / 1'000'000; }
  uint32_t wall_ms() const override { return static_cast<uint32_t>(wall_us() / 1000 % 1000); }
  void set_wall(UnixTime t) override { wall_at_zero_us_ = t * 1'000'000 - now_.time_since_epoch().count(); }
  void advance(std::chrono::microseconds by) { now_ += by; }

 private:
  int64_t wall_us() const { return wall_at_zero_us_ + now_.time_since_epoch().count(); }
  Monotonic now_{std::chrono::seconds(100)};
  int64_t wall_at_zero_us_ = (kStart - 100) * 1'000'000;
};

// Scheduler with fake time: `World w; MyTask t(w.scheduler); w.run_for(Seconds(30));`
class World final : private Waiter {
 public:
  World() : scheduler(clock, *this) {}
  // Runs until nothing is runnable; time stands still.
  void settle() { run_for(Millis(0)); }
  // Runs everything that happens within this time, timers at their exact moment.
  void run_for(Millis time);
  uint32_t interrupts() const { return interrupts_; }

  FakeClock clock;
  Scheduler scheduler;

 private:
  void wait(Millis at_most) override;
  void interrupt() override { ++interrupts_; }
  Monotonic until_{};
  bool idle_ = false;
  std::atomic<uint32_t> interrupts_{0};
};

}  // namespace parley::fake
