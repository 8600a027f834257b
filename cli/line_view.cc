// Draws the line being edited.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_view.h"

#include <algorithm>

namespace parley::cli {

void LineView::begin(size_t prompt_cells, size_t screen_width) {
  shown_ = at_ = shift_ = 0;
  scrolled_ = false;
  // The last column stays free: terminals differ in what they do after it was written.
  const size_t wanted = screen_width == 0 ? kMostCells : screen_width > prompt_cells + 1 ? screen_width - prompt_cells - 1 : 0;
  room_ = std::clamp(wanted, kScroll + 5, kMostCells);
}

// The cursor must stand on a visible cell that is not the '$' at the left side.
void LineView::choose_shift(std::string_view text, size_t cursor) {
  auto column = [&] { return cell_count(text.substr(shift_, cursor - shift_)); };
  if (shift_ > text.size()) shift_ = 0;
  while (shift_ > 0 && cursor <= shift_)
    for (size_t i = 0; i < kScroll && shift_ > 0; ++i) shift_ = previous_cell(text, shift_);
  for (size_t now = column(); now >= room_; now = column())
    for (size_t i = 0; i < kScroll; ++i) shift_ = next_cell(text, shift_);
}

void LineView::move_to(size_t column) {
  for (; at_ > column; --at_) out_.put('\b');
  for (; at_ < column; ++at_) out_.put(row_[at_].view());
}

void LineView::update(std::string_view text, size_t cursor) {
  choose_shift(text, cursor);
  Row want;
  size_t count = 0;
  size_t at = shift_;
  while (at < text.size() && count < room_) {
    size_t taken = 0;
    want[count++] = cell_at(text, at, taken);
    at += taken;
  }
  Cell cut;
  cut.bytes[0] = '$';
  if (shift_ > 0 && count > 0) want[0] = cut;
  if (at < text.size()) want[count - 1] = cut;
  scrolled_ = shift_ > 0 || at < text.size();

  size_t same = 0;
  while (same < count && same < shown_ && want[same] == row_[same]) ++same;
  if (same < count || same < shown_) {
    move_to(same);
    for (size_t i = same; i < count; ++i, ++at_) out_.put((row_[i] = want[i]).view());
    const size_t left_over = shown_ > count ? shown_ - count : 0;
    out_.pad(left_over);
    at_ += left_over;
    for (size_t i = 0; i < left_over; ++i, --at_) out_.put('\b');
    shown_ = count;
  }
  move_to(cell_count(text.substr(shift_, cursor - shift_)));
}

void LineView::append(char c) {
  Cell cell;
  cell.bytes[0] = c;
  row_[at_] = cell;
  shown_ = ++at_;
  out_.put(c);
}

void LineView::to_end() { move_to(shown_); }

}  // namespace parley::cli
