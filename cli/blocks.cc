// Blocks: where a position points to, entering, creating, removing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/impl.h"
#include "cli/value_kinds.h"

namespace parley::cli {

void* Engine::Impl::record_at(const Position& at, size_t level, uint16_t module) const {
  if (level == 0) return module < modules.size() ? modules[module].config : nullptr;
  const Position::Level& l = at.levels[level];
  if (l.row == nullptr) return nullptr;
  uint8_t* parent = static_cast<uint8_t*>(record_at(at, level - 1, l.module));
  if (parent == nullptr) return nullptr;
  uint8_t* where = parent + l.row->place.offset;
  if (l.row->kind == Kind::single) return id_of(static_cast<const void*>(where)) == l.owner ? where : nullptr;
  TableBase& t = *reinterpret_cast<TableBase*>(where);
  const size_t size = l.row->record->size;
  if (hint_ < t.count && id_of(static_cast<const void*>(entry(t, size, hint_))) == l.owner) return entry(t, size, hint_);
  size_t index = 0;
  if (!find_id(t, size, l.owner, index)) return nullptr;
  hint_ = index;
  return entry(t, size, index);
}

// The entries that a line of this level changes: one, or all of a range.
bool Engine::Impl::targets(const Position& at, size_t level, uint16_t module, TableBase*& table, size_t& from, size_t& to) const {
  table = nullptr;
  from = to = 0;
  if (level == 0 || at.levels[level].last == 0) return record_at(at, level, module) != nullptr;
  const Position::Level& l = at.levels[level];
  uint8_t* parent = static_cast<uint8_t*>(record_at(at, level - 1, l.module));
  if (parent == nullptr) return false;
  table = reinterpret_cast<TableBase*>(parent + l.row->place.offset);
  return find_id(*table, l.row->record->size, l.owner, from) && find_id(*table, l.row->record->size, l.last, to) && from <= to;
}

void Engine::Impl::trim(Position& at) const {
  for (size_t level = 1; level < at.depth; ++level) {
    if (at.levels[level].mode == &kStoreMode || record_at(at, level, at.levels[level].module) != nullptr) continue;
    at.depth = static_cast<uint8_t>(level);
    return;
  }
}

namespace {
void copy_keys(const Plan& plan, const void* from, void* to) {
  for (size_t i = 0; i < plan.layout.count; ++i) {
    const Element& e = plan.layout.elements[i];
    if (e.slot >= 0 && plan.is_key(e)) memcpy(at(to, plan.member(e)), at(from, plan.member(e)), plan.member(e).size);
  }
}
}  // namespace

const void* defaults_for(const Row* block_row, const Record& record_type, const void* record, void* buffer) {
  if (block_row == nullptr || block_row->block->fresh == nullptr) return record_type.defaults;
  memcpy(buffer, record_type.defaults, record_type.size);
  if (block_row->kind == Kind::block) copy_keys(Plan(*block_row), record, buffer);
  block_row->block->fresh(buffer);
  return buffer;
}

void Engine::Impl::init_entry(const Row& row, void* record, const void* key) {
  alignas(16) uint8_t buffer[kRecordMost];
  const void* defaults = defaults_for(&row, *row.record, key, buffer);
  if (row.block->fresh == nullptr && key != nullptr) defaults = key;     // key: bound on the initialisers
  memcpy(record, defaults, row.record->size);
  if (row.block->fresh != nullptr && key != nullptr) reset(row, record, key);
  id_of(record) = ++last_id;
}

Verdict Engine::Impl::enter_block(LineRun& run, const Match& m, size_t level, Position& to) {
  const Row& row = *m.ref.row;
  uint8_t* parent = static_cast<uint8_t*>(record_at(run.at, level, m.ref.module));
  if (parent == nullptr) return Verdict::invalid;
  Position::Level& l = to.levels[level + 1];
  l = Position::Level{};
  l.mode = row.block->mode;
  l.row = &row;
  l.module = m.ref.module;
  l.indent = run.words.words[0].at;
  to.depth = static_cast<uint8_t>(level + 2);
  Transaction tx(*this);
  void* record = parent + row.place.offset;
  bool created = false;
  if (row.kind == Kind::single) {
    created = id_of(static_cast<const void*>(record)) == 0;
    if (created) {
      if (!tx.save(record, row.record->size)) return no_room(run);
      init_entry(row, record, nullptr);
    }
  } else {
    const Verdict v = enter_entry(run, m, *static_cast<TableBase*>(record), tx, record, created, l);
    if (v != Verdict::ok) return v;
  }
  l.owner = l.owner != 0 ? l.owner : id_of(static_cast<const void*>(record));
  if (created) {
    // What a startup-config has is not new: limits of new entries may have been set after it was made.
    const void* old_record = run.options.startup ? record : row.record->defaults;
    Verdict v = checked(run, row.block, m.ref.module, old_record, record);
    if (v == Verdict::ok) v = checked_module(run, m.ref.module);
    if (v != Verdict::ok) return v;
    ++changes;
  }
  tx.commit();
  body_last = TextPool::kNone;
  body_owner = l.owner;
  if (created) applied(m.ref.module, run.options);
  return Verdict::ok;
}

// A keyed block: finds or makes the entry.
Verdict Engine::Impl::enter_entry(LineRun& run, const Match& m, TableBase& table, Transaction& tx, void*& record, bool& created,
                                  Position::Level& l) {
  const Row& row = *m.ref.row;
  const Plan plan(row);
  const Binder binder{plan, run.words, m, passwords, run.options.loading, nullptr};
  alignas(16) uint8_t key[kRecordMost];
  memcpy(key, row.record->defaults, row.record->size);
  char text[400];
  FixedWriter refusal(text);
  Verdict v = binder.bind(key, Binder::Which::all, refusal, run.out.offset);
  if (v == Verdict::refused) (void)run.out.text.set(refusal.view());
  if (v != Verdict::ok) return v;
  if (row.is(kRanged)) {
    size_t from = 0, to = 0;
    const uint32_t before = last_id;
    v = enter_ranged(run, plan, m, table, key, from, to);
    if (v != Verdict::ok) return v;
    l.owner = id_of(static_cast<const void*>(entry(table, row.record->size, from)));
    l.last = id_of(static_cast<const void*>(entry(table, row.record->size, to)));
    record = entry(table, row.record->size, from);
    created = last_id != before;
    return Verdict::ok;
  }
  const bool sorted = row.block->sorted == Sorted::by_key;
  const Found f = find_entry(table, plan, key, sorted);
  if (f.exists) {
    record = entry(table, row.record->size, f.index);
    hint_ = f.index;
    if (!binder.has_content()) return Verdict::ok;
    if (!tx.save(record, row.record->size)) return no_room(run);
    created = true;                                 // the header changes: verified and applied like a new one
    for (size_t i = 0; i < plan.layout.count; ++i) {
      const Element& e = plan.layout.elements[i];
      if (e.slot >= 0 && !plan.is_key(e)) memcpy(at(record, plan.member(e)), at(static_cast<const void*>(key), plan.member(e)), plan.member(e).size);
    }
    return Verdict::ok;
  }
  if (m.partial) return Verdict::incomplete;
  record = tables().insert(table, row.record->size, f.index);
  if (record == nullptr || !tx.inserted(table, row.record->size, f.index)) return no_room(run);
  init_entry(row, record, key);
  hint_ = f.index;
  created = true;
  return Verdict::ok;
}

Verdict Engine::Impl::remove_block(LineRun& run, const Match& m, size_t level, Transaction& tx) {
  const Row& row = *m.ref.row;
  uint8_t* parent = static_cast<uint8_t*>(record_at(run.at, level, m.ref.module));
  if (parent == nullptr) return Verdict::invalid;
  void* where = parent + row.place.offset;
  if (row.kind == Kind::single) {
    if (id_of(static_cast<const void*>(where)) == 0) return Verdict::ok;
    return tx.clear(where, row) ? Verdict::ok : no_room(run);
  }
  TableBase& table = *static_cast<TableBase*>(where);
  const Plan plan(row);
  const Binder binder{plan, run.words, m, passwords, run.options.loading, nullptr};
  alignas(16) uint8_t key[kRecordMost];
  memcpy(key, row.record->defaults, row.record->size);
  char text[400];
  FixedWriter refusal(text);
  const Verdict v = binder.bind(key, Binder::Which::key, refusal, run.out.offset);
  if (v != Verdict::ok) return v;
  size_t from = 0, to = 0;
  if (row.is(kRanged)) {
    bool none = false;
    const Verdict cut = cut_range(run, plan, m, table, key, false, from, to, none);
    if (cut != Verdict::ok || none) return cut;
  } else {
    const Found f = find_entry(table, plan, key, row.block->sorted == Sorted::by_key);
    if (!f.exists) return Verdict::ok;
    from = to = f.index;
  }
  for (size_t i = to + 1; i-- > from;)
    if (!tx.remove(table, row, i)) return no_room(run);
  return Verdict::ok;
}

Verdict Engine::Impl::no_room(LineRun& run) const {
  (void)run.out.text.set("% No memory for more configuration");
  return Verdict::refused;
}

}  // namespace parley::cli
