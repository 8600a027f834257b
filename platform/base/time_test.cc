// Tests of the calendar against the C library.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/time.h"

#include <ctime>

#include <CppUTest/TestHarness.h>

using namespace parley;

TEST_GROUP(Calendar){};

TEST(Calendar, AgreesWithTheCLibrary) {
  // From year 0 to 9999 in steps of about 11 days that hit all hours.
  for (int64_t t = -62135596800; t < 253402300800; t += 987654) {
    const Calendar c = to_calendar(t);
    const std::time_t ct = static_cast<std::time_t>(t);
    std::tm want{};
    gmtime_r(&ct, &want);
    CHECK_EQUAL(want.tm_year + 1900, c.year);
    CHECK_EQUAL(want.tm_mon + 1, c.month);
    CHECK_EQUAL(want.tm_mday, c.day);
    CHECK_EQUAL(want.tm_hour, c.hour);
    CHECK_EQUAL(want.tm_min, c.minute);
    CHECK_EQUAL(want.tm_sec, c.second);
    CHECK_EQUAL(want.tm_wday, c.weekday);
    CHECK(from_calendar(c) == t);
  }
}

TEST(Calendar, LeapDays) {
  CHECK(from_calendar({2000, 2, 29, 0, 0, 0, 0}) == 951782400);
  CHECK_EQUAL(29, to_calendar(951782400).day);
  CHECK_EQUAL(3, to_calendar(from_calendar({2100, 2, 28, 23, 59, 59, 0}) + 1).month);
}

TEST(Calendar, Names) {
  STRCMP_EQUAL("Nov", month_name(11));
  STRCMP_EQUAL("Sun", weekday_name(0));
  CHECK_EQUAL(11, month_from_name("nov"));
  CHECK_EQUAL(11, month_from_name("November"));
  CHECK_EQUAL(5, month_from_name("May"));
  CHECK_EQUAL(0, month_from_name("No"));
  CHECK_EQUAL(0, month_from_name("Novx"));
  CHECK_EQUAL(6, month_from_name("June"));
}
