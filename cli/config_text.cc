// The running-config text, written from the rows (R-12.2, R-12.3, R-12.6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/impl.h"

namespace parley::cli {
namespace {

// Walks a layout with a record. Elements are in order of the syntax; children follow their parent.
class RowWriter {
 public:
  RowWriter(const Plan& plan, const void* record, const void* defaults, bool conceal)
      : plan_(plan), record_(record), defaults_(defaults), conceal_(conceal) {}

  bool write(Writer& out, size_t& length) {
    sequence(kNoParent, 0);
    out.put(w_.view());
    length = w_.view().size();
    return !failed_ && w_.ok();
  }

 private:
  const Layout& l() const { return plan_.layout; }
  uint8_t byte(const Element& e) const { return *at(record_, plan_.member(e)); }

  void put(const Element& e, std::string_view text) {
    size_t blanks = 0, run = 0;
    for (size_t i = e.at; i-- > 0;) {               // blanks of the syntax are the written blanks
      const char c = plan_.row.syntax[i];
      if (c == ' ') run++;
      else if (c == '{' || c == '[' || c == '(' || c == '|' || c == '&') run = 0;
      else break;
      blanks = run > blanks ? run : blanks;
    }
    if (!w_.view().empty()) w_.pad(blanks == 0 ? 1 : blanks);
    w_.put(text);
  }

  bool inside(size_t i, size_t group) const {
    for (uint8_t p = l().elements[i].parent; p != kNoParent; p = l().elements[p].parent)
      if (p == group) return true;
    return false;
  }
  // Does something inside differ from its default, and can everything needed be written?
  bool differs(size_t group) const {
    bool any = false;
    for (size_t i = group + 1; i < l().count; ++i)
      if (inside(i, group) && l().elements[i].slot >= 0 && !plan_.same(l().elements[i], record_, defaults_)) any = true;
    return any && !empty(group);
  }
  bool empty(size_t group) const {                  // a value directly inside that cannot be written
    for (size_t i = group + 1; i < l().count; ++i) {
      const Element& e = l().elements[i];
      if (e.parent == group && e.part == Part::value && e.slot >= 0 && e.value != Value::cert_hex && plan_.blank(e, record_)) return true;
    }
    return false;
  }

  void sequence(uint8_t parent, uint8_t alternative) {
    for (size_t i = 0; i < l().count && !failed_; ++i)
      if (l().elements[i].parent == parent && (parent == kNoParent || l().elements[i].alternative == alternative)) element(i);
  }

  void element(size_t i) {
    const Element& e = l().elements[i];
    const uint8_t self = static_cast<uint8_t>(i);
    switch (e.part) {
      case Part::keyword: put(e, keyword_main(plan_.spec(e))); break;
      case Part::value: value(e); break;
      case Part::choice:
        if (e.repeated) repeated_choice(e, self);
        else sequence(self, byte(e));
        break;
      case Part::option:
        if (e.bars) { if (byte(e) != 0) sequence(self, static_cast<uint8_t>(byte(e) - 1)); }
        else if (e.amps) parts(self);
        else if (e.slot >= 0 ? byte(e) != 0 : differs(i)) sequence(self, 0);
        break;
      case Part::shown: if (!empty(i)) sequence(self, 0); break;
      default: break;                               // hidden parts, "->"
    }
  }

  void parts(uint8_t group) {
    for (size_t i = group + 1u; i < l().count; ++i) {
      const Element& e = l().elements[i];
      if (e.part != Part::amp || e.parent != group || !(e.slot >= 0 ? byte(e) != 0 : differs(i))) continue;
      for (size_t k = i + 1; k < l().count && !failed_; ++k)
        if (l().elements[k].parent == i) element(k);
    }
  }

  void repeated_choice(const Element& e, uint8_t group) {
    const uint8_t* list = at(record_, plan_.member(e));
    const uint32_t n = *reinterpret_cast<const uint32_t*>(list);
    if (n == 0) failed_ = true;
    for (uint32_t k = 0; k < n; ++k) sequence(group, list[4 + k]);
  }

  void value(const Element& e) {
    if (e.value == Value::cert_hex) return;
    const Member& m = plan_.member(e);
    const uint8_t* from = at(record_, m);
    if (plan_.blank(e, record_)) { failed_ = true; return; }
    put(e, {});
    if (e.value == Value::banner) return;
    if (conceal_ && e.value >= Value::pw6 && e.value <= Value::ata) { w_.put("<removed>"); return; }
    const ValueKind& kind = kind_of(e.value);
    if (m.item == 0) { kind.print(w_, from, m.size, plan_.spec(e)); return; }
    const uint32_t n = *reinterpret_cast<const uint32_t*>(from);
    for (uint32_t k = 0; k < n; ++k) {
      if (k != 0) w_.put(' ');
      kind.print(w_, from + 4 + size_t{k} * m.item, m.item, plan_.spec(e));
    }
  }

  const Plan& plan_;
  const void* record_;
  const void* defaults_;
  const bool conceal_;
  char buffer_[kLineMost + 512];
  FixedWriter w_{buffer_};
  bool failed_ = false;
};

void write_certificate(Writer& out, Bytes der, size_t indent) {   // R-12.7
  for (size_t i = 0; i < der.size(); i += 32) {
    out.pad(indent);
    for (size_t k = i; k < der.size() && k < i + 32; k += 4) {
      const size_t n = der.size() - k < 4 ? der.size() - k : 4;
      if (k != i) out.put(' ');
      out.hex_bytes(der.data() + k, n);
    }
    out.put('\n');
  }
  out.pad(indent).put("quit\n");
}

void write_banner(Writer& out, std::string_view text) {
  std::string_view delimiter = "^C";
  if (text.find("^C") != std::string_view::npos || text.find('\x03') != std::string_view::npos)
    for (const std::string_view other : {"#", "~", "@", "$", "%", "*"})
      if (delimiter == "^C" && text.find(other) == std::string_view::npos) delimiter = other;
  out.put(' ').put(delimiter).put(text).put(delimiter).put('\n');
}

}  // namespace

bool write_row(Writer& out, const Plan& plan, const void* record, const void* defaults, bool conceal) {
  size_t length = 0;
  RowWriter writer(plan, record, defaults, conceal);
  return writer.write(out, length);
}

void Page::line(size_t indent, std::string_view text) {
  out.pad(indent).put(text).put('\n');
  ++lines;
  bang = false;
}

void Page::mark() {
  if (bang) return;
  out.put("!\n");
  ++lines;
  bang = true;
}

// A complete line of a row, with what follows it (certificate, banner).
void Engine::Impl::write_line(Page& page, const Plan& plan, const void* record, const void* defaults, size_t indent) {
  char buffer[kLineMost + 512];
  FixedWriter w(buffer);
  if (!write_row(w, plan, record, defaults, page.scope == PrintScope::concealed)) return;
  for (size_t i = 0; i < plan.layout.count; ++i) {
    const Element& e = plan.layout.elements[i];
    if (e.slot < 0 || (e.value != Value::cert_hex && e.value != Value::banner)) continue;
    const Kept& kept = *reinterpret_cast<const Kept*>(at(record, plan.member(e)));
    if (e.value == Value::banner) {
      std::string_view text = w.view();
      while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
      page.out.pad(indent).put(text);
      write_banner(page.out, as_text(kept.view()));
      ++page.lines;
      page.bang = false;
      return;
    }
    if (kept.size == 0) return;
    page.line(indent, w.view());
    write_certificate(page.out, kept.view(), indent + 1);
    page.lines += kept.size / 32 + 2;
    return;
  }
  page.line(indent, w.view());
}

TextPool::Id Engine::Impl::write_texts(Page& page, TextPool::Id i, size_t indent) {
  for (; i != TextPool::kNone && page.lines < page.until; i = texts().next(i)) page.line(indent, texts().text(i));
  return i;
}

void Engine::Impl::write_texts(Page& page, const Row& row, uint32_t owner, size_t indent) {
  const TextPool::Id i = texts().first(owner, &row);
  if (i == TextPool::kNone && row.is(kAlways)) page.line(indent, row.syntax);
  (void)write_texts(page, i, indent);
}

void Engine::Impl::write_free(Page& page, const void* slot, uint32_t owner, size_t indent) {
  for (TextPool::Id i = texts().first(owner, slot); i != TextPool::kNone; i = texts().next(i))
    page.line(indent + texts().indent(i), texts().text(i));
}

size_t Engine::Impl::write_entries(Page& page, const Row& row, uint16_t module, const TableBase& table, size_t indent, size_t first) {
  const Plan plan(row);
  const size_t size = row.record->size;
  alignas(16) uint8_t header[kRecordMost];
  size_t i = first;
  for (; i < table.count && page.lines < page.until; ++i) {
    const void* e = entry(table, size, i);
    if (row.kind != Kind::block) { write_line(page, plan, e, row.record->defaults, indent); continue; }
    memcpy(header, e, size);
    Blob body(arena);
    Page inner{body, page.scope};
    write_body(inner, row, module, e, indent + 1);
    size_t last = i;
    while (row.is(kRanged) && last + 1 < table.count && ranges_touch(row, entry(table, size, last), entry(table, size, last + 1))) {
      Blob next(arena);
      Page other{next, page.scope};
      write_body(other, row, module, entry(table, size, last + 1), indent + 1);
      if (next.text() != body.text()) break;
      ++last;
    }
    if (row.is(kRanged)) set_range_for_print(row, header, entry(table, size, last), row.record->defaults);
    i = last;
    if (row.is(kIfContent) && body.empty()) continue;
    write_line(page, plan, header, row.record->defaults, indent);
    page.out.put(body.text());
    page.lines += inner.lines;
    if (indent == 0) page.mark();
  }
  return i;
}

void Engine::Impl::write_body(Page& page, const Row& block_row, uint16_t module, const void* record, size_t indent) {
  alignas(16) uint8_t buffer[kRecordMost];
  const Mode& mode = *block_row.block->mode;
  const void* defaults = defaults_for(&block_row, *block_row.record, record, buffer);
  write_rows(page, mode.rows, module, record, defaults, id_of(record), indent);
  if (mode.free_body) write_free(page, &mode, id_of(record), indent);
}

// A single block.
void Engine::Impl::write_block(Page& page, const Row& row, uint16_t module, const void* record, size_t indent) {
  if (id_of(record) == 0 && !row.is(kAlways)) return;
  Blob body(arena);
  Page inner{body, page.scope};
  write_body(inner, row, module, record, indent + 1);
  if (row.is(kIfContent) && body.empty()) return;
  write_line(page, Plan(row), record, row.record->defaults, indent);
  page.out.put(body.text());
  page.lines += inner.lines;
  if (indent == 0) page.mark();
}

void Engine::Impl::write_rows(Page& page, std::span<const Row> rows, uint16_t module, const void* record, const void* defaults,
                              uint32_t owner, size_t indent) {
  for (const Row& row : rows) {
    if (row.is(kHidden)) continue;
    const bool texted = row.kind == Kind::store || row.kind == Kind::stores || row.kind == Kind::store_on;
    if (texted) { write_texts(page, row, owner, indent); continue; }
    if (row.kind == Kind::list || row.kind == Kind::sorted_list || row.kind == Kind::block) {
      (void)write_entries(page, row, module, *reinterpret_cast<const TableBase*>(at(record, row.place)), indent);
      continue;
    }
    if (row.kind == Kind::single) { write_block(page, row, module, at(record, row.place), indent); continue; }
    if (row.kind != Kind::value && row.kind != Kind::flag) continue;
    bool different = row.is(kAlways) || page.scope == PrintScope::all;
    const Plan plan(row);
    for (size_t i = 0; i < plan.layout.count && !different; ++i)
      different = plan.layout.elements[i].slot >= 0 && !plan.same(plan.layout.elements[i], record, defaults);
    if (row.kind == Kind::flag) {
      const uint8_t on = *at(record, row.members[0]), usual = *at(defaults, row.members[0]);
      if (!different && on == usual) continue;
      if (on == 0) {
        if ((usual != 0 || row.is(kAlways) || page.scope == PrintScope::all) && !row.is(kPositive)) {
          char text[160];
          FixedWriter w(text);
          const uint16_t last = last_leading(row.syntax);
          w.put("no ").put(std::string_view(row.syntax, last == 0xffff ? 0 : size_t{last} + lexeme_at(row.syntax, last).length));
          page.line(indent, w.view());
        }
        continue;
      }
      if (on != 1) continue;                        // "inherit"
    } else if (!different) {
      continue;
    }
    write_line(page, plan, record, defaults, indent);
  }
}

TextPool::Id Engine::Impl::write_stored(Page& page, TextPool::Id i) {
  for (; i != TextPool::kNone && page.lines < page.until; i = texts().next(i)) {
    page.line(0, texts().text(i));
    write_free(page, &kStoreMode, 0x80000000u + i, 1);
    page.mark();
  }
  return i;
}

// A row of (config), from where `at` stands in its table or texts. True: all of it is written.
bool Engine::Impl::print_row(Page& page, const Row& row, uint16_t module, PrintCursor& at) {
  void* config = modules[module].config;
  const bool begin = !at.inside;
  at.inside = true;
  if (row.is(kHidden)) return true;
  if (row.kind == Kind::store || row.kind == Kind::stores || row.kind == Kind::store_on) {
    if (begin) at.text = texts().first(0, &row);
    if (begin && at.text == TextPool::kNone && row.is(kAlways)) page.line(0, row.syntax);
    at.text = write_texts(page, at.text, 0);
    return at.text == TextPool::kNone;
  }
  if (row.kind == Kind::list || row.kind == Kind::sorted_list || row.kind == Kind::block) {
    const TableBase& table = *reinterpret_cast<const TableBase*>(cli::at(static_cast<const void*>(config), row.place));
    at.entry = write_entries(page, row, module, table, 0, begin ? 0 : at.entry);
    return at.entry >= table.count;
  }
  write_rows(page, std::span(&row, 1), module, config, row.owner == nullptr ? nullptr : row.owner->defaults, 0, 0);
  return true;
}

// Groups of R-12.6 by their first place: "!" follows each of them.
static size_t group_of(Place place) {
  constexpr Place kFirst[] = {Place::hostname, Place::boot, Place::card_type, Place::aaa, Place::resource, Place::password_encryption,
                              Place::isdn, Place::ctl_client, Place::voice_call, Place::pki_server, Place::username, Place::controller,
                              Place::interface, Place::logging_host, Place::control_plane, Place::dial_peer, Place::credentials,
                              Place::telephony_service, Place::ephone_template, Place::banner, Place::scheduler, Place::webvpn};
  size_t group = 0;
  for (const Place first : kFirst) group += first <= place ? 1 : 0;
  return group;
}

bool Engine::print_some(Writer& out, PrintCursor& at, size_t most_lines) {
  Page page{out, at.scope, at.lines, at.bang, most_lines >= SIZE_MAX - at.lines ? SIZE_MAX : at.lines + most_lines};
  const auto stop = [&] {
    at.lines = page.lines;
    at.bang = page.bang;
    return false;
  };
  for (; at.section < impl_->sections.size(); ++at.section, at.row = 0) {
    const SectionRef& s = impl_->sections[at.section];
    if (at.row == 0 && !at.inside) {
      if (group_of(s.section->place) != at.group) {
        if (page.lines != at.group_begin) page.mark();
        at.group = group_of(s.section->place);
        at.group_begin = page.lines;
      }
      at.before = page.lines;
    }
    for (; at.row < s.section->rows.size(); ++at.row, at.inside = false) {
      if (page.lines >= page.until || !impl_->print_row(page, s.section->rows[at.row], s.module, at)) return stop();
    }
    if (s.section->bang && page.lines != at.before) page.mark();
  }
  if (!at.inside) {
    if (page.lines != at.group_begin) page.mark();
    at.text = impl_->texts().first(0, &kStoreMode);
  }
  at.inside = true;
  at.text = impl_->write_stored(page, at.text);
  return at.text == TextPool::kNone || stop();
}

void Engine::print(Writer& out, PrintScope scope) {
  PrintCursor at;
  at.scope = scope;
  (void)print_some(out, at, SIZE_MAX);
}

void Engine::print_block(Writer& out, const Position& at, PrintScope scope) {
  if (at.depth < 2) return;
  Page page{out, scope};
  const size_t level = at.depth - 1u;
  const Position::Level& l = at.levels[level];
  const uint8_t* parent = static_cast<const uint8_t*>(impl_->record_at(at, level - 1, l.module));
  if (l.row == nullptr || parent == nullptr) return;
  if (l.row->kind == Kind::single) { impl_->write_block(page, *l.row, l.module, parent + l.row->place.offset, 0); return; }
  TableBase one = *reinterpret_cast<const TableBase*>(parent + l.row->place.offset);
  size_t first = 0, last = 0;
  const size_t size = l.row->record->size;
  if (!find_id(one, size, l.owner, first) || !find_id(one, size, l.last != 0 ? l.last : l.owner, last) || last < first) return;
  one.items = entry(one, size, first);
  one.count = static_cast<uint32_t>(last - first + 1);
  (void)impl_->write_entries(page, *l.row, l.module, one, 0);
}

}  // namespace parley::cli
