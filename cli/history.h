// The last lines of a session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/memory.h"

namespace parley::cli {

class History {
 public:
  static constexpr size_t kMost = 256;      // `terminal history size 0-256`
  static constexpr size_t kDefault = 10;

  explicit History(Arena& arena) : arena_(&arena), lines_(arena) {}
  void set_size(size_t most);               // drops the oldest lines; 0 keeps none
  size_t limit() const { return most_; }
  void add(std::string_view line);          // blank lines and repetitions of the last line are not kept
  size_t size() const { return lines_.size(); }
  std::string_view line(size_t i) const { return lines_[i].text(); }   // 0 = oldest
  void clear() { lines_.clear(); }

 private:
  Arena* arena_;
  List<Blob> lines_;
  size_t most_ = kDefault;
};

}  // namespace parley::cli
