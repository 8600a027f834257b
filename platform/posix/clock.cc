// Clocks by clock_gettime.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/clock.h"

#include <cstdlib>
#include <ctime>

#include "platform/base/text.h"

namespace parley::posix {
namespace {

int64_t read_us(clockid_t id) {
  timespec t{};
  (void)::clock_gettime(id, &t);
  return int64_t{t.tv_sec} * 1'000'000 + t.tv_nsec / 1000;
}

}  // namespace

Monotonic PosixClock::now() const { return Monotonic(std::chrono::microseconds(read_us(CLOCK_MONOTONIC))); }

uint64_t PosixClock::cpu_us() const { return static_cast<uint64_t>(read_us(CLOCK_THREAD_CPUTIME_ID)); }

// A board without a battery: `clock set` is still to come (README).
PosixClock::PosixClock() {
  const char* text = std::getenv("PARLEY_TEST_CLOCK");
  uint64_t start = 0;
  if (text != nullptr && parse_dec(text, UINT32_MAX, start)) set_wall(static_cast<UnixTime>(start));
}

int64_t PosixClock::wall_us() const {
  const int64_t host = read_us(CLOCK_REALTIME);
  const std::lock_guard<std::mutex> hold(lock_);
  return host + offset_us_;
}

void PosixClock::set_wall(UnixTime t) {
  const int64_t host = read_us(CLOCK_REALTIME);
  const std::lock_guard<std::mutex> hold(lock_);
  offset_us_ = t * 1'000'000 - host;
}

}  // namespace parley::posix
