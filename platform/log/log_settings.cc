// What the configuration and the operator change about logging, and what `show logging` asks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/log/log_core.h"

namespace parley {
namespace {

using Hold = std::lock_guard<std::mutex>;

}  // namespace

void LogCore::set_level(LogTarget target, int level) {
  const Hold hold(lock_);
  levels_[static_cast<size_t>(target)] = level;
}

int LogCore::level(LogTarget target) const {
  const Hold hold(lock_);
  return levels_[static_cast<size_t>(target)];
}

void LogCore::set_enabled(bool on) {
  const Hold hold(lock_);
  enabled_ = on;
}

void LogCore::set_stamp(const LogStamp& log_stamp, const LogStamp& debug_stamp) {
  const Hold hold(lock_);
  log_stamp_ = log_stamp;
  debug_stamp_ = debug_stamp;
}

void LogCore::set_rate_limit(const LogRateLimit& limit) {
  const Hold hold(lock_);
  rate_ = limit;
}

void LogCore::set_zone(const LogZone& zone) {
  const Hold hold(lock_);
  zone_ = zone;
}

void LogCore::set_clock_mark(std::string_view mark) {
  const Hold hold(lock_);
  (void)mark_.set(mark);
}

void LogCore::set_buffer_limit(size_t bytes) {
  const Hold hold(lock_);
  buffer_.set_limit(bytes);
}

size_t LogCore::buffer_limit() const {
  const Hold hold(lock_);
  return buffer_.limit();
}

bool LogCore::debugging(const char* subject) const {
  if (subject_count_.load(std::memory_order_relaxed) == 0) return false;  // the usual case costs one load
  const Hold hold(lock_);
  for (uint32_t i = 0; i < subject_count_; ++i)
    if (subjects_[i].view() == subject) return true;
  return false;
}

Status LogCore::set_debug(std::string_view subject, bool on) {
  const Hold hold(lock_);
  const uint32_t count = subject_count_;
  uint32_t i = 0;
  while (i < count && subjects_[i].view() != subject) ++i;
  if (on == (i < count)) return {};
  if (!on) {
    for (; i + 1 < count; ++i) subjects_[i] = subjects_[i + 1];
    subject_count_ = count - 1;
    return {};
  }
  if (count == kMaxSubjects) return Fault{Code::full, "too many debug subjects", count};
  if (!subjects_[count].set(subject)) return Fault{Code::invalid, "name of a debug subject is too long", 0};
  subject_count_ = count + 1;
  return {};
}

void LogCore::undebug_all() {
  const Hold hold(lock_);
  subject_count_ = 0;
}

void LogCore::each_debug(void (*each)(void* context, std::string_view subject), void* context) const {
  const Hold hold(lock_);
  for (uint32_t i = 0; i < subject_count_; ++i) each(context, subjects_[i]);
}

void LogCore::each_buffered(void (*each)(void* context, std::string_view line), void* context) const {
  const Hold hold(lock_);
  buffer_.each([&](const LineRing::Line& line) { each(context, line.text); });
}

void LogCore::clear_buffer() {
  const Hold hold(lock_);
  buffer_.clear();
  ++counters_.flushes;
}

LogCore::Counters LogCore::counters() const {
  const Hold hold(lock_);
  return counters_;
}

}  // namespace parley
