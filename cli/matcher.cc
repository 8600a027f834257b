// The matcher: a set of places in syntax strings, narrowed by each word.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/matcher.h"

#include <utility>

#include "cli/value_kinds.h"

namespace parley::cli {
namespace {

// Innermost group that is open at `at`; returns the offset behind its bracket.
size_t open_of(const char* s, size_t at) {
  size_t stack[8] = {};
  size_t depth = 0;
  for (size_t i = 0;;) {
    const Lexeme x = lexeme_at(s, i);
    if (x.part == Part::end || x.at >= at) return depth == 0 ? 0 : stack[depth - 1];
    if (opens(x.part)) stack[depth++] = x.next;
    if (x.part == Part::close) --depth;
    i = x.next;
  }
}

// The sign ("|" or "&") or bracket that ends the part which starts at `at`.
Lexeme part_end(const char* s, size_t at) {
  size_t depth = 0;
  for (;;) {
    const Lexeme x = lexeme_at(s, at);
    if (x.part == Part::end) return x;
    if (depth == 0 && (x.part == Part::bar || x.part == Part::amp || x.part == Part::close)) return x;
    if (opens(x.part)) ++depth;
    if (x.part == Part::close) --depth;
    at = x.next;
  }
}

Lexeme group_close(const char* s, size_t at) {
  for (;;) {
    const Lexeme x = part_end(s, at);
    if (x.part == Part::close || x.part == Part::end) return x;
    at = x.next;
  }
}

bool has_parts(const char* s, size_t open_next) { return part_end(s, open_next).part == Part::amp; }

}  // namespace

void Matcher::emit(uint16_t ref, uint16_t leaf, const Lexeme& lexeme, uint8_t mask, uint16_t node) {
  for (size_t i = first_emitted_; i < then_count_; ++i)
    if (then_[i].ref == ref && then_[i].leaf == leaf && then_[i].mask == mask && then_[i].phase == 0) return;
  if (then_count_ == kPlaces) return;
  then_[then_count_++] = Place{ref, leaf, node, mask, 0, lexeme};
}

void Matcher::alternatives(uint16_t ref, size_t open_next, uint8_t mask, uint16_t node) {
  const char* s = syntax(ref);
  for (size_t at = open_next;;) {
    expand(ref, at, mask, node);
    const Lexeme end = part_end(s, at);
    if (end.part != Part::bar) return;
    at = end.next;
  }
}

void Matcher::parts(uint16_t ref, size_t open_next, uint8_t mask, uint16_t node) {
  const char* s = syntax(ref);
  uint8_t bit = 1;
  for (size_t at = open_next;; bit = static_cast<uint8_t>(bit << 1)) {
    if ((mask & bit) == 0) expand(ref, at, mask | bit, node);
    const Lexeme end = part_end(s, at);
    if (end.part != Part::amp) return;
    at = end.next;
  }
}

// Adds every word that can come next when everything before `at` is done.
void Matcher::expand(uint16_t ref, size_t at, uint8_t mask, uint16_t node) {
  const char* s = syntax(ref);
  for (;;) {
    const Lexeme x = lexeme_at(s, at);
    switch (x.part) {
      case Part::end: emit(ref, kEnd, x, 0, node); return;
      case Part::keyword: case Part::value: emit(ref, x.at, x, mask, node); return;
      case Part::arrow: at = x.next; break;
      case Part::choice: alternatives(ref, x.next, mask, node); return;
      case Part::option: case Part::hidden: case Part::shown:
        if (has_parts(s, x.next)) parts(ref, x.next, 0, node);
        else alternatives(ref, x.next, mask, node);
        at = group_close(s, x.next).next;
        break;
      case Part::bar: at = group_close(s, x.next).at; break;
      case Part::amp: at = group_close(s, x.next).at; break;
      case Part::close: {
        const size_t open = open_of(s, x.at);
        if (x.repeated) alternatives(ref, open, mask, node);
        if (has_parts(s, open)) {
          parts(ref, open, mask, node);
          mask = 0;
        }
        at = x.next;
        break;
      }
    }
  }
}

bool Matcher::allowed(const RowRef& ref, Sense sense) const {
  const uint8_t level = ref.row->level == 255 ? default_level_ : ref.row->level;
  if (level > privilege_) return false;
  return sense == Sense::plain || (ref.row->kind != Kind::action && ref.row->kind != Kind::builtin);
}

void Matcher::start(const RowSet& rows, const Words& words, size_t first, Sense sense) {
  rows_ = &rows;
  then_count_ = now_count_ = node_count_ = 0;
  const size_t letter = first < words.count ? RowSet::bucket(words.text[words.words[first].at]) : RowSet::kBuckets;
  for (size_t b = 0; b < RowSet::kBuckets; ++b) {
    if (b != 0 && letter != RowSet::kBuckets && b != letter) continue;
    for (uint16_t i = rows.begin(b); i < rows.end(b); ++i) {
      if (!allowed(rows[i], sense)) continue;
      first_emitted_ = then_count_;
      expand(i, 0, 0, kNone);
    }
  }
  std::swap(now_, then_);
  now_count_ = then_count_;
}

Matcher::Rank Matcher::rank(const Place& p, const Words& words, size_t word, const Lexeme& x) const {
  const std::string_view spec = text_of(syntax(p.ref), x);
  if (x.part == Part::keyword) {
    if (words.words[word].quoted || p.phase != 0) return {};
    const std::string_view w = words.raw(word);
    if (ascii_lower(w[0]) != ascii_lower(spec[0]) && spec.find('=') == std::string_view::npos) return {};
    if (keyword_exact(spec, w)) return {1, false, false};
    return keyword_prefix(spec, w) ? Rank{2, false, false} : Rank{};
  }
  const Value v = value_named(spec);
  const ValueKind& kind = kind_of(v);
  ParseContext context;
  context.spec = spec;
  context.phase = p.phase;
  context.more_words = word + 1 < words.count;
  context.quoted = words.words[word].quoted && !kind.raw_rest;
  const bool keeps_quotes = v != Value::string && context.quoted && words.value(word).find(' ') == std::string_view::npos;
  if (keeps_quotes) context.quoted = false;      // a quote without blanks is an ordinary character of a word
  const std::string_view text = kind.raw_rest ? words.rest(word) : (keeps_quotes ? words.raw(word) : words.value(word));
  const Parsed parsed = kind.parse(nullptr, 0, text, context);
  if (parsed == Parsed::no) return {};
  return {kind.priority, parsed == Parsed::more, kind.raw_rest};
}

uint16_t Matcher::caret(const Words& words, size_t word) const {
  size_t best = 0;
  const std::string_view w = words.raw(word);
  for (size_t i = 0; i < now_count_; ++i) {
    if (now_[i].leaf == kEnd) continue;
    const Lexeme& x = now_[i].lexeme;
    const std::string_view spec = text_of(syntax(now_[i].ref), x);
    size_t shared = 0;
    if (x.part == Part::keyword && now_[i].phase == 0) shared = common_prefix(keyword_main(spec), w);
    else if (value_named(spec) == Value::word)     // the first character that is not ASCII
      while (shared < w.size() && plain_ascii(w.substr(shared, 1))) ++shared;
    if (shared < w.size() && shared > best) best = shared;
  }
  return static_cast<uint16_t>(words.words[word].at + best);
}

// A word that begins one keyword of the help and others only of hidden rows means the first (`en` is enable, not end).
bool Matcher::prefer_visible() {
  std::string_view visible;
  for (size_t i = 0; i < now_count_; ++i) {
    if (ranks_[i].priority != 2 || (*rows_)[now_[i].ref].row->is(kHidden)) continue;
    const std::string_view main = main_of(now_[i]);
    if (visible.empty()) visible = main;
    else if (!equal_nocase(visible, main)) return false;
  }
  if (visible.empty()) return false;
  for (size_t i = 0; i < now_count_; ++i)
    if (ranks_[i].priority == 2 && !equal_nocase(main_of(now_[i]), visible)) ranks_[i].priority = 0xff;
  return true;
}

std::string_view Matcher::main_of(const Place& p) const {
  return keyword_main(text_of(syntax(p.ref), p.lexeme));
}

// Narrows the places by one word.
Matched Matcher::step(const Words& words, size_t word, uint16_t& offset, bool& rest) {
  static_assert(kPlaces <= 0xffff);
  uint8_t best = 0xff;
  bool ambiguous = false;
  std::string_view keyword;
  for (size_t i = 0; i < now_count_; ++i) {
    ranks_[i] = {};
    if (now_[i].leaf == kEnd) continue;
    const Lexeme& x = now_[i].lexeme;
    ranks_[i] = rank(now_[i], words, word, x);
    if (ranks_[i].priority > best || ranks_[i].priority == 0xff) continue;
    const bool better = ranks_[i].priority < best;
    best = ranks_[i].priority;
    if (best != 2) { ambiguous = false; continue; }
    const std::string_view main = keyword_main(text_of(syntax(now_[i].ref), x));
    if (better) { keyword = main; ambiguous = false; }
    else if (!equal_nocase(keyword, main)) ambiguous = true;
  }
  if (best == 0xff) {
    offset = caret(words, word);
    return Matched::invalid;
  }
  if (ambiguous && !prefer_visible()) return Matched::ambiguous;
  then_count_ = 0;
  rest = false;
  for (size_t i = 0; i < now_count_; ++i) {
    if (ranks_[i].priority != best || node_count_ == kNodes) continue;
    const Place p = now_[i];
    const Lexeme& x = p.lexeme;
    const uint16_t node = static_cast<uint16_t>(node_count_++);
    nodes_[node] = Node{p.leaf, p.node, static_cast<uint8_t>(word), p.phase};
    first_emitted_ = then_count_;
    rest = rest || ranks_[i].rest;
    if (ranks_[i].more) {
      if (then_count_ < kPlaces) then_[then_count_++] = Place{p.ref, p.leaf, node, p.mask, static_cast<uint8_t>(p.phase + 1), x};
      continue;
    }
    if (x.repeated) emit(p.ref, p.leaf, x, p.mask, node);
    expand(p.ref, x.next, p.mask, node);
  }
  std::swap(now_, then_);
  now_count_ = then_count_;
  return Matched::complete;
}

// May the row end at this place? partial: only because of `no`, or because the key of a block is there.
bool Matcher::may_end(const Place& p, Sense sense, bool& partial) const {
  partial = false;
  if (p.leaf == kEnd) return true;
  const Row& row = *(*rows_)[p.ref].row;
  const Lexeme& x = p.lexeme;
  if (x.part == Part::value && value_named(text_of(row.syntax, x)) == Value::cert_hex && sense == Sense::plain) return true;
  partial = true;
  const bool keyed = row.kind == Kind::list || row.kind == Kind::sorted_list || row.kind == Kind::block || row.kind == Kind::stores ||
                     row.kind == Kind::single;
  if (keyed) {
    if (sense == Sense::plain && row.kind != Kind::block) return false;
    for (size_t at = 0;;) {                      // is "->" before this place?
      const Lexeme y = lexeme_at(row.syntax, at);
      if (y.part == Part::end || y.at >= p.leaf) return false;
      if (y.part == Part::arrow) return true;
      at = y.next;
    }
  }
  if (sense == Sense::plain || p.node == kNone) return false;
  const uint16_t leading = last_leading(row.syntax);
  return leading != kNone && nodes_[p.node].leaf >= leading;
}

void Matcher::finish(Sense sense, Match& out) const {
  out.result = Matched::incomplete;
  const Place* best = nullptr;
  for (size_t i = 0; i < now_count_; ++i) {
    bool partial = false;
    if (!may_end(now_[i], sense, partial)) continue;
    const bool same_row = best != nullptr && best->ref == now_[i].ref;
    if (best != nullptr && !same_row && partial == out.partial) ++out.rows;
    if (best != nullptr && (partial || !out.partial)) continue;   // a complete row beats an early end
    if (best == nullptr || !same_row) out.rows = 1;
    best = &now_[i];
    out.partial = partial;
  }
  if (best == nullptr) return;
  out.result = Matched::complete;
  out.ref = (*rows_)[best->ref];
  out.collector = best->leaf != kEnd && !out.partial ? best->leaf : kNone;
  size_t n = 0;
  for (uint16_t node = best->node; node != kNone; node = nodes_[node].parent) ++n;
  out.count = static_cast<uint8_t>(n);
  for (uint16_t node = best->node; node != kNone; node = nodes_[node].parent)
    out.steps[--n] = Step{nodes_[node].leaf, nodes_[node].word, nodes_[node].phase};
}

void Matcher::match(const RowSet& rows, const Words& words, size_t first, Sense sense, Match& out) {
  out.result = Matched::invalid;
  out.count = 0;
  out.rows = 0;
  out.partial = false;
  out.collector = kNone;
  out.offset = first < words.count ? words.words[first].at : words.end;
  if (words.too_many) return;
  start(rows, words, first, sense);
  for (size_t i = first; i < words.count; ++i) {
    bool rest = false;
    out.result = step(words, i, out.offset, rest);
    if (out.result != Matched::complete) return;
    if (rest) break;
  }
  finish(sense, out);
}

Matched Matcher::explore(const RowSet& rows, const Words& words, size_t first, size_t count, Sense sense, bool& can_end) {
  Words none;
  start(rows, count > first ? words : none, first, sense);
  can_end = false;
  for (size_t i = first; i < count; ++i) {
    bool rest = false;
    uint16_t offset = 0;
    const Matched m = step(words, i, offset, rest);
    if (m != Matched::complete) return m;
    if (rest) break;
  }
  for (size_t i = 0; i < now_count_ && count > first; ++i) {
    bool partial = false;
    can_end = can_end || may_end(now_[i], sense, partial);
  }
  return Matched::complete;
}

bool Matcher::next(size_t i, Next& out) const {
  const Place& p = now_[i];
  const RowRef& ref = (*rows_)[p.ref];
  out.row = ref.row;             // known at the end of a row too
  if (p.leaf == kEnd) return false;
  out.module = ref.module;
  out.lexeme = p.lexeme;
  out.leading = last_leading(ref.row->syntax) == p.leaf;
  return true;
}

}  // namespace parley::cli
