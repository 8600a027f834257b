// Tests of log lines, levels, limits, buffer and sinks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/log/log_core.h"

#include <string>
#include <thread>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "platform/fake/fake_time.h"

using namespace parley;

namespace {

constexpr LogMessage kConfig{"SYS", 5, "CONFIG_I", "Configured from {} by {}", "", ""};
constexpr LogMessage kError{"CAPF", 3, "BAD", "Phone {} at {} failed {} times", "", ""};
constexpr LogMessage kChat{"TEST", 7, "CHAT", "chat", "", ""};

struct Sink final : LogSink {
  void deliver(const LogLine& l) override { lines.emplace_back(l.text); last = l.severity; debug = l.debug; }
  std::vector<std::string> lines;
  int last = -1;
  bool debug = false;
};

}  // namespace

TEST_GROUP(Log) {
  fake::World w;
  LogCore log{w.scheduler, 1 << 20};
  Sink console;
  void setup() override {
    log.add_sink(LogTarget::console, console);
    w.clock.advance(Millis(344));
  }
  std::vector<std::string> buffered() {
    std::vector<std::string> out;
    log.each_buffered([](void* c, std::string_view l) { static_cast<std::vector<std::string>*>(c)->emplace_back(l); }, &out);
    return out;
  }
  std::string line(LogStamp s) {
    log.set_stamp(s, s);
    log(kConfig, "console", "vty0");
    return buffered().back();
  }
};

TEST(Log, TheLineOfIos) {
  w.clock.advance(Millis(1));
  log(kConfig, "console", "console");
  w.settle();
  CHECK_EQUAL(size_t{1}, console.lines.size());
  CHECK_EQUAL(std::string("*Nov 21 12:00:01.345: %SYS-5-CONFIG_I: Configured from console by console"), console.lines[0]);
  CHECK_EQUAL(5, console.last);
  CHECK(buffered() == console.lines);
}

TEST(Log, ArgumentsOfAllKinds) {
  log.set_stamp({LogStamp::Kind::none}, {});
  log(kError, Text<20>("SEP\x1b\x80\n"), LogArg::ip(0x0a0d200b), -3);
  CHECK_EQUAL(std::string("%CAPF-3-BAD: Phone SEP... at 10.13.32.11 failed -3 times"), buffered()[0]);
  log(kError, "one");
  CHECK_EQUAL(std::string("%CAPF-3-BAD: Phone one at  failed  times"), buffered()[1]);
  log(kConfig, std::string(1000, 'x'), "");
  CHECK_EQUAL(size_t{480}, buffered()[2].size());
}

TEST(Log, TimeStamps) {
  const std::string tail = "%SYS-5-CONFIG_I: Configured from console by vty0";
  LogStamp s;
  s.msec = false;
  CHECK_EQUAL("*Nov 21 12:00:01: " + tail, line(s));
  s.year = s.show_timezone = s.msec = true;
  CHECK_EQUAL("*Nov 21 2026 12:00:01.344 UTC: " + tail, line(s));
  log.set_zone({Text<7>("CET"), 3600});
  CHECK_EQUAL("*Nov 21 2026 12:00:01.344 UTC: " + tail, line(s));
  s.localtime = true;
  log.set_clock_mark("");
  CHECK_EQUAL("Nov 21 2026 13:00:01.344 CET: " + tail, line(s));
  w.clock.set_wall(from_calendar({2026, 3, 1, 23, 30, 0, 0}));
  log.set_clock_mark(".");
  CHECK_EQUAL(".Mar  2 2026 00:30:00.000 CET: " + tail, line(s));
  CHECK_EQUAL(tail, line({LogStamp::Kind::none}));
  CHECK_EQUAL("00:00:00: " + tail, line({LogStamp::Kind::uptime}));
  w.clock.advance(std::chrono::hours(26));
  CHECK_EQUAL("1d02h: " + tail, line({LogStamp::Kind::uptime}));
  w.clock.advance(std::chrono::hours(24 * 8));
  CHECK_EQUAL("1w2d: " + tail, line({LogStamp::Kind::uptime}));
  w.clock.advance(std::chrono::hours(24 * 370));
  CHECK_EQUAL("1y2w: " + tail, line({LogStamp::Kind::uptime}));
}

TEST(Log, LevelsPerTarget) {
  Sink trap;
  log.add_sink(LogTarget::trap, trap);
  log.set_level(LogTarget::console, 4);
  log.set_level(LogTarget::buffer, LogCore::kOff);
  log(kConfig, 1, 2);
  log(kError, 1, 2, 3);
  log(kChat);
  w.settle();
  CHECK_EQUAL(size_t{1}, console.lines.size());
  CHECK_EQUAL(size_t{2}, trap.lines.size());
  CHECK(buffered().empty());
  CHECK_EQUAL(uint64_t{2}, log.counters().logged[3]);
  log.set_enabled(false);
  log(kError, 1, 2, 3);
  w.settle();
  CHECK_EQUAL(size_t{2}, console.lines.size());
  CHECK_EQUAL(size_t{2}, trap.lines.size());
  log.remove_sink(trap);
  log.set_enabled(true);
  log(kError, 1, 2, 3);
  w.settle();
  CHECK_EQUAL(size_t{2}, trap.lines.size());
}

TEST(Log, RateLimitOfTheConsole) {
  for (int i = 0; i < 15; ++i) log(kConfig, i, 0);
  for (int i = 0; i < 3; ++i) log(kChat);
  w.settle();
  CHECK_EQUAL(size_t{13}, console.lines.size());
  CHECK_EQUAL(size_t{18}, buffered().size());
  CHECK_EQUAL(uint64_t{5}, log.counters().rate_limited);
  w.clock.advance(Seconds(1));
  log(kConfig, 1, 2);
  log.set_rate_limit({1, false, true, 3});
  log(kConfig, 1, 2);
  log(kChat);
  log(kError, 1, 2, 3);
  w.settle();
  CHECK_EQUAL(size_t{15}, console.lines.size());
  CHECK_EQUAL(size_t{20}, buffered().size());
  log.set_rate_limit({0, false, true, -1});
  for (int i = 0; i < 50; ++i) log(kChat);
  w.settle();
  CHECK_EQUAL(size_t{65}, console.lines.size());
}

TEST(Log, BufferIsALimitNotAReservation) {
  log.set_level(LogTarget::console, LogCore::kOff);
  log.set_buffer_limit(9999999);
  log(kConfig, "first", "");
  log.set_buffer_limit(4096);
  for (int i = 0; i < 200; ++i) log(kConfig, i, std::string(40, 'y'));
  const auto lines = buffered();
  size_t bytes = 0;
  for (const auto& l : lines) bytes += l.size() + 1;
  CHECK(bytes <= 4096 && bytes > 3900);
  CHECK(lines.back().find("from 199 by") != std::string::npos);
  CHECK_EQUAL(200 + 1 - lines.size(), log.counters().overruns);
  log.clear_buffer();
  CHECK(buffered().empty());
  CHECK_EQUAL(uint64_t{1}, log.counters().flushes);
}

TEST(Log, MemoryOfTheImageIsTheLastWord) {
  LogCore tiny(w.scheduler, 9000);
  tiny.set_buffer_limit(1 << 30);
  for (int i = 0; i < 500; ++i) tiny(kConfig, i, "somebody");
  size_t lines = 0;
  tiny.each_buffered([](void* n, std::string_view) { ++*static_cast<size_t*>(n); }, &lines);
  CHECK(lines > 50 && lines < 200);
}

TEST(Log, QueueOverrunIsCounted) {
  log.set_rate_limit({0, false, false, -1});
  for (int i = 0; i < 2000; ++i) log(kConfig, i, "somebody");
  CHECK(log.counters().dropped > 0);
  w.settle();
  CHECK_EQUAL(uint64_t{2000}, console.lines.size() + log.counters().dropped);
}

TEST(Log, DebugSubjects) {
  log.debug("capf-server events", "not shown");
  CHECK_FALSE(log.debugging("capf-server events"));
  CHECK(log.set_debug("capf-server events", true).has_value());
  CHECK(log.set_debug("capf-server events", true).has_value());
  CHECK(log.set_debug("tftp", true).has_value());
  log.debug("capf-server events", "CAPF: session 1\x01");
  w.settle();
  CHECK_EQUAL(std::string("*Nov 21 12:00:01.344: CAPF: session 1."), console.lines.at(0));
  CHECK(console.debug);
  CHECK(log.set_debug("capf-server events", false).has_value());
  CHECK(log.debugging("tftp"));
  CHECK_FALSE(log.debugging("capf-server events"));
  std::string on;
  log.each_debug([](void* s, std::string_view t) { *static_cast<std::string*>(s) += t; }, &on);
  CHECK_EQUAL(std::string("tftp"), on);
  log.undebug_all();
  CHECK_FALSE(log.debugging("tftp"));
}

TEST(Log, ManyThreads) {
  log.set_rate_limit({0, false, false, -1});
  log.set_buffer_limit(1 << 20);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) threads.emplace_back([&] { for (int i = 0; i < 100; ++i) log(kConfig, i, "thread"); });
  for (auto& t : threads) t.join();
  w.settle();
  CHECK_EQUAL(size_t{400}, console.lines.size());
  CHECK_EQUAL(size_t{400}, buffered().size());
}

TEST(Log, SinkMayLogItself) {
  struct Loop final : LogSink {
    explicit Loop(LogCore& l) : log(l) {}
    void deliver(const LogLine&) override { if (++n < 3) log(kChat); }
    LogCore& log;
    int n = 0;
  } loop(log);
  log.add_sink(LogTarget::monitor, loop);
  log(kChat);
  w.settle();
  CHECK_EQUAL(3, loop.n);
  log.remove_sink(loop);
}
