// The syntax string of a row: its lexemes, groups and slots. Read by the compiler (checks) and by the engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace parley::cli {

// Value types, in the order of kValueNames. `range` is written <lo-hi>.
enum class Value : uint8_t {
  range, address, mask, mac, interface, pw6, pw01, pw07, pws, pin, ata, url, digits, hex, button, time, minutes, month, word, string, line,
  cert_hex, banner, none,
};
constexpr std::string_view kValueNames[] = {
    "<>", "A.B.C.D", "MASK", "H.H.H", "IFNAME", "PW6", "PW01", "PW07", "PWS", "PIN", "ATA-PW", "URL", "DIGITS", "HEX", "BUTTON",
    "hh:mm:ss", "hh:mm", "MONTH", "WORD", "STRING", "LINE", "CERT-HEX", "BANNER",
};

constexpr Value value_named(std::string_view word) {
  if (word.empty()) return Value::none;
  const char c = word.front();
  if (c == '<') return word.size() > 1 ? Value::range : Value::none;
  if (c != 'h' && (c < 'A' || c > 'Z')) return Value::none;      // most words are keywords
  for (size_t i = 1; i < sizeof(kValueNames) / sizeof(kValueNames[0]); ++i)
    if (kValueNames[i].front() == c && kValueNames[i] == word) return static_cast<Value>(i);
  return Value::none;
}

enum class Part : uint8_t { end, keyword, value, choice, option, hidden, shown, close, bar, amp, arrow };

// One lexeme of a syntax string: keyword or value text, or one bracket or sign.
struct Lexeme {
  Part part = Part::end;
  uint16_t at = 0;          // offset in the string
  uint16_t length = 0;      // of the text, without "..."
  uint16_t next = 0;        // offset behind it, "..." included
  bool repeated = false;    // "..." follows
};

constexpr bool ends_word(char c) {
  return c == '\0' || c == ' ' || c == '{' || c == '}' || c == '[' || c == ']' || c == '(' || c == ')' || c == '|';
}
constexpr bool three_dots(const char* s) { return s[0] == '.' && s[1] == '.' && s[2] == '.'; }

constexpr Lexeme lexeme_at(const char* s, size_t at) {
  while (s[at] == ' ') ++at;
  Lexeme x;
  x.at = static_cast<uint16_t>(at);
  x.length = 1;
  size_t end = at + 1;
  switch (s[at]) {
    case '\0': x.length = 0; x.next = x.at; return x;
    case '{': x.part = Part::choice; break;
    case '(': x.part = Part::shown; break;
    case '|': x.part = Part::bar; break;
    case ')': case ']': x.part = Part::close; break;
    case '}':
      x.part = Part::close;
      if (three_dots(s + end)) { x.repeated = true; end += 3; }
      break;
    case '[':
      x.part = Part::option;
      if (s[end] == '~') { x.part = Part::hidden; ++end; }
      break;
    default:
      while (!ends_word(s[end])) ++end;
      if (end - at == 1 && s[at] == '&') { x.part = Part::amp; break; }
      if (end - at == 2 && s[at] == '-' && s[at + 1] == '>') { x.part = Part::arrow; x.length = 2; break; }
      x.part = Part::keyword;
      x.length = static_cast<uint16_t>(end - at);
      if (x.length > 3 && three_dots(s + end - 3)) { x.length = static_cast<uint16_t>(x.length - 3); x.repeated = true; }
      if (value_named(std::string_view(s + at, x.length)) != Value::none) x.part = Part::value;
      break;
  }
  x.next = static_cast<uint16_t>(end);
  return x;
}

constexpr std::string_view text_of(const char* s, const Lexeme& x) { return std::string_view(s + x.at, x.length); }
constexpr bool opens(Part p) { return p == Part::choice || p == Part::option || p == Part::hidden || p == Part::shown; }

struct Range {
  int64_t lo = 0;
  int64_t hi = -1;          // hi < lo: not a range
};
constexpr Range range_of(std::string_view text) {  // "<-23-23>"
  size_t i = 1;
  int64_t number[2] = {0, 0};
  for (int k = 0; k < 2; ++k) {
    const bool minus = i < text.size() && text[i] == '-';
    if (minus) ++i;
    const size_t first = i;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') number[k] = number[k] * 10 + (text[i++] - '0');
    if (i == first || i >= text.size() || text[i] != (k == 0 ? '-' : '>')) return {};
    if (minus) number[k] = -number[k];
    ++i;
  }
  if (i != text.size()) return {};
  return {number[0], number[1]};
}

// A syntax string taken apart: groups, words and the slot (member) each of them binds. Small; made when needed.
struct Element {
  Part part = Part::end;    // keyword, value, choice, option, hidden, shown; amp = one part of an "&" group; arrow
  Value value = Value::none;
  bool repeated = false;
  bool bars = false;        // group: has alternatives
  bool amps = false;        // group: has "&" parts
  bool leading = false;     // keyword before anything else
  int8_t slot = -1;
  uint8_t parent = 0xff;    // element, 0xff = the row itself
  uint8_t alternative = 0;  // its number inside the parent
  uint16_t at = 0;          // words: text; groups: the bracket
  uint16_t length = 0;
  uint16_t end = 0;         // groups: offset of the closing bracket (amp part: of the sign that ends it)
};

struct Layout {
  static constexpr size_t kMax = 72;
  Element elements[kMax];
  uint8_t count = 0;
  uint8_t slots = 0;
  int16_t arrow = -1;       // offset of "->"
  const char* wrong = nullptr;
};

constexpr uint8_t kNoParent = 0xff;

namespace syntax_detail {
constexpr Element* add(Layout& l, const Lexeme& x, uint8_t parent, uint8_t alternative) {
  if (l.count == Layout::kMax) { l.wrong = "syntax has too many parts"; return nullptr; }
  Element& e = l.elements[l.count++];
  e = Element{};
  e.part = x.part;
  e.at = x.at;
  e.length = x.length;
  e.repeated = x.repeated;
  e.parent = parent;
  e.alternative = alternative;
  return &e;
}

// Looks ahead inside a group: alternatives, "&" parts, "..." behind it, and whether a value or choice stands directly in it.
struct Glance {
  bool bars = false, amps = false, repeated = false;
  bool content = false;       // up to the first "&" of the same level
  uint16_t close = 0;
};
constexpr Glance glance(const char* s, size_t at) {
  Glance g;
  size_t depth = 0;
  for (;;) {
    const Lexeme x = lexeme_at(s, at);
    g.close = x.at;
    if (x.part == Part::end) return g;
    if (depth == 0 && (x.part == Part::value || x.part == Part::choice) && !g.amps) g.content = true;
    if (opens(x.part)) ++depth;
    if (x.part == Part::close && depth-- == 0) { g.repeated = x.repeated; return g; }
    if (depth == 0 && x.part == Part::bar) g.bars = true;
    if (depth == 0 && x.part == Part::amp) g.amps = true;
    at = x.next;
  }
}
// Does the "&" part that starts here hold a value or choice directly?
constexpr bool part_has_content(const char* s, size_t at) { return glance(s, at).content; }
}  // namespace syntax_detail

constexpr void lay_out(const char* s, Layout& l) {
  using namespace syntax_detail;
  constexpr size_t kDepth = 8;
  uint8_t stack[kDepth] = {};      // open groups (elements)
  uint8_t alternatives[kDepth + 1] = {};
  size_t depth = 0, hidden = 0;
  bool leading = true;
  l.count = 0; l.slots = 0; l.arrow = -1; l.wrong = nullptr;
  const auto take_slot = [&l, &hidden](Element* e) { if (e != nullptr && hidden == 0) e->slot = static_cast<int8_t>(l.slots++); };
  const auto open_amp = [&](uint16_t at) {
    Lexeme x;
    x.part = Part::amp;
    x.at = at;
    Element* e = add(l, x, stack[depth - 1], alternatives[depth]);
    if (e != nullptr && !part_has_content(s, at)) take_slot(e);
  };
  uint8_t amp = kNoParent;         // current "&" part
  size_t amp_depth = 0;
  for (size_t at = 0; l.wrong == nullptr;) {
    const Lexeme x = lexeme_at(s, at);
    at = x.next;
    const uint8_t group = depth == 0 ? kNoParent : stack[depth - 1];
    const uint8_t parent = amp != kNoParent && amp_depth == depth ? amp : group;
    if (x.part == Part::end) break;
    if (x.part == Part::keyword || x.part == Part::value) {
      Element* e = add(l, x, parent, alternatives[depth]);
      if (e == nullptr) return;
      if (x.part == Part::value) {
        e->value = value_named(text_of(s, x));
        take_slot(e);
        leading = false;
      }
      e->leading = leading;
    } else if (opens(x.part)) {
      if (depth == kDepth) { l.wrong = "groups are nested too deep"; return; }
      const Glance g = glance(s, x.next);
      leading = false;
      if (x.part == Part::hidden) ++hidden;
      Element* e = add(l, x, parent, alternatives[depth]);
      if (e == nullptr) return;
      e->bars = g.bars; e->amps = g.amps; e->repeated = g.repeated; e->end = g.close;
      if (x.part == Part::choice || (x.part == Part::option && (g.bars || (!g.amps && !g.content)))) take_slot(e);
      if (x.part == Part::choice && g.repeated) ++hidden;   // one list slot, nothing inside
      stack[depth++] = static_cast<uint8_t>(l.count - 1);
      alternatives[depth] = 0;
      if (g.amps) { open_amp(x.next); amp = static_cast<uint8_t>(l.count - 1); amp_depth = depth; }
    } else if (x.part == Part::close) {
      if (depth == 0) { l.wrong = "a bracket closes that was not opened"; return; }
      if (amp != kNoParent && amp_depth == depth) { l.elements[amp].end = x.at; amp = kNoParent; }
      const Element& e = l.elements[stack[--depth]];
      const char open = s[e.at];
      if ((open == '{') != (s[x.at] == '}') || (open == '[') != (s[x.at] == ']')) { l.wrong = "brackets do not match"; return; }
      if (e.part == Part::hidden || (e.part == Part::choice && e.repeated)) --hidden;
    } else if (x.part == Part::bar || x.part == Part::amp) {
      if (depth == 0) { l.wrong = "| or & outside a group"; return; }
      ++alternatives[depth];
      if (x.part == Part::amp) {
        l.elements[amp].end = x.at;
        open_amp(x.next);
        amp = static_cast<uint8_t>(l.count - 1);
      }
    } else if (x.part == Part::arrow) {
      if (depth != 0) { l.wrong = "-> inside a group"; return; }
      if (add(l, x, kNoParent, 0) == nullptr) return;
      l.arrow = static_cast<int16_t>(x.at);
      leading = false;
    }
  }
  if (depth != 0) l.wrong = "a bracket is not closed";
}

}  // namespace parley::cli
