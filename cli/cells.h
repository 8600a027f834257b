// Screen cells of a text: one per character, so that columns, carets and cursors agree.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/base/text.h"

namespace parley::cli {

// One character as it is shown. UTF-8 sequences are kept; a tab is a blank; control and stray bytes become '.'.
struct Cell {
  char bytes[4] = {' ', 0, 0, 0};
  uint8_t size = 1;
  std::string_view view() const { return std::string_view(bytes, size); }
  bool operator==(const Cell& o) const { return view() == o.view(); }
};

// The cell that starts at `at` (at < text.size()); taken = how many bytes of the text it stands for.
Cell cell_at(std::string_view text, size_t at, size_t& taken);

size_t cell_count(std::string_view text);
void write_cells(Writer& out, std::string_view text);   // as a console shows what was typed

// Start of the character after / before a byte position (0 <= at <= size).
size_t next_cell(std::string_view text, size_t at);
size_t previous_cell(std::string_view text, size_t at);

}  // namespace parley::cli
