// The one Log of the router: time stamps, levels, rate limit, buffer, and the way to console, monitors and syslog.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <mutex>

#include "platform/log/line_ring.h"
#include "platform/log/log.h"
#include "platform/sched/task.h"

namespace parley {

enum class LogTarget : uint8_t { console, buffer, monitor, trap };
constexpr size_t kLogTargets = 4;

struct LogLine {
  std::string_view text;    // whole line without its end, "*Nov 21 12:00:01.345: %SYS-5-CONFIG_I: ..."
  uint8_t severity;         // 0..7
  bool debug;               // from Log::debug, not from the catalogue
};

// Where lines go; called on the scheduler thread. Several sinks may share a target (monitors, syslog hosts).
class LogSink {
 public:
  virtual ~LogSink() = default;
  virtual void deliver(const LogLine& line) = 0;

 private:
  friend class LogCore;
  LogSink* next_ = nullptr;
};

struct LogStamp {            // `service timestamps {debug|log} ...`
  enum class Kind : uint8_t { none, uptime, datetime } kind = Kind::datetime;
  bool msec = true;
  bool localtime = false;
  bool show_timezone = false;
  bool year = false;
  bool operator==(const LogStamp&) const = default;
};

struct LogRateLimit {        // `logging rate-limit [console] [all] N [except LEVEL]`
  uint32_t per_second = 10;  // 0 = no limit
  bool console_only = true;
  bool debug_too = false;    // `all`: lines of severity 7 as well
  int except = -1;           // this severity and more important ones are never held back
};

struct LogZone {
  Text<7> name = Text<7>("UTC");
  int32_t offset_s = 0;      // east of Greenwich is positive; summer time included
};

class LogCore final : public Log, private Task {
 public:
  static constexpr int kOff = -1;
  static constexpr size_t kQueueBytes = 64 << 10;   // lines that wait for their sinks

  LogCore(Scheduler& scheduler, size_t max_buffer_bytes);

  void emit(const LogMessage& m, std::initializer_list<LogArg> args) override;
  bool debugging(const char* subject) const override;
  void debug(const char* subject, std::string_view line) override;

  // Settings; any thread.
  void set_level(LogTarget target, int level);      // kOff, 0..7
  int level(LogTarget target) const;
  void set_enabled(bool on);                        // `no logging on`: nothing but the console
  void set_stamp(const LogStamp& log_stamp, const LogStamp& debug_stamp);
  void set_rate_limit(const LogRateLimit& limit);
  void set_zone(const LogZone& zone);
  void set_clock_mark(std::string_view mark);       // "*" not set (default), "." lost its source, "" good
  // A limit: memory is taken when lines come, and never more than the image allows; then the oldest lines go.
  void set_buffer_limit(size_t bytes);              // 0: keeps nothing
  size_t buffer_limit() const;

  // `debug` and `undebug`; subject e.g. "capf-server events". Fault full: too many subjects at once.
  Status set_debug(std::string_view subject, bool on) override;
  void undebug_all();
  void each_debug(void (*each)(void* context, std::string_view subject), void* context) const;

  // Scheduler thread only. A sink must be removed before it is destroyed.
  void add_sink(LogTarget target, LogSink& sink);
  void remove_sink(LogSink& sink);
  void flush();                                     // delivers now what waits; for the end of the program

  // `show logging`, `clear logging`. `each` must not log.
  void each_buffered(void (*each)(void* context, std::string_view line), void* context) const;
  void clear_buffer();
  struct Counters {
    uint64_t dropped = 0;          // no room to wait for a sink
    uint64_t rate_limited = 0;
    uint64_t flushes = 0;          // clear logging
    uint64_t overruns = 0;         // lines that the buffer lost for newer ones, or could not keep
    uint64_t logged[kLogTargets] = {};
  };
  Counters counters() const;

 private:
  static constexpr size_t kMaxSubjects = 32;
  Poll step() override;
  void submit(std::string_view line, uint8_t severity, bool is_debug);
  void stamp(Writer& to, const LogStamp& stamp) const;
  bool rate_allows(uint8_t severity);
  void keep(std::string_view line);
  void deliver(const LineRing::Line& line);

  Arena buffer_arena_;
  Arena queue_arena_;
  Monotonic started_;
  mutable std::mutex lock_;        // guards all below but the sinks
  LineRing buffer_;
  LineRing queue_;
  int levels_[kLogTargets] = {7, 7, 7, 6};
  bool enabled_ = true;
  LogStamp log_stamp_;
  LogStamp debug_stamp_;
  LogRateLimit rate_;
  Monotonic rate_second_{};
  uint32_t rate_used_ = 0;
  LogZone zone_;
  Text<1> mark_ = Text<1>("*");
  Counters counters_;
  Text<48> subjects_[kMaxSubjects];
  std::atomic<uint32_t> subject_count_{0};
  LogSink* sinks_[kLogTargets] = {};
};

}  // namespace parley
