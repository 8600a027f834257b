// A screen for tests: obeys backspace, CR and LF, as a terminal does.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "cli/cells.h"

namespace parley::cli::test {

class ScreenImage final : public Writer {
 public:
  explicit ScreenImage(size_t width) : width_(width), lines_(1) {}
  void write(std::string_view s) override {
    raw_ += s;
    for (size_t at = 0; at < s.size();) {
      const char c = s[at];
      if (c == '\b' || c == '\r' || c == '\n' || c == '\a') {
        if (c == '\b' && column_ > 0) --column_;
        if (c == '\r' || c == '\n') column_ = 0;
        if (c == '\n') lines_.emplace_back();
        ++at;
        continue;
      }
      size_t taken = 0;
      const Cell cell = cell_at(s, at, taken);
      auto& line = lines_.back();
      while (line.size() <= column_) line.emplace_back(" ");
      line[column_++] = std::string(cell.view());
      wrapped_ = wrapped_ || column_ > width_;
      at += taken;
    }
  }
  std::string line() const { return text(lines_.back()); }
  std::string line_before() const { return text(lines_[lines_.size() - 2]); }
  size_t column() const { return column_; }
  bool wrapped() const { return wrapped_; }
  const std::string& raw() const { return raw_; }

 private:
  // Blanks that were drawn over old text are not seen; the ones of the prompt are.
  std::string text(const std::vector<std::string>& line) const {
    std::string t;
    for (const auto& c : line) t += c;
    size_t end = t.find_last_not_of(' ') + 1;
    while (end < t.size() && end < column_) ++end;
    return t.substr(0, end);
  }
  size_t width_;
  std::vector<std::vector<std::string>> lines_;
  size_t column_ = 0;
  bool wrapped_ = false;
  std::string raw_;
};

}  // namespace parley::cli::test
