// Tests of Writer, Text and the ASCII functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/text.h"

#include <cstring>
#include <limits>
#include <string>

#include <CppUTest/TestHarness.h>

using namespace parley;

namespace {

template <class F>
std::string written(F f) {
  char buffer[200];
  FixedWriter w(buffer);
  f(w);
  return std::string(w.view());
}
#define WRITTEN(expected, call) CHECK_EQUAL(std::string(expected), written([](Writer& w) { w.call; }))

}  // namespace

TEST_GROUP(Text){};

TEST(Text, Numbers) {
  WRITTEN("0", dec(0));
  WRITTEN("-9223372036854775808", dec(std::numeric_limits<int64_t>::min()));
  WRITTEN("007", dec(7, 3, '0'));
  WRITTEN("-07", dec(-7, 3, '0'));
  WRITTEN(" -7", dec(-7, 3));
  WRITTEN("1234", dec(1234, 2));
  WRITTEN("0A", hex(10, 2));
  WRITTEN("ffffffffffffffff", hex(~uint64_t{0}, 1, false));
  WRITTEN("DEAD00", hex_bytes("\xde\xad\0", 3));
  WRITTEN("10.13.32.255", ipv4(0x0a0d20ff));
}

TEST(Text, Columns) {
  WRITTEN("ab  |", left("ab", 4).put('|'));
  WRITTEN("  ab|", right("ab", 4).put('|'));
  WRITTEN("abcdef|", left("abcdef", 4).put('|'));
  CHECK_EQUAL(size_t{150}, written([](Writer& w) { w.pad(150, '-'); }).size());
}

TEST(Text, OverflowIsRemembered) {
  char buffer[4];
  FixedWriter w(buffer);
  w.put("abcdef").put("g");
  CHECK_FALSE(w.ok());
  CHECK_EQUAL(std::string("abcd"), std::string(w.view()));
  w.reset();
  CHECK(w.ok());
}

TEST(Text, StoredText) {
  Text<4> t("abcd");
  CHECK_FALSE(t.set("abcde"));
  CHECK_FALSE(t.set(std::string_view("a\0b", 3)));
  CHECK_EQUAL(std::string("abcd"), std::string(t.view()));
  CHECK(t.set("x"));
  Text<4> other("x");
  CHECK(std::memcmp(&t, &other, sizeof t) == 0);
}

TEST(Text, ParseDecimal) {
  uint64_t v = 1;
  CHECK(parse_dec("0", 0, v));
  CHECK_EQUAL(0u, v);
  CHECK(parse_dec("18446744073709551615", ~uint64_t{0}, v));
  CHECK(v == ~uint64_t{0});
  CHECK_FALSE(parse_dec("18446744073709551616", ~uint64_t{0}, v));
  CHECK(parse_dec("0255", 255, v));
  CHECK_FALSE(parse_dec("256", 255, v));
  CHECK_FALSE(parse_dec("7", 3, v));
  CHECK(parse_dec("7", 7, v));
  CHECK_FALSE(parse_dec("", 9, v));
  CHECK_FALSE(parse_dec("+1", 9, v));
  CHECK_FALSE(parse_dec("1 ", 9, v));
}

TEST(Text, ParseAddress) {
  uint32_t ip = 0;
  CHECK(parse_ipv4("10.13.32.11", ip));
  CHECK_EQUAL(0x0a0d200bu, ip);
  CHECK(parse_ipv4("255.255.255.255", ip));
  const char* bad[] = {"", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1..3.4", "1.2.3.", ".1.2.3", "1.2.3.4 ", "0255.1.1.1", "a.b.c.d"};
  for (const char* s : bad) CHECK_FALSE(parse_ipv4(s, ip));
}

TEST(Text, AsciiFunctions) {
  CHECK(equal_nocase("HeLLo", "hEllO"));
  CHECK_FALSE(equal_nocase("hello", "hell"));
  CHECK(starts_nocase("GigabitEthernet", "giga"));
  CHECK_FALSE(starts_nocase("gi", "giga"));
  CHECK(trim(" \t a b\r\n") == "a b");
  CHECK(trim(" \r\n").empty());
  CHECK_EQUAL(15, hex_digit('f'));
  CHECK_EQUAL(10, hex_digit('A'));
  CHECK_EQUAL(-1, hex_digit('g'));
}
