// Screen cells of a text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cells.h"

namespace parley::cli {
namespace {

// Length of the well-formed UTF-8 sequence at the start of s; 0 = stray byte. RFC 3629 4.
size_t utf8_length(std::string_view s) {
  const auto b = static_cast<uint8_t>(s[0]);
  size_t n = 0;
  if (b >= 0xC2 && b <= 0xDF) n = 2;
  if (b >= 0xE0 && b <= 0xEF) n = 3;
  if (b >= 0xF0 && b <= 0xF4) n = 4;
  if (n == 0 || s.size() < n) return 0;
  for (size_t i = 1; i < n; ++i)
    if ((static_cast<uint8_t>(s[i]) & 0xC0) != 0x80) return 0;
  // C1 control characters (U+0080..U+009F) would be obeyed by some terminals.
  if (b == 0xC2 && static_cast<uint8_t>(s[1]) < 0xA0) return 0;
  return n;
}

}  // namespace

Cell cell_at(std::string_view text, size_t at, size_t& taken) {
  Cell c;
  const char first = text[at];
  taken = 1;
  if (first >= ' ' && first != 0x7F && static_cast<uint8_t>(first) < 0x80) {
    c.bytes[0] = first;
    return c;
  }
  if (first == '\t') return c;
  const size_t n = static_cast<uint8_t>(first) < 0x80 ? 0 : utf8_length(text.substr(at));
  if (n == 0) {
    c.bytes[0] = '.';
    return c;
  }
  for (size_t i = 0; i < n; ++i) c.bytes[i] = text[at + i];
  c.size = static_cast<uint8_t>(n);
  taken = n;
  return c;
}

size_t cell_count(std::string_view text) {
  size_t cells = 0;
  for (size_t at = 0; at < text.size(); ++cells) at = next_cell(text, at);
  return cells;
}

void write_cells(Writer& out, std::string_view text) {
  size_t plain = 0;   // start of the run that is shown unchanged
  for (size_t at = 0; at < text.size();) {
    size_t taken = 0;
    const Cell c = cell_at(text, at, taken);
    if (c.view() != text.substr(at, taken)) {
      out.write(text.substr(plain, at - plain));
      out.write(c.view());
      plain = at + taken;
    }
    at += taken;
  }
  out.write(text.substr(plain));
}

size_t next_cell(std::string_view text, size_t at) {
  if (at >= text.size()) return text.size();
  size_t taken = 0;
  (void)cell_at(text, at, taken);
  return at + taken;
}

size_t previous_cell(std::string_view text, size_t at) {
  for (size_t back = 1; back <= 4 && back <= at; ++back)
    if (next_cell(text, at - back) == at) {
      // A longer sequence ending here wins over the stray byte it ends with.
      bool longer = false;
      for (size_t more = back + 1; more <= 4 && more <= at; ++more) longer = longer || next_cell(text, at - more) == at;
      if (!longer) return at - back;
    }
  return at == 0 ? 0 : at - 1;
}

}  // namespace parley::cli
