// Making lines, keeping them, and handing them to the sinks.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC: emit() runs on any thread. It makes the line at once, so arguments need not outlive the call, puts it into the
// buffer and into a queue with the set of targets that want it, and wakes the task of this object. The task hands the
// lines to the sinks on the scheduler thread. Levels and rate limit are judged when the message is made.
#include "platform/log/log_core.h"

#include <algorithm>

#include "platform/sched/scheduler.h"

namespace parley {
namespace {

constexpr uint16_t kDebugTag = 0x100;
constexpr unsigned kSeverityShift = 4;             // tag: targets in bits 0..3, severity in 4..6, debug in 8

constexpr uint16_t bit(LogTarget t) { return static_cast<uint16_t>(1u << static_cast<unsigned>(t)); }

void print_message(Writer& to, const LogMessage& m, std::initializer_list<LogArg> args) {
  to.put('%').put(m.facility).put('-').dec(m.severity).put('-').put(m.mnemonic).put(": ");
  std::string_view format(m.format);
  const LogArg* next = args.begin();
  for (size_t at = format.find("{}"); at != std::string_view::npos; at = format.find("{}")) {
    to.put(format.substr(0, at));
    if (next != args.end()) (next++)->print(to);
    format.remove_prefix(at + 2);
  }
  to.put(format);
}

// As IOS: 00:01:02 on the first day, then 1d02h, 1w2d, 1y3w.
void print_uptime(Writer& to, uint64_t s) {
  const uint64_t hours = s / 3600, days = hours / 24, weeks = days / 7, years = days / 365;
  const auto n = [](uint64_t v) { return static_cast<int64_t>(v); };
  if (years > 0) to.dec(n(years)).put('y').dec(n(days % 365 / 7)).put('w');
  else if (weeks > 0) to.dec(n(weeks)).put('w').dec(n(days % 7)).put('d');
  else if (days > 0) to.dec(n(days)).put('d').dec(n(hours % 24), 2, '0').put('h');
  else to.dec(n(hours), 2, '0').put(':').dec(n(s / 60 % 60), 2, '0').put(':').dec(n(s % 60), 2, '0');
}

}  // namespace

LogCore::LogCore(Scheduler& scheduler, size_t max_buffer_bytes)
    : Task(scheduler, "Logger"), buffer_arena_("Log buffer", max_buffer_bytes), queue_arena_("Log queue", 2 * kQueueBytes),
      started_(scheduler.clock().now()), buffer_(buffer_arena_, 4096), queue_(queue_arena_, kQueueBytes) {}

void LogCore::stamp(Writer& to, const LogStamp& s) const {
  const Clock& clock = scheduler().clock();
  if (s.kind == LogStamp::Kind::none) return;
  if (s.kind == LogStamp::Kind::uptime) {
    print_uptime(to, static_cast<uint64_t>((clock.now() - started_).count() / 1'000'000));
    to.put(": ");
    return;
  }
  const UnixTime t = clock.wall();
  const uint32_t ms = clock.wall_ms();
  const Calendar c = to_calendar(s.localtime ? t + zone_.offset_s : t);
  to.put(mark_).put(month_name(c.month)).put(' ').dec(c.day, 2).put(' ');
  if (s.year) to.dec(c.year).put(' ');
  to.dec(c.hour, 2, '0').put(':').dec(c.minute, 2, '0').put(':').dec(c.second, 2, '0');
  if (s.msec) to.put('.').dec(ms, 3, '0');
  if (s.show_timezone) to.put(' ').put(s.localtime ? zone_.name.view() : std::string_view("UTC"));
  to.put(": ");
}

void LogCore::emit(const LogMessage& m, std::initializer_list<LogArg> args) {
  char text[LineRing::kMaxLine];
  FixedWriter line(text);
  const std::lock_guard<std::mutex> hold(lock_);
  stamp(line, log_stamp_);
  print_message(line, m, args);
  submit(line.view(), std::min<uint8_t>(m.severity, 7), false);
}

void LogCore::debug(const char* subject, std::string_view content) {
  if (!debugging(subject)) return;
  char text[LineRing::kMaxLine];
  FixedWriter line(text);
  const std::lock_guard<std::mutex> hold(lock_);
  stamp(line, debug_stamp_);
  LogArg(content).print(line);
  submit(line.view(), 7, true);
}

bool LogCore::rate_allows(uint8_t severity) {
  if (rate_.per_second == 0 || severity <= rate_.except || (severity == 7 && !rate_.debug_too)) return true;
  const Monotonic now = scheduler().clock().now();
  if (now - rate_second_ >= Seconds(1)) {
    rate_second_ = now;
    rate_used_ = 0;
  }
  if (rate_used_ < rate_.per_second) {
    ++rate_used_;
    return true;
  }
  ++counters_.rate_limited;
  return false;
}

void LogCore::keep(std::string_view line) {
  const size_t before = buffer_.count();
  const bool kept = buffer_.push_over_oldest(line, 0);
  counters_.overruns += kept ? before + 1 - buffer_.count() : before + 1;
}

// With the lock held.
void LogCore::submit(std::string_view line, uint8_t severity, bool is_debug) {
  uint16_t targets = 0;
  for (size_t i = 0; i < kLogTargets; ++i)
    if (severity <= levels_[i]) targets = static_cast<uint16_t>(targets | 1u << i);
  if (!enabled_) targets &= bit(LogTarget::console);
  const uint16_t limited = rate_.console_only ? bit(LogTarget::console) : targets;
  if ((targets & limited) != 0 && !rate_allows(severity)) targets = static_cast<uint16_t>(targets & ~limited);
  if ((targets & bit(LogTarget::buffer)) != 0 && buffer_.limit() > 0) keep(line);
  for (size_t i = 0; i < kLogTargets; ++i) counters_.logged[i] += targets >> i & 1;
  targets = static_cast<uint16_t>(targets & ~bit(LogTarget::buffer));
  if (targets == 0) return;
  const auto tag = static_cast<uint16_t>(targets | severity << kSeverityShift | (is_debug ? kDebugTag : 0));
  if (!queue_.push(line, tag)) ++counters_.dropped;
  wake_from_thread();
}

void LogCore::deliver(const LineRing::Line& line) {
  const LogLine out{line.text, static_cast<uint8_t>(line.tag >> kSeverityShift & 7), (line.tag & kDebugTag) != 0};
  for (size_t i = 0; i < kLogTargets; ++i) {
    if ((line.tag >> i & 1) == 0) continue;
    for (LogSink* s = sinks_[i]; s != nullptr; s = s->next_) s->deliver(out);
  }
}

Poll LogCore::step() {
  // A few at a time: a sink may be slow, and new messages may come while it works.
  for (int n = 0; n < 16; ++n) {
    char text[LineRing::kMaxLine];
    LineRing::Line line{};
    {
      const std::lock_guard<std::mutex> hold(lock_);
      if (!queue_.front(line)) return Poll::pending;
      std::copy(line.text.begin(), line.text.end(), text);
      line.text = std::string_view(text, line.text.size());
      queue_.pop();
    }
    deliver(line);  // without the lock: a sink may log
  }
  return Poll::again;
}

void LogCore::flush() {
  for (int n = 0; n < 1000 && step() == Poll::again; ++n) {
  }
}

void LogCore::add_sink(LogTarget target, LogSink& sink) {
  LogSink** at = &sinks_[static_cast<size_t>(target)];
  while (*at != nullptr) at = &(*at)->next_;
  *at = &sink;
  sink.next_ = nullptr;
}

void LogCore::remove_sink(LogSink& sink) {
  for (LogSink*& first : sinks_)
    for (LogSink** at = &first; *at != nullptr; at = &(*at)->next_)
      if (*at == &sink) {
        *at = sink.next_;
        return;
      }
}

}  // namespace parley
