// Gregorian calendar, without the C library's time zones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/time.h"

namespace parley {
namespace {

constexpr int64_t kDay = 86400;
constexpr const char* kMonths[] = {"January", "February", "March",     "April",   "May",      "June",
                                   "July",    "August",   "September", "October", "November", "December"};
constexpr const char* kShortMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr const char* kWeekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

constexpr int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

bool leap(int64_t year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int month_days(int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : kDays[month - 1];
}

// Days from 1970-01-01 to January 1st of the year.
int64_t days_before_year(int64_t year) {
  const int64_t y = year - 1;
  return (year - 1970) * 365 + (floor_div(y, 4) - floor_div(1969, 4)) - (floor_div(y, 100) - floor_div(1969, 100)) +
         (floor_div(y, 400) - floor_div(1969, 400));
}

}  // namespace

Calendar to_calendar(UnixTime t) {
  Calendar c;
  int64_t days = floor_div(t, kDay);
  const int64_t second = t - days * kDay;
  c.hour = static_cast<int>(second / 3600);
  c.minute = static_cast<int>(second / 60 % 60);
  c.second = static_cast<int>(second % 60);
  c.weekday = static_cast<int>((days % 7 + 11) % 7);  // day 0 was a Thursday (4)
  // 146097 days are 400 years; the estimate is at most one year off.
  int64_t year = 1970 + floor_div(days * 400, 146097);
  while (days_before_year(year) > days) --year;
  while (days_before_year(year + 1) <= days) ++year;
  days -= days_before_year(year);
  c.year = static_cast<int>(year);
  c.month = 1;
  while (days >= month_days(year, c.month)) days -= month_days(year, c.month++);
  c.day = static_cast<int>(days) + 1;
  return c;
}

UnixTime from_calendar(const Calendar& c) {
  int64_t days = days_before_year(c.year) + c.day - 1;
  for (int m = 1; m < c.month; ++m) days += month_days(c.year, m);
  return days * kDay + c.hour * 3600 + c.minute * 60 + c.second;
}

const char* month_name(int month) { return month >= 1 && month <= 12 ? kShortMonths[month - 1] : "???"; }
const char* weekday_name(int weekday) { return weekday >= 0 && weekday <= 6 ? kWeekdays[weekday] : "???"; }

int month_from_name(std::string_view s) {
  if (s.size() < 3) return 0;
  for (int m = 0; m < 12; ++m)
    if (starts_nocase(kMonths[m], s)) return m + 1;
  return 0;
}

}  // namespace parley
