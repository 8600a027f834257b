// Debug output: what `debug X` and `undebug X` switch, and one line of it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "platform/log/log.h"

namespace parley {

struct DebugSubject {
  const char* subject;   // of Log::debug, "capf-server events"
  const char* title;     // "CAPF server events": "... debugging is on"
};

// Each of them, and says so.
void switch_debug(Log& log, std::span<const DebugSubject> subjects, bool on, Writer& out);

// Of a row `debug X {all|first|second ...}`: the subjects that alternative `word` means.
inline std::span<const DebugSubject> all_or_one(std::span<const DebugSubject> subjects, size_t word) {
  return word == 0 ? subjects : subjects.subspan(word - 1, 1);
}

// if (DebugLine line(log, "tftp events"); line) line.out().put("...");     nothing is formatted while the subject is off
class DebugLine {
 public:
  DebugLine(Log& log, const char* subject) : log_(log.debugging(subject) ? &log : nullptr), subject_(subject) {}
  ~DebugLine() {
    if (log_ != nullptr) log_->debug(subject_, line_.view());
  }
  DebugLine(const DebugLine&) = delete;
  DebugLine& operator=(const DebugLine&) = delete;
  explicit operator bool() const { return log_ != nullptr; }
  Writer& out() { return line_; }

 private:
  Log* log_;
  const char* subject_;
  char text_[360];
  FixedWriter line_{text_};
};

}  // namespace parley
