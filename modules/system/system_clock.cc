// clock set, and the time of day as text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/clock_text.h"
#include "modules/system/system.h"
#include "modules/system/system_actions.h"

namespace parley::system {
namespace {

bool day_exists(int year, int month, int day) {
  const Calendar c{year, month, day, 0, 0, 0, 0};
  const Calendar back = to_calendar(from_calendar(c));
  return back.month == month && back.day == day;
}

}  // namespace

namespace {
void put_parts(Writer& out, UnixTime t, const uint32_t* ms, const Zone& zone) {
  const Calendar c = to_calendar(t + int64_t{zone.offset_min} * 60);
  out.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0');
  if (ms != nullptr) out.put('.').dec(*ms, 3, '0');
  out.put(' ').put(zone.name).put(' ').put(weekday_name(c.weekday)).put(' ').put(month_name(c.month)).put(' ');
  out.dec(c.day).put(' ').dec(c.year);
}
}  // namespace

void put_clock(Writer& out, UnixTime t, uint32_t ms, const Zone& zone) { put_parts(out, t, &ms, zone); }
void put_moment(Writer& out, UnixTime t, const Zone& zone) { put_parts(out, t, nullptr, zone); }

// The time is typed as local time.
void do_clock_set(cli::Call& call, const ClockArgs& a) {
  System& s = call.module<System>();
  const int day = a.order == 0 ? a.day1 : a.day2;
  const int month = a.order == 0 ? a.month1 : a.month2;
  if (!day_exists(a.year, month, day)) {
    call.out().put("% Invalid date\n");
    return;
  }
  const Calendar c{a.year, month, day, 0, 0, 0, 0};
  s.set_clock(from_calendar(c) + a.time - int64_t{s.zone().offset_min} * 60, *call.console);
}

}  // namespace parley::system
