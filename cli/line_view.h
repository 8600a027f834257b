// Draws the line being edited: horizontal scrolling with '$', and only the cells that changed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "cli/cells.h"

namespace parley::cli {

class LineView {
 public:
  static constexpr size_t kMostCells = 512;   // `terminal width 0-512`
  static constexpr size_t kScroll = 10;

  explicit LineView(Writer& out) : out_(out) {}

  // The cursor stands behind a prompt of `prompt_cells`. screen_width 0: a line is never wider than the screen.
  void begin(size_t prompt_cells, size_t screen_width);
  void update(std::string_view text, size_t cursor);   // cursor: byte position
  void append(char c);                                 // plain character behind the last one; the quick way of update()
  void to_end();                                       // cursor behind the last visible cell, before a line end
  size_t first_visible() const { return shift_; }      // byte position
  bool room_for_append() const { return !scrolled_ && shown_ == at_ && at_ + 1 < room_; }

 private:
  using Row = std::array<Cell, kMostCells>;
  void choose_shift(std::string_view text, size_t cursor);
  void move_to(size_t column);

  Writer& out_;
  Row row_{};             // what is on the screen
  size_t shown_ = 0;      // cells on the screen
  size_t at_ = 0;         // column of the cursor
  size_t room_ = 0;
  size_t shift_ = 0;
  bool scrolled_ = false;
};

}  // namespace parley::cli
