// Text<N>: a stored string of at most N bytes. Writer: bounded output that remembers overflow.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace parley {

// Trivially copyable; unused bytes are zero, so records can be compared with memcmp.
template <size_t N>
struct Text {
  static_assert(N > 0 && N < 65536);
  static constexpr size_t kCapacity = N;
  char data[N + 1] = {};

  constexpr Text() = default;
  constexpr Text(std::string_view s) { (void)set(s); }
  // False and unchanged when s is longer than N or holds a NUL.
  constexpr bool set(std::string_view s) {
    if (s.size() > N || s.find('\0') != std::string_view::npos) return false;
    for (size_t i = 0; i <= N; ++i) data[i] = i < s.size() ? s[i] : '\0';
    return true;
  }
  constexpr std::string_view view() const { return std::string_view(data, size()); }
  constexpr operator std::string_view() const { return view(); }
  constexpr size_t size() const { return std::char_traits<char>::length(data); }
  constexpr bool empty() const { return data[0] == '\0'; }
  constexpr void clear() { set({}); }
  const char* c_str() const { return data; }
  bool operator==(const Text& o) const { return view() == o.view(); }
};

// Text sink. Implementations: FixedWriter below, the console, a Blob builder.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void write(std::string_view s) = 0;

  Writer& put(std::string_view s) { write(s); return *this; }
  Writer& put(char c) { write(std::string_view(&c, 1)); return *this; }
  Writer& dec(int64_t v, unsigned min_width = 0, char pad = ' ');
  Writer& hex(uint64_t v, unsigned min_digits = 1, bool upper = true);
  Writer& pad(size_t n, char c = ' ');
  // s, then blanks up to width (printf "%-Ns"); a longer s is not cut.
  Writer& left(std::string_view s, size_t width);
  Writer& right(std::string_view s, size_t width);
  Writer& hex_bytes(const void* data, size_t size, bool upper = true);
  Writer& ipv4(uint32_t host_order);
};

// Writes into memory of the caller. After an overflow ok() is false and the text is cut.
class FixedWriter final : public Writer {
 public:
  FixedWriter(char* data, size_t size) : data_(data), size_(size) {}
  template <size_t N>
  explicit FixedWriter(char (&buffer)[N]) : data_(buffer), size_(N) {}
  void write(std::string_view s) override;
  std::string_view view() const { return std::string_view(data_, used_); }
  bool ok() const { return !overflow_; }
  void reset() { used_ = 0; overflow_ = false; }

 private:
  char* data_;
  size_t size_;
  size_t used_ = 0;
  bool overflow_ = false;
};

char ascii_lower(char c);
char ascii_upper(char c);
bool equal_nocase(std::string_view a, std::string_view b);
bool starts_nocase(std::string_view s, std::string_view prefix);
std::string_view trim(std::string_view s);               // blanks, tabs, CR, LF at both ends
bool parse_dec(std::string_view s, uint64_t max, uint64_t& out);  // digits only, whole string
bool parse_ipv4(std::string_view s, uint32_t& host_order);        // dotted quad, whole string
int hex_digit(char c);                                            // 0..15, or -1

}  // namespace parley
