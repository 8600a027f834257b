// Value types of the row language: numbers, addresses, free text. Names of hardware and passwords: value_names.cc.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/values.h"

#include <cstring>

#include "cli/value_kinds.h"

namespace parley::cli {

int64_t load_integer(const void* from, size_t size, bool is_signed) {
  switch (size) {
    case 1: { uint8_t v; memcpy(&v, from, 1); return is_signed ? static_cast<int8_t>(v) : static_cast<int64_t>(v); }
    case 2: { uint16_t v; memcpy(&v, from, 2); return is_signed ? static_cast<int16_t>(v) : static_cast<int64_t>(v); }
    case 4: { uint32_t v; memcpy(&v, from, 4); return is_signed ? static_cast<int32_t>(v) : static_cast<int64_t>(v); }
    default: { int64_t v; memcpy(&v, from, 8); return v; }
  }
}

void store_integer(void* to, size_t size, int64_t value) {
  switch (size) {
    case 1: { const uint8_t v = static_cast<uint8_t>(value); memcpy(to, &v, 1); break; }
    case 2: { const uint16_t v = static_cast<uint16_t>(value); memcpy(to, &v, 2); break; }
    case 4: { const uint32_t v = static_cast<uint32_t>(value); memcpy(to, &v, 4); break; }
    default: memcpy(to, &value, 8); break;
  }
}

bool plain_ascii(std::string_view s) {
  for (const char c : s)
    if (static_cast<unsigned char>(c) < 0x21 || static_cast<unsigned char>(c) > 0x7e) return false;
  return true;
}

namespace {

constexpr int sign(int64_t a, int64_t b) { return a < b ? -1 : (a > b ? 1 : 0); }
bool is_signed(std::string_view spec) { return spec.size() > 1 && spec[1] == '-'; }

std::string_view stored_text(const void* from, size_t size) {
  const char* s = static_cast<const char*>(from);
  size_t n = 0;
  while (n + 1 < size && s[n] != '\0') ++n;
  return std::string_view(s, n);
}

Parsed set_text(void* to, size_t size, std::string_view word, ParseContext& context) {
  if (to == nullptr) return Parsed::done;
  if (word.size() + 1 > size) {
    if (context.refusal != nullptr)
      context.refusal->put("% Value is too long, at most ").dec(static_cast<int64_t>(size - 1)).put(" characters");
    return Parsed::refused;
  }
  memset(to, 0, size);
  memcpy(to, word.data(), word.size());
  return Parsed::done;
}

// ---- numbers
Parsed parse_range(void* to, size_t size, std::string_view word, ParseContext& context) {
  const bool minus = !word.empty() && word.front() == '-';
  uint64_t v = 0;
  if (context.quoted || !parse_dec(minus ? word.substr(1) : word, 0xffffffffffu, v)) return Parsed::no;
  const int64_t n = minus ? -static_cast<int64_t>(v) : static_cast<int64_t>(v);
  const Range r = range_of(context.spec);
  if (n < r.lo || n > r.hi) return Parsed::no;
  if (to != nullptr) store_integer(to, size, n);
  return Parsed::done;
}
void print_range(Writer& out, const void* from, size_t size, std::string_view spec) {
  out.dec(load_integer(from, size, is_signed(spec)));
}
int compare_range(const void* a, const void* b, size_t size, std::string_view spec) {
  return sign(load_integer(a, size, is_signed(spec)), load_integer(b, size, is_signed(spec)));
}

Parsed parse_time(void* to, size_t size, std::string_view word, ParseContext&) {
  uint64_t part[3] = {};
  constexpr uint64_t kMost[3] = {23, 59, 59};
  for (size_t i = 0; i < 3; ++i) {
    const size_t colon = i < 2 ? word.find(':') : word.size();
    if (colon == std::string_view::npos || colon == 0 || colon > 2 || !parse_dec(word.substr(0, colon), kMost[i], part[i])) return Parsed::no;
    word.remove_prefix(i < 2 ? colon + 1 : colon);
  }
  if (to != nullptr) store_integer(to, size, static_cast<int64_t>(part[0] * 3600 + part[1] * 60 + part[2]));
  return Parsed::done;
}
void print_time(Writer& out, const void* from, size_t size, std::string_view) {
  const int64_t t = load_integer(from, size, false);
  out.dec(t / 3600, 2, '0').put(':').dec(t / 60 % 60, 2, '0').put(':').dec(t % 60, 2, '0');
}

// Hours and minutes; 24:00 is the end of the day.
Parsed parse_minutes(void* to, size_t size, std::string_view word, ParseContext&) {
  uint64_t hours = 0, minutes = 0;
  const size_t colon = word.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || word.size() != colon + 3) return Parsed::no;
  if (!parse_dec(word.substr(0, colon), 24, hours) || !parse_dec(word.substr(colon + 1), 59, minutes)) return Parsed::no;
  if (hours * 60 + minutes > 24 * 60) return Parsed::no;
  if (to != nullptr) store_integer(to, size, static_cast<int64_t>(hours * 60 + minutes));
  return Parsed::done;
}
void print_minutes(Writer& out, const void* from, size_t size, std::string_view) {
  const int64_t t = load_integer(from, size, false);
  out.dec(t / 60, 2, '0').put(':').dec(t % 60, 2, '0');
}

constexpr std::string_view kMonths[] = {"January", "February", "March", "April", "May", "June", "July", "August",
                                        "September", "October", "November", "December"};
Parsed parse_month(void* to, size_t size, std::string_view word, ParseContext&) {
  if (word.size() < 3) return Parsed::no;
  for (size_t i = 0; i < 12; ++i) {
    if (!starts_nocase(kMonths[i], word)) continue;
    if (to != nullptr) store_integer(to, size, static_cast<int64_t>(i + 1));
    return Parsed::done;
  }
  return Parsed::no;
}
void print_month(Writer& out, const void* from, size_t size, std::string_view) {
  const int64_t m = load_integer(from, size, false);
  if (m >= 1 && m <= 12) out.put(kMonths[m - 1].substr(0, 3));
}

// ---- addresses
Parsed parse_address(void* to, size_t, std::string_view word, ParseContext& context) {
  Ipv4 a;
  if (context.quoted || !parse_ipv4(word, a.host_order)) return Parsed::no;
  if (to != nullptr) memcpy(to, &a, sizeof a);
  return Parsed::done;
}
Parsed parse_mask(void* to, size_t, std::string_view word, ParseContext& context) {
  Ipv4 a;
  uint64_t bits = 0;
  if (word.size() > 1 && word.front() == '/' && parse_dec(word.substr(1), 32, bits))   // "/24" is written 255.255.255.0
    a.host_order = bits == 0 ? 0 : ~uint32_t{0} << (32 - bits);
  else if (!parse_ipv4(word, a.host_order))
    return Parsed::no;
  if (to == nullptr) return Parsed::done;
  const uint32_t holes = ~a.host_order;
  if ((holes & (holes + 1)) != 0) {
    if (context.refusal != nullptr)
      context.refusal->put("% Bad mask 0x").hex(a.host_order, 8).put(" for address ").put(context.previous);
    return Parsed::refused;
  }
  memcpy(to, &a, sizeof a);
  return Parsed::done;
}
void print_address(Writer& out, const void* from, size_t, std::string_view) {
  Ipv4 a;
  memcpy(&a, from, sizeof a);
  out.ipv4(a.host_order);
}
int compare_address(const void* a, const void* b, size_t, std::string_view) {
  return sign(load_integer(a, 4, false), load_integer(b, 4, false));
}

// ---- text
Parsed parse_word(void* to, size_t size, std::string_view word, ParseContext& context) {
  if (context.quoted || !plain_ascii(word)) return Parsed::no;
  return set_text(to, size, word, context);
}
Parsed parse_url(void* to, size_t size, std::string_view word, ParseContext& context) {
  const size_t colon = word.find(':');
  if (context.quoted || colon == std::string_view::npos || colon < 2 || !plain_ascii(word)) return Parsed::no;
  for (const char c : word.substr(0, colon)) {
    const char l = ascii_lower(c);
    if (!((l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '+')) return Parsed::no;
  }
  const char first = ascii_lower(word.front());
  if (first < 'a' || first > 'z') return Parsed::no;
  return set_text(to, size, word, context);
}
Parsed parse_digits(void* to, size_t size, std::string_view word, ParseContext& context) {
  if (context.quoted || word.empty()) return Parsed::no;
  for (const char c : word)
    if (c < '0' || c > '9') return Parsed::no;
  return set_text(to, size, word, context);
}
Parsed parse_hex(void* to, size_t size, std::string_view word, ParseContext& context) {
  if (context.quoted || word.empty()) return Parsed::no;
  for (const char c : word)
    if (hex_digit(c) < 0) return Parsed::no;
  const Parsed p = set_text(to, size, word, context);
  if (p != Parsed::done || to == nullptr) return p;
  char* s = static_cast<char*>(to);
  for (size_t i = 0; i < word.size(); ++i) s[i] = ascii_upper(s[i]);
  return p;
}
Parsed parse_string(void* to, size_t size, std::string_view word, ParseContext& context) {
  return set_text(to, size, word, context);
}
void print_text(Writer& out, const void* from, size_t size, std::string_view) { out.put(stored_text(from, size)); }
void print_string(Writer& out, const void* from, size_t size, std::string_view) {
  const std::string_view s = stored_text(from, size);
  const bool quote = s.empty() || s.find_first_of(" \t") != std::string_view::npos;
  if (quote) out.put('"').put(s).put('"');
  else out.put(s);
}
int compare_text(const void* a, const void* b, size_t size, std::string_view) {
  const std::string_view x = stored_text(a, size), y = stored_text(b, size);
  return x.compare(y);
}

// ---- collectors: the bytes themselves are gathered and printed by the engine
Parsed parse_nothing(void*, size_t, std::string_view, ParseContext&) { return Parsed::no; }
Parsed parse_banner(void*, size_t, std::string_view word, ParseContext&) { return word.empty() ? Parsed::no : Parsed::done; }
void print_nothing(Writer&, const void*, size_t, std::string_view) {}
int compare_nothing(const void*, const void*, size_t, std::string_view) { return 0; }

constexpr size_t kTextScratch = 256;
constexpr size_t kLineScratch = 4097;

constexpr ValueKind kKinds[] = {
    {3, false, "Number", parse_range, print_range, compare_range, 8},
    {3, false, "IP address", parse_address, print_address, compare_address, sizeof(Ipv4)},
    {3, false, "IP subnet mask", parse_mask, print_address, compare_address, sizeof(Ipv4)},
    {3, false, "MAC address", parse_mac, print_mac, compare_mac, sizeof(Mac)},
    {3, false, "Interface name", parse_ifname, print_ifname, compare_ifname, sizeof(Interface)},
    {4, false, "Password, or its type and the password", parse_pw6, print_password, compare_password, sizeof(Password)},
    {4, false, "Password, or its type and the password", parse_pw01, print_password, compare_password, sizeof(Password)},
    {4, false, "Password, or its type and the password", parse_pw07, print_password, compare_password, sizeof(Password)},
    {4, false, "Secret, or its type and the secret", parse_pws, print_password, compare_password, sizeof(Password)},
    {4, false, "PIN of digits, or its type and the PIN", parse_pin, print_password, compare_password, sizeof(Password)},
    {4, false, "Four digits, or the type and the text", parse_ata, print_password, compare_password, sizeof(Password)},
    {3, false, "File or server: flash:name, http://host/path", parse_url, print_text, compare_text, kTextScratch},
    {3, false, "Digits", parse_digits, print_text, compare_text, kTextScratch},
    {3, false, "Hexadecimal digits", parse_hex, print_text, compare_text, kTextScratch},
    {3, false, "Button, separator, directory number: 1:2", parse_button, print_button, compare_button, sizeof(Button)},
    {3, false, "Time of day", parse_time, print_time, compare_range, 8},
    {3, false, "Time of day, hours and minutes", parse_minutes, print_minutes, compare_range, 8},
    {3, false, "Month of the year", parse_month, print_month, compare_range, 8},
    {4, false, "Word", parse_word, print_text, compare_text, kTextScratch},
    {4, false, "Word, or text in double quotes", parse_string, print_string, compare_text, kTextScratch},
    {5, true, "Text up to the end of the line", parse_string, print_text, compare_text, kLineScratch},
    {6, false, "Certificate in hexadecimal, on the next lines", parse_nothing, print_nothing, compare_nothing, sizeof(Kept)},
    {5, true, "c text c, where 'c' is a delimiting character", parse_banner, print_nothing, compare_nothing, sizeof(Kept)},
};
static_assert(sizeof(kKinds) / sizeof(kKinds[0]) == static_cast<size_t>(Value::none));

}  // namespace

const ValueKind& kind_of(Value v) { return kKinds[static_cast<size_t>(v)]; }

}  // namespace parley::cli
