// The scheduler: runnable queue, timers, wake-ups from threads, CPU accounting. The contract: platform/README.md.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/sched/scheduler.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>

#include "platform/base/result.h"
#include "platform/sched/timer_queue.h"

namespace parley {
namespace {

constexpr std::chrono::microseconds kWindow{5'000'000};

// Averages as IOS shows them: each 5 s window moves the value by 1 - exp(-5/60) and 1 - exp(-5/300).
constexpr uint64_t kOneMinuteShare = 79956;    // parts per million
constexpr uint64_t kFiveMinuteShare = 16529;

uint32_t moved(uint32_t average, uint32_t value, uint64_t share, uint64_t windows) {
  for (uint64_t i = 0; i < std::min<uint64_t>(windows, 400); ++i)
    average = static_cast<uint32_t>((average * (1'000'000 - share) + value * share) / 1'000'000);
  return average;
}

uint32_t ppm(uint64_t busy_us, uint64_t elapsed_us) {
  return static_cast<uint32_t>(std::min<uint64_t>(busy_us * 1'000'000 / elapsed_us, 1'000'000));
}

uint32_t to_u32(uint64_t v) { return static_cast<uint32_t>(std::min<uint64_t>(v, UINT32_MAX)); }

}  // namespace

struct Scheduler::Impl {
  struct Queue {
    Task* first = nullptr;
    Task* last = nullptr;
  };
  Waiter& waiter;
  Queue ready;               // runs in the next round
  Queue round;               // rest of the round under way
  Task* all_first = nullptr;
  Task* all_last = nullptr;
  Task* current = nullptr;
  uint32_t last_id = 0;
  TimerQueue timers;
  std::atomic<bool> stopping{false};
  std::mutex lock;           // guards from_thread and the two fields of tasks
  Task* from_thread = nullptr;
  std::atomic<bool> any_from_thread{false};
  Monotonic window_start;
  uint64_t window_us = 0;
  Load load{};
  HogHook hog = nullptr;
  void* hog_context = nullptr;

  Impl(Waiter& w, Monotonic now) : waiter(w), window_start(now) {}
  static void push(Queue& q, Task* t);
  static Task* pop(Queue& q);
  void take_off(Task* t);
  void unlist(Task* t);
  void collect_thread_wakes();
  void fire_timers(Monotonic now);
  void account(Monotonic now);
  void step(Task* t, Clock& clock);
  Millis sleep_time(Monotonic now, Millis idle) const;
};

void Scheduler::Impl::push(Queue& q, Task* t) {
  t->runnable_ = true;
  t->next_run_ = nullptr;
  t->prev_run_ = q.last;
  (q.last != nullptr ? q.last->next_run_ : q.first) = t;
  q.last = t;
}

Task* Scheduler::Impl::pop(Queue& q) {
  Task* t = q.first;
  if (t == nullptr) return nullptr;
  q.first = t->next_run_;
  (q.first != nullptr ? q.first->prev_run_ : q.last) = nullptr;
  t->next_run_ = nullptr;
  t->runnable_ = false;
  return t;
}

// Out of whichever queue it is in.
void Scheduler::Impl::take_off(Task* t) {
  if (!t->runnable_) return;
  Queue& q = (ready.first == t || ready.last == t) ? ready : round;
  if (t->prev_run_ != nullptr) t->prev_run_->next_run_ = t->next_run_; else q.first = t->next_run_;
  if (t->next_run_ != nullptr) t->next_run_->prev_run_ = t->prev_run_; else q.last = t->prev_run_;
  t->next_run_ = t->prev_run_ = nullptr;
  t->runnable_ = false;
}

void Scheduler::Impl::unlist(Task* t) {
  if (!t->listed_) return;
  t->listed_ = false;
  if (t->prev_all_ != nullptr) t->prev_all_->next_all_ = t->next_all_; else all_first = t->next_all_;
  if (t->next_all_ != nullptr) t->next_all_->prev_all_ = t->prev_all_; else all_last = t->prev_all_;
}

void Scheduler::Impl::collect_thread_wakes() {
  if (!any_from_thread.load(std::memory_order_acquire)) return;
  const std::lock_guard<std::mutex> hold(lock);
  any_from_thread = false;
  while (from_thread != nullptr) {
    Task* t = std::exchange(from_thread, from_thread->next_from_thread_);
    t->from_thread_ = false;
    t->wake();
  }
}

void Scheduler::Impl::fire_timers(Monotonic now) {
  while (Timer* t = timers.first()) {
    if (t->due_ > now) return;
    timers.remove(*t);
    t->running_ = false;
    t->fired_ = true;
    t->owner_.wake();
  }
}

void Scheduler::Impl::account(Monotonic now) {
  const auto elapsed = now - window_start;
  if (elapsed < kWindow) return;
  const auto elapsed_us = static_cast<uint64_t>(elapsed.count());
  const uint64_t windows = elapsed_us / static_cast<uint64_t>(kWindow.count());
  const auto settle = [&](uint64_t& busy_us, uint32_t& five_s, uint32_t& one_min, uint32_t& five_min) {
    five_s = ppm(busy_us, elapsed_us);
    one_min = moved(one_min, five_s, kOneMinuteShare, windows);
    five_min = moved(five_min, five_s, kFiveMinuteShare, windows);
    busy_us = 0;
  };
  for (Task* t = all_first; t != nullptr; t = t->next_all_)
    settle(t->window_us_, t->usage_.five_s_ppm, t->usage_.one_min_ppm, t->usage_.five_min_ppm);
  settle(window_us, load.five_s_ppm, load.one_min_ppm, load.five_min_ppm);
  window_start = now;
}

void Scheduler::Impl::step(Task* t, Clock& clock) {
  const Monotonic wall_begin = clock.now();
  const uint64_t cpu_begin = clock.cpu_us();
  current = t;
  const Poll poll = t->step();
  current = nullptr;
  const uint64_t used = clock.cpu_us() - cpu_begin;
  const auto wall = static_cast<uint64_t>((clock.now() - wall_begin).count());
  Task::Usage& usage = t->usage_;
  usage.runtime_us += used;
  usage.invoked += 1;
  usage.longest_us = std::max(usage.longest_us, to_u32(used));
  usage.longest_wall_us = std::max(usage.longest_wall_us, to_u32(wall));
  t->window_us_ += used;
  window_us += used;
  if (poll == Poll::again) t->wake();
  if (poll == Poll::done) {
    t->finished_ = true;
    take_off(t);
    unlist(t);
  }
  if (used > kBudgetUs && hog != nullptr) hog(hog_context, *t, to_u32(used));
}

Millis Scheduler::Impl::sleep_time(Monotonic now, Millis idle) const {
  if (ready.first != nullptr || any_from_thread || stopping) return Millis(0);
  Millis sleep = idle;
  // Rounded up: waking too early would only spin.
  if (const Timer* t = timers.first()) sleep = std::min(sleep, std::chrono::ceil<Millis>(t->due_ - now));
  return std::max(sleep, Millis(0));
}

Scheduler::Scheduler(Clock& clock, Waiter& waiter) : clock_(clock), impl_(new Impl(waiter, clock.now())) {}

Scheduler::~Scheduler() {
  PARLEY_CHECK(impl_->all_first == nullptr);  // tasks go before their scheduler
  delete impl_;
}

bool Scheduler::run_once(Millis idle) {
  Impl& s = *impl_;
  const Monotonic now = clock_.now();
  s.account(now);
  s.collect_thread_wakes();
  s.fire_timers(now);
  s.round = std::exchange(s.ready, {});
  while (Task* t = Impl::pop(s.round)) s.step(t, clock_);
  if (s.stopping) return false;
  s.waiter.wait(s.sleep_time(clock_.now(), idle));
  return !s.stopping;
}

void Scheduler::run() {
  while (run_once(Millis(5000))) {
  }
}

void Scheduler::stop() {
  impl_->stopping = true;
  impl_->waiter.interrupt();
}

bool Scheduler::stopping() const { return impl_->stopping; }
const Task* Scheduler::first_task() const { return impl_->all_first; }
const Task* Scheduler::next_task(const Task* t) const { return t->next_all_; }
Scheduler::Load Scheduler::load() const { return impl_->load; }

void Scheduler::on_hog(HogHook hook, void* context) {
  impl_->hog = hook;
  impl_->hog_context = context;
}

Task::Task(Scheduler& scheduler, const char* name) : scheduler_(scheduler), name_(name) {
  Scheduler::Impl& s = *scheduler_.impl_;
  id_ = ++s.last_id;
  prev_all_ = s.all_last;
  (s.all_last != nullptr ? s.all_last->next_all_ : s.all_first) = this;
  s.all_last = this;
}

Task::~Task() {
  Scheduler::Impl& s = *scheduler_.impl_;
  PARLEY_CHECK(s.current != this);
  s.take_off(this);
  s.unlist(this);
  const std::lock_guard<std::mutex> hold(s.lock);
  if (!from_thread_) return;
  Task** at = &s.from_thread;
  while (*at != this) at = &(*at)->next_from_thread_;
  *at = next_from_thread_;
}

void Task::wake() {
  if (!runnable_ && !finished_) Scheduler::Impl::push(scheduler_.impl_->ready, this);
}

void Task::wake_from_thread() {
  Scheduler::Impl& s = *scheduler_.impl_;
  {
    const std::lock_guard<std::mutex> hold(s.lock);
    if (from_thread_) return;
    from_thread_ = true;
    next_from_thread_ = s.from_thread;
    s.from_thread = this;
    s.any_from_thread.store(true, std::memory_order_release);
  }
  s.waiter.interrupt();
}

void Timer::start(Millis after) {
  stop();
  due_ = owner_.scheduler().clock().now() + after;
  running_ = true;
  owner_.scheduler().impl_->timers.insert(*this);
}

void Timer::stop() {
  if (running_) owner_.scheduler().impl_->timers.remove(*this);
  running_ = false;
  fired_ = false;
}

bool Timer::fired() { return std::exchange(fired_, false); }

Millis Timer::left() const {
  if (!running_) return Millis(0);
  const auto rest = std::chrono::ceil<Millis>(due_ - owner_.scheduler().clock().now());
  return std::max(rest, Millis(0));
}

}  // namespace parley
