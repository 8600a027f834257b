// Number and column output of Writer, and small functions over ASCII text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/text.h"

#include <algorithm>

namespace parley {

Writer& Writer::dec(int64_t v, unsigned min_width, char pad_char) {
  char digits[20];
  size_t at = sizeof digits;
  // Negating as unsigned also holds for the smallest int64_t.
  uint64_t rest = v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  do {
    digits[--at] = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  const size_t width = sizeof digits - at + (v < 0 ? 1 : 0);
  const size_t fill = min_width > width ? min_width - width : 0;
  if (v < 0 && pad_char == '0') put('-');
  pad(fill, pad_char);
  if (v < 0 && pad_char != '0') put('-');
  return put(std::string_view(digits + at, sizeof digits - at));
}

Writer& Writer::hex(uint64_t v, unsigned min_digits, bool upper) {
  const char* const alphabet = upper ? "0123456789ABCDEF" : "0123456789abcdef";
  char digits[16];
  size_t at = sizeof digits;
  do {
    digits[--at] = alphabet[v & 15];
    v >>= 4;
  } while (v != 0);
  const size_t used = sizeof digits - at;
  pad(min_digits > used ? min_digits - used : 0, '0');
  return put(std::string_view(digits + at, used));
}

Writer& Writer::pad(size_t n, char c) {
  char block[64];
  std::fill(std::begin(block), std::end(block), c);
  while (n > 0) {
    const size_t part = std::min(n, sizeof block);
    write(std::string_view(block, part));
    n -= part;
  }
  return *this;
}

Writer& Writer::left(std::string_view s, size_t width) {
  put(s);
  return pad(s.size() < width ? width - s.size() : 0);
}

Writer& Writer::right(std::string_view s, size_t width) {
  pad(s.size() < width ? width - s.size() : 0);
  return put(s);
}

Writer& Writer::hex_bytes(const void* data, size_t size, bool upper) {
  const auto* p = static_cast<const uint8_t*>(data);
  for (size_t i = 0; i < size; ++i) hex(p[i], 2, upper);
  return *this;
}

Writer& Writer::ipv4(uint32_t ip) {
  dec(ip >> 24).put('.').dec(ip >> 16 & 255).put('.');
  return dec(ip >> 8 & 255).put('.').dec(ip & 255);
}

void FixedWriter::write(std::string_view s) {
  const size_t part = std::min(s.size(), size_ - used_);
  if (part > 0) std::memcpy(data_ + used_, s.data(), part);
  used_ += part;
  if (part < s.size()) overflow_ = true;
}

char ascii_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
char ascii_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c; }

bool equal_nocase(std::string_view a, std::string_view b) {
  return a.size() == b.size() && starts_nocase(a, b);
}

bool starts_nocase(std::string_view s, std::string_view prefix) {
  if (s.size() < prefix.size()) return false;
  for (size_t i = 0; i < prefix.size(); ++i)
    if (ascii_lower(s[i]) != ascii_lower(prefix[i])) return false;
  return true;
}

std::string_view trim(std::string_view s) {
  const std::string_view blanks(" \t\r\n");
  const size_t first = s.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return s.substr(first, s.find_last_not_of(blanks) - first + 1);
}

bool parse_dec(std::string_view s, uint64_t max, uint64_t& out) {
  if (s.empty()) return false;
  uint64_t v = 0;
  for (const char c : s) {
    if (c < '0' || c > '9') return false;
    const auto digit = static_cast<uint64_t>(c - '0');
    if (v > (max - std::min(digit, max)) / 10 || digit > max) return false;
    v = v * 10 + digit;
  }
  out = v;
  return true;
}

bool parse_ipv4(std::string_view s, uint32_t& host_order) {
  uint32_t ip = 0;
  for (int part = 0; part < 4; ++part) {
    const size_t dot = part < 3 ? s.find('.') : s.size();
    if (dot == std::string_view::npos || dot > 3) return false;
    uint64_t v = 0;
    if (!parse_dec(s.substr(0, dot), 255, v)) return false;
    ip = ip << 8 | static_cast<uint32_t>(v);
    if (part < 3) s.remove_prefix(dot + 1);
  }
  host_order = ip;
  return true;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char l = ascii_lower(c);
  return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

}  // namespace parley
