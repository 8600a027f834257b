// Words that were probably meant.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/near_match.h"

#include <algorithm>

namespace parley::system {
namespace {

constexpr size_t kLongest = 48;

struct Pair {
  uint16_t code_point;
  char ascii;
};
// Cyrillic, Greek, dashes, blanks and quotes that word processors and keyboards put into configurations.
constexpr Pair kPairs[] = {
    {0x00A0, ' '}, {0x00AD, '-'}, {0x0131, 'i'}, {0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'},
    {0x0399, 'I'}, {0x039A, 'K'}, {0x039C, 'M'}, {0x039D, 'N'}, {0x039F, 'O'}, {0x03A1, 'P'}, {0x03A4, 'T'}, {0x03A5, 'Y'},
    {0x03A7, 'X'}, {0x03B1, 'a'}, {0x03BD, 'v'}, {0x03BF, 'o'}, {0x03C1, 'p'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'},
    {0x0410, 'A'}, {0x0412, 'B'}, {0x0415, 'E'}, {0x041A, 'K'}, {0x041C, 'M'}, {0x041D, 'H'}, {0x041E, 'O'}, {0x0420, 'P'},
    {0x0421, 'C'}, {0x0422, 'T'}, {0x0425, 'X'}, {0x0430, 'a'}, {0x0435, 'e'}, {0x043E, 'o'}, {0x0440, 'p'}, {0x0441, 'c'},
    {0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'}, {0x04BB, 'h'}, {0x0501, 'd'}, {0x2010, '-'},
    {0x2011, '-'}, {0x2012, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'},
    {0x2212, '-'},
};

char looks_like(uint32_t c) {
  if (c >= 0xFF01 && c <= 0xFF5E) return static_cast<char>(c - 0xFEE0);   // full width
  for (const Pair& p : kPairs)
    if (p.code_point == c) return p.ascii;
  return 0;
}

// Takes one character of UTF-8; a broken one is its first byte.
uint32_t take_char(std::string_view& s) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(s[i]); };
  const uint8_t first = byte(0);
  const size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  uint32_t c = more == 0 ? first : first & (0x3Fu >> more);
  for (size_t i = 1; i <= more; ++i) {
    if (i >= s.size() || (byte(i) & 0xC0) != 0x80) {
      s.remove_prefix(1);
      return first;
    }
    c = c << 6 | (byte(i) & 0x3F);
  }
  s.remove_prefix(more + 1);
  return c;
}

}  // namespace

size_t edit_distance(std::string_view a, std::string_view b, size_t most) {
  const size_t longer = std::max(a.size(), b.size()), shorter = std::min(a.size(), b.size());
  if (longer > kLongest || longer - shorter > most) return most + 1;
  size_t row[kLongest + 1];
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t corner = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return std::min(row[b.size()], most + 1);
}

LookAlike find_look_alike(std::string_view word, Writer& plain) {
  LookAlike found;
  while (!word.empty()) {
    const uint32_t c = take_char(word);
    if (c < 0x80) {
      plain.put(static_cast<char>(c));
      continue;
    }
    const char ascii = looks_like(c);
    plain.put(ascii == 0 ? '?' : ascii);
    if (found.code_point == 0) found = {c, ascii};
  }
  return found;
}

}  // namespace parley::system
