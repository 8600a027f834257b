// Tests of worker threads, the poller and the clocks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/jobs.h"

#include <atomic>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "platform/posix/clock.h"
#include "platform/posix/poller.h"
#include "platform/posix/random.h"
#include "platform/sched/scheduler.h"

using namespace parley;
using namespace parley::posix;

namespace {

std::atomic<int> g_alive{0};

struct Work final : Job {
  explicit Work(std::atomic<bool>* gate_in = nullptr) : gate(gate_in) { ++g_alive; }
  ~Work() override { --g_alive; }
  void run() override {
    while (gate != nullptr && !*gate) std::this_thread::yield();
    done = true;
  }
  std::atomic<bool>* gate;
  bool done = false;
};

struct Owner final : Task {
  explicit Owner(Scheduler& s) : Task(s, "owner") {}
  Poll step() override { ++steps; return Poll::pending; }
  int steps = 0;
};

}  // namespace

TEST_GROUP(ThreadJobs) {
  PosixClock clock;
  std::unique_ptr<Poller> poller = Poller::make().value();
  Scheduler scheduler{clock, *poller};
  Owner owner{scheduler};
  std::unique_ptr<ThreadJobs> jobs = ThreadJobs::make(2, 4).value();
  std::atomic<bool> gate{false};
  bool run_until(int steps) {
    for (int i = 0; i < 2000 && owner.steps < steps; ++i) scheduler.run_once(Millis(10));
    return owner.steps >= steps;
  }
};

TEST(ThreadJobs, RunsAndWakesTheOwner) {
  JobSlot<Work> slot;
  CHECK(slot.start(*jobs, owner, std::make_unique<Work>()).has_value());
  CHECK(run_until(1));
  auto work = slot.take();
  CHECK(work != nullptr && work->done);
  CHECK_FALSE(slot.busy());
  work.reset();
  CHECK_EQUAL(0, g_alive.load());
}

TEST(ThreadJobs, QueueIsBounded) {
  std::vector<JobId> ids;
  for (int i = 0; i < 4; ++i) ids.push_back(*jobs->submit(owner, std::make_unique<Work>(&gate), JobClass::normal));
  CHECK(jobs->submit(owner, std::make_unique<Work>(), JobClass::normal).error().code == Code::busy);
  CHECK_EQUAL(size_t{4}, jobs->pending());
  gate = true;
  for (int i = 0; i < 2000 && jobs->pending() > 0; ++i) scheduler.run_once(Millis(5));
  for (const JobId id : ids) {
    CHECK(jobs->take(id) != nullptr);
    CHECK(jobs->take(id) == nullptr);
  }
  CHECK(jobs->submit(owner, std::make_unique<Work>(), JobClass::normal).has_value());
}

TEST(ThreadJobs, CancelDropsWaitingRunningAndLateResults) {
  const JobId running = *jobs->submit(owner, std::make_unique<Work>(&gate), JobClass::slow);
  const JobId waiting = *jobs->submit(owner, std::make_unique<Work>(&gate), JobClass::slow);
  std::this_thread::sleep_for(Millis(20));
  jobs->cancel(waiting);
  jobs->cancel(running);
  jobs->cancel(running);
  jobs->cancel(12345);
  CHECK(jobs->take(running) == nullptr);
  gate = true;
  for (int i = 0; i < 2000 && g_alive > 0; ++i) std::this_thread::sleep_for(Millis(1));
  CHECK_EQUAL(0, g_alive.load());
  scheduler.run_once(Millis(0));
  CHECK_EQUAL(0, owner.steps);
  CHECK_EQUAL(size_t{0}, jobs->pending());
}

TEST(ThreadJobs, SlowJobsDoNotHoldUpNormalOnes) {
  const JobId slow = *jobs->submit(owner, std::make_unique<Work>(&gate), JobClass::slow);
  JobSlot<Work> quick;
  CHECK(quick.start(*jobs, owner, std::make_unique<Work>()).has_value());
  CHECK(run_until(1));
  CHECK(quick.take() != nullptr);
  gate = true;
  jobs->cancel(slow);
}

TEST(ThreadJobs, CancelAllOfAnOwnerAndShutdown) {
  {
    Owner gone(scheduler);
    for (int i = 0; i < 3; ++i) CHECK(jobs->submit(gone, std::make_unique<Work>(&gate), JobClass::normal).has_value());
    jobs->cancel_all(gone);
  }
  CHECK(jobs->submit(owner, std::make_unique<Work>(&gate), JobClass::normal).has_value());
  gate = true;
  jobs.reset();
  CHECK_EQUAL(0, g_alive.load());
}

TEST_GROUP(PosixClock){};

TEST(PosixClock, WallClockCanBeSet) {
  PosixClock clock;
  clock.set_wall(1000);
  CHECK(clock.wall() >= 1000 && clock.wall() < 1010);
  CHECK(clock.wall_ms() < 1000);
  const Monotonic before = clock.now();
  CHECK(clock.now() >= before);
}

TEST(PosixClock, RandomBytesDiffer) {
  PosixRandom random;
  uint8_t a[32] = {}, b[32] = {};
  CHECK(random.fill(a).has_value());
  CHECK(random.fill(b).has_value());
  CHECK_FALSE(equal_bytes(a, b));
}
