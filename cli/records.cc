// Records in memory: slots compared, entries of tables found, inserted, removed; the undo log of one line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/impl.h"

namespace parley::cli {

bool Plan::same(const Element& e, const void* a, const void* b) const {
  const Member& m = member(e);
  const uint8_t* x = at(a, m);
  const uint8_t* y = at(b, m);
  if (m.item != 0) {
    const uint32_t n = *reinterpret_cast<const uint32_t*>(x);
    return n == *reinterpret_cast<const uint32_t*>(y) && memcmp(x + 4, y + 4, size_t{n} * m.item) == 0;
  }
  if (e.value == Value::cert_hex || e.value == Value::banner)
    return reinterpret_cast<const Kept*>(x)->data == reinterpret_cast<const Kept*>(y)->data;
  return memcmp(x, y, m.size) == 0;
}

bool Plan::blank(const Element& e, const void* record) const {
  const Member& m = member(e);
  const uint8_t* p = at(record, m);
  if (m.item != 0) return *reinterpret_cast<const uint32_t*>(p) == 0;
  switch (shape_needed(e.value)) {
    case Shape::text: case Shape::interface: case Shape::password: case Shape::button: return *p == 0;
    case Shape::mac: return reinterpret_cast<const Mac*>(p)->empty();
    case Shape::kept: return reinterpret_cast<const Kept*>(p)->size == 0;
    case Shape::ipv4: return false;
    default: return e.value == Value::range && [&] {       // a number outside its range stands for "none"
      const std::string_view s = spec(e);
      const Range r = range_of(s);
      int64_t v = 0;
      if (m.size == 1) v = r.lo < 0 ? static_cast<int8_t>(*p) : *p;
      else if (m.size == 2) v = r.lo < 0 ? *reinterpret_cast<const int16_t*>(p) : *reinterpret_cast<const uint16_t*>(p);
      else if (m.size == 4) v = r.lo < 0 ? *reinterpret_cast<const int32_t*>(p) : static_cast<int64_t>(*reinterpret_cast<const uint32_t*>(p));
      else v = *reinterpret_cast<const int64_t*>(p);
      return v < r.lo || v > r.hi;
    }();
  }
}

int Plan::compare_keys(const void* a, const void* b) const {
  for (size_t i = 0; i < layout.count; ++i) {
    const Element& e = layout.elements[i];
    if (e.slot < 0 || !is_key(e) || e.value == Value::cert_hex || e.value == Value::banner) continue;
    const Member& m = member(e);
    int c = 0;
    if (e.part != Part::value || m.item != 0) c = memcmp(at(a, m), at(b, m), m.size);
    else c = kind_of(e.value).compare(at(a, m), at(b, m), m.size, spec(e));
    if (c != 0) return c;
  }
  return 0;
}

bool Plan::has_kept() const {
  for (size_t i = 0; i < layout.count; ++i)
    if (layout.elements[i].slot >= 0 && (layout.elements[i].value == Value::cert_hex || layout.elements[i].value == Value::banner)) return true;
  return false;
}

// ---- Memory
Blocks::~Blocks() {
  while (first_ != nullptr) release(first_ + 1, first_->size);
}

void* Blocks::allocate(size_t size) {
  Head* h = static_cast<Head*>(arena_.allocate(sizeof(Head) + size));
  if (h == nullptr) return nullptr;
  *h = Head{nullptr, first_, size};
  if (first_ != nullptr) first_->before = h;
  first_ = h;
  return h + 1;
}

void Blocks::release(void* p, size_t size) {
  Head* h = static_cast<Head*>(p) - 1;
  PARLEY_CHECK(h->size == size);
  (h->before == nullptr ? first_ : h->before->after) = h->after;
  if (h->after != nullptr) h->after->before = h->before;
  arena_.release(h, sizeof(Head) + size);
}

// ---- Tables
void* Tables::insert(TableBase& t, size_t size, size_t index) {
  if (t.count == t.room) {
    const uint32_t room = t.room == 0 ? 4 : t.room * 2;
    void* bigger = blocks_.allocate(size * room);
    if (bigger == nullptr) return nullptr;
    if (t.items != nullptr) {
      memcpy(bigger, t.items, size * t.count);
      blocks_.release(t.items, size * t.room);
    }
    t.items = bigger;
    t.room = room;
  }
  uint8_t* e = entry(t, size, index);
  memmove(e + size, e, size * (t.count - index));
  memset(e, 0, size);
  ++t.count;
  return e;
}

void Tables::remove(TableBase& t, size_t size, size_t index) {
  uint8_t* e = entry(t, size, index);
  memmove(e, e + size, size * (t.count - index - 1));
  if (--t.count == 0) release(t, size);
}

void Tables::release(TableBase& t, size_t size) {
  if (t.items != nullptr) blocks_.release(t.items, size * t.room);
  t = TableBase{};
}

Found find_entry(const TableBase& t, const Plan& plan, const void* key, bool sorted) {
  const size_t size = plan.row.record->size;
  if (!sorted) {                                  // equal keys are equal bytes: text is filled with zeros
    Member members[Row::kMembers];
    size_t n = 0;
    for (size_t i = 0; i < plan.layout.count; ++i) {
      const Element& e = plan.layout.elements[i];
      if (e.slot >= 0 && plan.is_key(e) && e.value != Value::cert_hex && e.value != Value::banner) members[n++] = plan.member(e);
    }
    for (size_t i = 0; i < t.count; ++i) {
      size_t k = 0;
      while (k < n && memcmp(at(static_cast<const void*>(entry(t, size, i)), members[k]), at(key, members[k]), members[k].size) == 0) ++k;
      if (k == n) return {true, i};
    }
    return {false, t.count};
  }
  size_t lo = 0, hi = t.count;
  while (lo < hi) {
    const size_t mid = (lo + hi) / 2;
    const int c = plan.compare_keys(entry(t, size, mid), key);
    if (c == 0) return {true, mid};
    if (c < 0) lo = mid + 1;
    else hi = mid;
  }
  return {false, lo};
}

bool find_id(const TableBase& t, size_t size, uint32_t id, size_t& index) {
  for (index = 0; index < t.count; ++index)
    if (id_of(entry(t, size, index)) == id) return true;
  return false;
}

void reset(const Row& row, void* record, const void* defaults) {
  for (size_t i = 0; i < row.member_count; ++i) memcpy(at(record, row.members[i]), at(defaults, row.members[i]), row.members[i].size);
}

// ---- Transaction
Transaction::Transaction(Engine::Impl& engine) : engine_(engine), steps_(engine.arena), bytes_(engine.arena) {}

Transaction::~Transaction() {
  if (committed_) return;
  for (size_t i = steps_.size(); i-- > 0;) undo(steps_[i]);
}

void Transaction::undo(const Step& s) {
  TableBase* table = static_cast<TableBase*>(s.where);
  switch (s.op) {
    case Op::save: case Op::cleared: memcpy(s.where, bytes_.data() + s.saved, s.size); break;
    case Op::inserted: engine_.tables().remove(*table, s.size, s.index); break;
    case Op::removed: {
      void* back = engine_.tables().insert(*table, s.size, s.index);   // its room was not given back: cannot fail...
      if (back == nullptr) PARLEY_PANIC("undo found no room");       // ...but for the last entry, whose array is kept below
      memcpy(back, bytes_.data() + s.saved, s.size);
      break;
    }
    case Op::new_kept: engine_.free_kept(s.kept); break;
    case Op::old_kept: break;
  }
}

Status Transaction::keep(Step step, const void* bytes, size_t size) {
  TRY(bytes_.resize((bytes_.size() + 15) / 16 * 16));     // saved records are read as records: aligned
  step.saved = bytes_.size();
  TRY(bytes_.append(Bytes(static_cast<const uint8_t*>(bytes), size)));
  return steps_.push(step);
}

Status Transaction::save(void* where, size_t size) {
  Step s{Op::save};
  s.where = where;
  s.size = size;
  return keep(s, where, size);
}

Status Transaction::inserted(TableBase& t, size_t size, size_t index) {
  Step s{Op::inserted};
  s.where = &t;
  s.size = size;
  s.index = index;
  const Status pushed = steps_.push(s);
  if (!pushed) engine_.tables().remove(t, size, index);
  return pushed;
}

Status Transaction::remove(TableBase& t, const Row& row, size_t index) {
  Step s{Op::removed};
  s.where = &t;
  s.row = &row;
  s.size = row.record->size;
  s.index = index;
  TRY(keep(s, entry(t, s.size, index), s.size));
  // The array stays even when it is empty now, so that undo needs no memory; commit() gives it back.
  uint8_t* e = entry(t, s.size, index);
  memmove(e, e + s.size, s.size * (t.count - index - 1));
  --t.count;
  return {};
}

Status Transaction::clear(void* record, const Row& row) {
  Step s{Op::cleared};
  s.where = record;
  s.row = &row;
  s.size = row.record->size;
  TRY(keep(s, record, s.size));
  memcpy(record, row.record->defaults, s.size);
  return {};
}

Status Transaction::new_kept(const Kept& k) {
  Step s{Op::new_kept};
  s.kept = k;
  const Status pushed = steps_.push(s);
  if (!pushed) engine_.free_kept(k);
  return pushed;
}

Status Transaction::old_kept(const Kept& k) {
  Step s{Op::old_kept};
  s.kept = k;
  return steps_.push(s);
}

void Transaction::commit() {
  committed_ = true;
  for (size_t i = 0; i < steps_.size(); ++i) {
    const Step& s = steps_[i];
    if (s.op == Op::old_kept) engine_.free_kept(s.kept);
    if (s.op != Op::removed && s.op != Op::cleared) continue;
    engine_.release_below(*s.row, bytes_.data() + s.saved);
    TableBase* table = static_cast<TableBase*>(s.where);
    if (s.op == Op::removed && table->count == 0) engine_.tables().release(*table, s.size);
  }
}

// Gives back the bytes of an entry. Rows may share members: what was given back is forgotten in the record.
void Engine::Impl::release_kept(const Row& row, void* record) {
  const Plan plan(row);
  for (size_t i = 0; i < plan.layout.count; ++i) {
    const Element& e = plan.layout.elements[i];
    if (e.slot < 0 || (e.value != Value::cert_hex && e.value != Value::banner)) continue;
    Kept& kept = *reinterpret_cast<Kept*>(at(record, plan.member(e)));
    free_kept(kept);
    kept = Kept{};
  }
}

// Gives back what a removed block or entry owns. `record` is a copy of it.
void Engine::Impl::release_below(const Row& row, void* record) {
  if (row.kind != Kind::single) release_kept(row, record);
  if (row.block == nullptr) return;
  const uint32_t owner = id_of(record);
  if (owner != 0) texts().forget(owner, row.block->mode);
  const std::span<const Row> rows = row.block->mode->rows;
  for (const Row& r : rows) {
    if (owner != 0 && (r.kind == Kind::store || r.kind == Kind::stores || r.kind == Kind::store_on)) texts().forget(owner, &r);
    if (r.kind == Kind::value || r.kind == Kind::flag) release_kept(r, record);
    if (r.kind == Kind::single) release_below(r, at(record, r.place));
    if (r.kind != Kind::list && r.kind != Kind::sorted_list && r.kind != Kind::block) continue;
    TableBase& t = *reinterpret_cast<TableBase*>(at(record, r.place));
    for (const Row& other : rows)                    // several rows may fill one table
      for (size_t i = 0; i < t.count && (other.kind == Kind::list || other.kind == Kind::sorted_list || other.kind == Kind::block) &&
                         other.place.offset == r.place.offset; ++i)
        release_below(other, entry(t, other.record->size, i));
    tables().release(t, r.record->size);
  }
}

void Engine::Impl::free_kept(const Kept& k) {
  if (k.data != nullptr) blocks().release(k.data, k.size);
}

}  // namespace parley::cli
