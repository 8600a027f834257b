// The last lines of a session.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/history.h"

#include <utility>

namespace parley::cli {

void History::set_size(size_t most) {
  most_ = most < kMost ? most : kMost;
  while (lines_.size() > most_) lines_.remove(0);
}

void History::add(std::string_view line) {
  if (most_ == 0 || trim(line).empty()) return;
  if (!lines_.empty() && lines_[lines_.size() - 1].text() == line) return;
  if (lines_.size() == most_) lines_.remove(0);
  Blob copy(*arena_);
  // Without memory the line is not remembered; nothing else depends on it.
  if (copy.append(line)) (void)lines_.push(std::move(copy)).has_value();
}

}  // namespace parley::cli
