// Words of a matched line into a record, and into normalised text (STORE).
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/impl.h"

namespace parley::cli {
namespace {

const Element* element_at(const Layout& l, uint16_t leaf) {
  for (size_t i = 0; i < l.count; ++i)
    if (l.elements[i].at == leaf && (l.elements[i].part == Part::keyword || l.elements[i].part == Part::value)) return &l.elements[i];
  return nullptr;
}

// The word as the value sees it: quotes taken off where they only group.
std::string_view word_of(const Words& words, size_t i, Value v, bool& quoted) {
  const ValueKind& kind = kind_of(v);
  quoted = words.words[i].quoted && !kind.raw_rest;
  if (kind.raw_rest) return words.rest(i);
  if (quoted && v != Value::string && words.value(i).find(' ') == std::string_view::npos) {
    quoted = false;
    return words.raw(i);
  }
  return words.value(i);
}

bool append_choice(uint8_t* list, const Member& m, uint8_t number) {
  uint32_t& n = *reinterpret_cast<uint32_t*>(list);
  const size_t room = (m.size - 4u) / m.item;
  for (uint32_t i = 0; i < n; ++i)
    if (list[4 + i] == number) return false;               // no element twice
  if (n == room) return false;
  list[4 + n++] = number;
  return true;
}

}  // namespace

bool Binder::has_content() const {
  if (plan.layout.arrow < 0) return false;
  return match.count != 0 && match.steps[match.count - 1].leaf > plan.layout.arrow;
}

// Lists that the line gives begin empty, whatever their default is.
void Binder::empty_lists(void* record, Which which) const {
  for (size_t i = 0; i < match.count; ++i) {
    const Element* e = element_at(plan.layout, match.steps[i].leaf);
    if (e == nullptr || (which != Which::all && plan.is_key(*e) != (which == Which::key))) continue;
    const Element* list = e->part == Part::value ? e : (e->parent == kNoParent ? nullptr : &plan.layout.elements[e->parent]);
    if (list == nullptr || list->slot < 0 || plan.member(*list).item == 0) continue;
    memset(at(record, plan.member(*list)), 0, plan.member(*list).size);
  }
}

Verdict Binder::bind(void* record, Which which, Writer& refusal, uint16_t& offset) const {
  const Layout& l = plan.layout;
  empty_lists(record, which);
  for (size_t i = 0; i < match.count; ++i) {
    const Step& s = match.steps[i];
    const Element* e = element_at(l, s.leaf);
    if (e == nullptr) continue;
    if (which != Which::all && plan.is_key(*e) != (which == Which::key)) continue;
    offset = words.words[s.word].at;
    const Element* child = e;
    for (uint8_t p = e->parent; p != kNoParent; child = &l.elements[p], p = l.elements[p].parent) {
      const Element& g = l.elements[p];
      if (g.slot < 0) continue;
      uint8_t* to = at(record, plan.member(g));
      if (g.part == Part::choice && g.repeated) {
        if (!append_choice(to, plan.member(g), child->alternative)) return Verdict::invalid;
      } else if (g.part == Part::choice) *to = child->alternative;
      else if (g.part == Part::option && g.bars) *to = static_cast<uint8_t>(child->alternative + 1);
      else *to = 1;
    }
    if (e->part != Part::value || e->slot < 0) continue;
    const Member& m = plan.member(*e);
    uint8_t* to = at(record, m);
    size_t size = m.size;
    if (m.item != 0) {
      uint32_t& n = *reinterpret_cast<uint32_t*>(to);
      if (s.phase == 0 && n == (m.size - 4u) / m.item) return Verdict::invalid;
      const uint32_t index = s.phase == 0 ? n++ : n - 1;
      to += 4 + size_t{index} * m.item;
      size = m.item;
    }
    ParseContext c;
    const std::string_view word = word_of(words, s.word, e->value, c.quoted);
    c.spec = plan.spec(*e);
    c.previous = s.word > 0 ? words.raw(s.word - 1u) : std::string_view();
    c.phase = s.phase;
    c.more_words = s.word + 1u < words.count;
    c.loading = loading;
    c.passwords = passwords;
    c.refusal = &refusal;
    if (e->value == Value::banner) continue;               // bytes come from the collector
    const Parsed parsed = kind_of(e->value).parse(to, size, word, c);
    if (parsed == Parsed::no) return Verdict::invalid;
    if (parsed == Parsed::refused) return Verdict::refused;
  }
  if (kept == nullptr) return Verdict::ok;
  for (size_t i = 0; i < l.count; ++i)
    if (l.elements[i].slot >= 0 && (l.elements[i].value == Value::cert_hex || l.elements[i].value == Value::banner))
      memcpy(at(record, plan.member(l.elements[i])), kept, sizeof *kept);
  return Verdict::ok;
}

void Binder::text(Writer& out, size_t& key_size) const {
  const Layout& l = plan.layout;
  char buffer[kLineMost];
  FixedWriter w(buffer);
  key_size = 0;
  bool key_done = false;
  alignas(8) uint8_t scratch[kLineMost + 8];
  for (size_t i = 0; i < match.count; ++i) {
    const Step& s = match.steps[i];
    const Element* e = element_at(l, s.leaf);
    if (e == nullptr || (e->parent != kNoParent && l.elements[e->parent].part == Part::hidden)) continue;
    if (!plan.is_key(*e) && !key_done) { key_size = w.view().size(); key_done = true; }
    const bool goes_on = i + 1 < match.count && match.steps[i + 1].phase > s.phase && match.steps[i + 1].leaf == s.leaf;
    if (!goes_on && !w.view().empty()) w.put(' ');
    if (e->part == Part::keyword) { w.put(keyword_main(plan.spec(*e))); continue; }
    const ValueKind& kind = kind_of(e->value);
    ParseContext c;
    const std::string_view word = word_of(words, s.word, e->value, c.quoted);
    c.spec = plan.spec(*e);
    c.phase = s.phase;
    c.more_words = s.word + 1u < words.count;
    c.loading = loading;
    if (s.phase == 0) memset(scratch, 0, kind.scratch);
    if (kind.parse(scratch, kind.scratch, word, c) == Parsed::done) kind.print(w, scratch, kind.scratch, c.spec);
    else if (!goes_on) w.put(word);
  }
  if (!key_done) key_size = w.view().size();
  out.put(w.view());
}

}  // namespace parley::cli
