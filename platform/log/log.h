// Messages of the catalogue: %FACILITY-SEVERITY-MNEMONIC: text.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/result.h"
#include "platform/base/secret.h"
#include "platform/base/text.h"
#include "platform/base/time.h"

namespace parley {

struct LogMessage {
  const char* facility;     // "CAPF"
  uint8_t severity;         // 0 emergencies .. 7 debugging
  const char* mnemonic;     // "AUTHFAIL"
  const char* format;       // "{}" for each argument
  const char* explanation;  // for the operator, one or two sentences
  const char* action;       // what to do; "None." when nothing
};

// One argument of a message. No overload for Secret: it does not compile.
class LogArg {
 public:
  LogArg(std::string_view s) : kind_(Kind::text), text_(s) {}
  LogArg(const char* s) : LogArg(std::string_view(s)) {}
  template <size_t N> LogArg(const Text<N>& t) : LogArg(t.view()) {}
  LogArg(int v) : LogArg(static_cast<int64_t>(v)) {}
  LogArg(unsigned v) : LogArg(static_cast<int64_t>(v)) {}
  LogArg(long v) : kind_(Kind::number), number_(v) {}
  LogArg(unsigned long v) : kind_(Kind::number), number_(static_cast<int64_t>(v)) {}
  LogArg(long long v) : kind_(Kind::number), number_(v) {}
  LogArg(unsigned long long v) : kind_(Kind::number), number_(static_cast<int64_t>(v)) {}
  static LogArg ip(uint32_t host_order) { LogArg a(static_cast<int64_t>(host_order)); a.kind_ = Kind::ip; return a; }
  template <size_t N> LogArg(const Secret<N>&) = delete;
  void print(Writer& to) const;   // bytes outside printable ASCII become '.'

 private:
  enum class Kind : uint8_t { text, number, ip };
  Kind kind_;
  std::string_view text_{};
  int64_t number_ = 0;
};

class Log {
 public:
  virtual ~Log() = default;
  // Any thread. Formats at once into a bounded line; delivery to console, buffer and syslog is done by the system module.
  virtual void emit(const LogMessage& m, std::initializer_list<LogArg> args) = 0;
  void operator()(const LogMessage& m) { emit(m, {}); }
  template <class... A> void operator()(const LogMessage& m, const A&... args) { emit(m, {LogArg(args)...}); }

  // Debug output ("debug capf-server events"): only when the operator switched the subject on.
  virtual bool debugging(const char* subject) const = 0;
  virtual void debug(const char* subject, std::string_view line) = 0;
  // `debug` and `undebug` of one subject, e.g. "capf-server events". Fault full: too many subjects at once.
  virtual Status set_debug(std::string_view subject, bool on) {
    (void)subject, (void)on;
    return Fault{Code::unsupported, "no debug output here", 0};
  }
};

}  // namespace parley
