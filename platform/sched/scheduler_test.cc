// Tests of tasks, timers, mailboxes and CPU accounting over fake time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/sched/scheduler.h"

#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "platform/fake/fake_jobs.h"
#include "platform/fake/fake_time.h"
#include "platform/sched/mailbox.h"

using namespace parley;

namespace {

class Probe : public Task {
 public:
  Probe(Scheduler& s, const char* name, std::function<Poll()> f = nullptr) : Task(s, name), f_(std::move(f)) {}
  Poll step() override {
    ++steps;
    return f_ ? f_() : Poll::pending;
  }
  int steps = 0;

 private:
  std::function<Poll()> f_;
};

}  // namespace

TEST_GROUP(Scheduler) {
  fake::World w;
};

TEST(Scheduler, RunsWokenTasksInOrderAndOnce) {
  std::string order;
  Probe a(w.scheduler, "a", [&] { order += 'a'; return Poll::pending; });
  Probe b(w.scheduler, "b", [&] { order += 'b'; return Poll::pending; });
  b.wake();
  a.wake();
  b.wake();
  w.settle();
  CHECK_EQUAL(std::string("ba"), order);
}

TEST(Scheduler, AgainLetsTheOthersRun) {
  std::string order;
  int left = 3;
  Probe a(w.scheduler, "a", [&] { order += 'a'; return --left > 0 ? Poll::again : Poll::pending; });
  Probe b(w.scheduler, "b", [&] { order += 'b'; return Poll::pending; });
  a.wake();
  b.wake();
  w.settle();
  CHECK_EQUAL(std::string("abaa"), order);
}

TEST(Scheduler, WakeInsideTheOwnStepRunsOnceMore) {
  Probe* self = nullptr;
  Probe a(w.scheduler, "a", [&] { if (self->steps == 1) self->wake(); return Poll::pending; });
  self = &a;
  a.wake();
  w.settle();
  CHECK_EQUAL(2, a.steps);
}

TEST(Scheduler, DoneTasksNeverRunAgain) {
  Probe a(w.scheduler, "a", [] { return Poll::done; });
  a.wake();
  w.settle();
  a.wake();
  w.settle();
  CHECK_EQUAL(1, a.steps);
  CHECK(w.scheduler.first_task() == nullptr);
}

TEST(Scheduler, RunnableTaskCanBeDestroyedByAnother) {
  std::vector<std::unique_ptr<Probe>> victims;
  for (int i = 0; i < 3; ++i) victims.push_back(std::make_unique<Probe>(w.scheduler, "victim"));
  Probe killer(w.scheduler, "killer", [&] { victims.clear(); return Poll::pending; });
  Probe last(w.scheduler, "last");
  killer.wake();
  for (auto& v : victims) v->wake();
  last.wake();
  victims[1].reset();
  victims.erase(victims.begin() + 1);
  w.settle();
  CHECK_EQUAL(1, last.steps);
  CHECK(victims.empty());
}

TEST(Scheduler, TaskListKeepsTheOrderOfCreation) {
  Probe a(w.scheduler, "a");
  auto b = std::make_unique<Probe>(w.scheduler, "b");
  Probe c(w.scheduler, "c");
  b.reset();
  CHECK(w.scheduler.first_task() == &a);
  CHECK(w.scheduler.next_task(&a) == &c);
  CHECK(w.scheduler.next_task(&c) == nullptr);
  CHECK(c.id() > a.id());
}

TEST(Scheduler, TimersFireInOrderAtTheirTime) {
  std::string order;
  Probe* p = nullptr;
  std::unique_ptr<Timer> t1, t2, t3;
  Probe a(w.scheduler, "a", [&] {
    if (t1->fired()) order += '1';
    if (t2->fired()) order += '2';
    if (t3->fired()) order += '3';
    return Poll::pending;
  });
  p = &a;
  t1 = std::make_unique<Timer>(*p);
  t2 = std::make_unique<Timer>(*p);
  t3 = std::make_unique<Timer>(*p);
  t1->start(Millis(300));
  t2->start(Millis(100));
  t3->start(Millis(200));
  w.run_for(Millis(99));
  CHECK_EQUAL(std::string(), order);
  CHECK(t2->left() == Millis(1));
  w.run_for(Millis(1));
  CHECK_EQUAL(std::string("2"), order);
  t3->start(Millis(500));  // moved behind t1
  w.run_for(Millis(1000));
  CHECK_EQUAL(std::string("213"), order);
  t1->start(Millis(5));
  t1->stop();
  w.run_for(Millis(10));
  CHECK_EQUAL(std::string("213"), order);
  CHECK_FALSE(t1->running());
}

TEST(Scheduler, ManyTimersAgainstASortedModel) {
  std::mt19937 rng(7);
  Probe owner(w.scheduler, "owner");
  std::vector<std::unique_ptr<Timer>> timers;
  std::vector<int> due(300, -1);
  for (int i = 0; i < 300; ++i) timers.push_back(std::make_unique<Timer>(owner));
  int now = 0;
  for (int round = 0; round < 3000; ++round) {
    const size_t i = rng() % timers.size();
    switch (rng() % 4) {
      case 0: timers[i]->stop(); due[i] = -1; break;
      case 1: w.run_for(Millis(1)); ++now; break;
      default: { const int after = 1 + static_cast<int>(rng() % 400); timers[i]->start(Millis(after)); due[i] = now + after; }
    }
    for (size_t k = 0; k < timers.size(); ++k) {
      const bool expired = due[k] >= 0 && due[k] <= now;
      CHECK_EQUAL(expired, timers[k]->fired());
      if (expired) due[k] = -1;
      CHECK_EQUAL(due[k] >= 0, timers[k]->running());
    }
  }
}

TEST(Scheduler, MailboxWakesAndIsBounded) {
  Probe a(w.scheduler, "a");
  Mailbox<int, 2> box(a);
  CHECK(box.post(1).has_value());
  CHECK(box.post(2).has_value());
  CHECK(box.post(3).error().code == Code::full);
  w.settle();
  CHECK_EQUAL(1, a.steps);
  int v = 0;
  CHECK(box.take(v));
  CHECK_EQUAL(1, v);
  CHECK(box.take(v));
  CHECK_FALSE(box.take(v));
  CHECK_EQUAL(uint64_t{1}, box.refused());
}

TEST(Scheduler, WakeFromThreads) {
  Probe a(w.scheduler, "a");
  auto b = std::make_unique<Probe>(w.scheduler, "b");
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { for (int n = 0; n < 100; ++n) a.wake_from_thread(); b->wake_from_thread(); });
  for (auto& t : threads) t.join();
  b.reset();
  CHECK(w.interrupts() >= 2);
  w.settle();
  CHECK_EQUAL(1, a.steps);
}

TEST(Scheduler, AccountsCpuTimeAndReportsHogs) {
  struct Seen { std::string name; uint32_t us = 0; int n = 0; } seen;
  w.scheduler.on_hog([](void* c, const Task& t, uint32_t us) { auto* s = static_cast<Seen*>(c); s->name = t.name(); s->us = us; ++s->n; }, &seen);
  Probe hog(w.scheduler, "hog", [&] { w.clock.advance(std::chrono::milliseconds(500)); return Poll::pending; });
  Probe calm(w.scheduler, "calm", [&] { w.clock.advance(std::chrono::milliseconds(10)); return Poll::pending; });
  calm.wake();
  hog.wake();
  w.run_for(Millis(4999));
  w.run_for(Millis(1));
  CHECK_EQUAL(std::string("hog"), seen.name);
  CHECK_EQUAL(500000u, seen.us);
  CHECK_EQUAL(1, seen.n);
  CHECK_EQUAL(500000u, hog.usage().longest_us);
  CHECK_EQUAL(uint64_t{1}, hog.usage().invoked);
  CHECK(hog.usage().five_s_ppm > 99000 && hog.usage().five_s_ppm <= 100000);
  CHECK(w.scheduler.load().five_s_ppm > 101000 && w.scheduler.load().five_s_ppm <= 102000);
  CHECK(hog.usage().one_min_ppm > 7900 && hog.usage().one_min_ppm < 8000);
  CHECK(hog.usage().five_min_ppm > 1600 && hog.usage().five_min_ppm < 1700);
  w.run_for(Seconds(300));
  calm.wake();
  w.settle();
  CHECK_EQUAL(0u, hog.usage().five_s_ppm);
  CHECK(hog.usage().one_min_ppm < 100);
}

TEST(Scheduler, StopEndsTheRun) {
  Probe a(w.scheduler, "a", [&] { w.scheduler.stop(); return Poll::pending; });
  a.wake();
  w.scheduler.run();
  CHECK(w.scheduler.stopping());
  CHECK_EQUAL(1, a.steps);
}

namespace {

struct Square final : Job {
  explicit Square(int v) : value(v) {}
  void run() override { value *= value; }
  int value;
};

}  // namespace

TEST_GROUP(JobSlot) {
  fake::World w;
};

TEST(JobSlot, DeliversOnceAndDropsCancelledResults) {
  fake::FakeJobs jobs(fake::FakeJobs::Mode::stepped, 2);
  Probe a(w.scheduler, "a");
  {
    JobSlot<Square> one, two, three;
    CHECK(one.start(jobs, a, std::make_unique<Square>(3)).has_value());
    CHECK(two.start(jobs, a, std::make_unique<Square>(4)).has_value());
    CHECK(three.start(jobs, a, std::make_unique<Square>(5)).error().code == Code::busy);
    CHECK_FALSE(three.busy());
    CHECK(one.take() == nullptr);
    CHECK(jobs.step());
    w.settle();
    CHECK_EQUAL(1, a.steps);
    CHECK_EQUAL(9, one.take()->value);
    CHECK(one.take() == nullptr);
    two.cancel();
    CHECK_FALSE(jobs.step());
    CHECK(three.start(jobs, a, std::make_unique<Square>(5)).has_value());
  }
  CHECK_EQUAL(size_t{0}, jobs.untaken());
}
