// Time: monotonic durations for timers, wall-clock seconds for certificates, calendar conversion.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <string_view>

#include "platform/base/text.h"

namespace parley {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;
using Monotonic = std::chrono::time_point<std::chrono::steady_clock, std::chrono::microseconds>;
using UnixTime = int64_t;  // seconds since 1970, UTC

struct Calendar {  // UTC unless an offset was added before
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  int weekday = 4;  // 0 = Sunday
};
Calendar to_calendar(UnixTime t);
UnixTime from_calendar(const Calendar& c);        // fields in range; weekday ignored
const char* month_name(int month);                // "Jan"
const char* weekday_name(int weekday);            // "Sun"
int month_from_name(std::string_view s);          // "Nov", "november" -> 11; 0 = none

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Monotonic now() const = 0;
  virtual UnixTime wall() const = 0;
  virtual uint32_t wall_ms() const = 0;           // 0..999 within the second
  // CPU time of the calling thread; only differences mean something.
  virtual uint64_t cpu_us() const { return static_cast<uint64_t>(now().time_since_epoch().count()); }
  virtual void set_wall(UnixTime t) = 0;          // `clock set`, SNTP: shifts our wall clock, not the host's
};

}  // namespace parley
