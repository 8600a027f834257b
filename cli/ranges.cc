// Ranged blocks: `line vty 0 4`. Entries hold first..last and are cut where a range begins or ends (rows.md 6).
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include "cli/impl.h"
#include "cli/value_kinds.h"

namespace parley::cli {
namespace {

// The last two members of a ranged row.
const Member& first_member(const Row& row) { return row.members[row.member_count - 2]; }
const Member& last_member(const Row& row) { return row.members[row.member_count - 1]; }
int64_t first_of(const Row& row, const void* e) { return load_integer(at(e, first_member(row)), first_member(row).size, false); }
int64_t last_of(const Row& row, const void* e) { return load_integer(at(e, last_member(row)), last_member(row).size, false); }
void set_first(const Row& row, void* e, int64_t v) { store_integer(at(e, first_member(row)), first_member(row).size, v); }
void set_last(const Row& row, void* e, int64_t v) { store_integer(at(e, last_member(row)), last_member(row).size, v); }

// Same type (all members but the range).
bool same_type(const Row& row, const void* a, const void* b) {
  for (size_t i = 0; i + 2 < row.member_count; ++i)
    if (memcmp(at(a, row.members[i]), at(b, row.members[i]), row.members[i].size) != 0) return false;
  return true;
}

bool before(const Row& row, const void* a, const void* b) {
  for (size_t i = 0; i + 2 < row.member_count; ++i) {
    const int c = memcmp(at(a, row.members[i]), at(b, row.members[i]), row.members[i].size);
    if (c != 0) return c < 0;
  }
  return first_of(row, a) < first_of(row, b);
}

bool last_given(const Plan& plan, const Match& m) {
  const int8_t slot = static_cast<int8_t>(plan.row.member_count - 1);
  for (size_t i = 0; i < plan.layout.count; ++i)
    for (size_t k = 0; k < m.count && plan.layout.elements[i].slot == slot; ++k)
      if (m.steps[k].leaf == plan.layout.elements[i].at) return true;
  return false;
}

}  // namespace

void set_range_for_print(const Row& row, void* record, const void* last, const void* defaults) {
  const int64_t to = last_of(row, last);
  if (to == first_of(row, record)) memcpy(at(record, last_member(row)), at(defaults, last_member(row)), last_member(row).size);
  else set_last(row, record, to);
}
bool ranges_touch(const Row& row, const void* a, const void* b) { return same_type(row, a, b) && last_of(row, a) + 1 == first_of(row, b); }

// Copies what a block owns beside its record.
Status Engine::Impl::copy_below(const Row& row, const void* from, void* to) {
  const uint32_t a = id_of(from), b = id_of(static_cast<const void*>(to));
  TRY(texts().copy(a, b, row.block->mode));
  for (const Row& r : row.block->mode->rows) {
    if (r.kind == Kind::store || r.kind == Kind::stores || r.kind == Kind::store_on) TRY(texts().copy(a, b, &r));
    if (r.kind != Kind::list && r.kind != Kind::sorted_list) continue;
    const TableBase& old = *reinterpret_cast<const TableBase*>(at(from, r.place));
    TableBase& copy = *reinterpret_cast<TableBase*>(at(to, r.place));
    copy = TableBase{};
    for (size_t i = 0; i < old.count; ++i) {
      void* e = tables().insert(copy, r.record->size, i);
      if (e == nullptr) return Fault{Code::full, "no memory for a table", 0};
      memcpy(e, entry(old, r.record->size, i), r.record->size);
      id_of(e) = ++last_id;
    }
  }
  return {};
}

// Cuts the entry at `index` so that a new one begins at `from`.
Status Engine::Impl::split(const Plan& plan, TableBase& table, size_t index, int64_t from) {
  const Row& row = plan.row;
  void* upper = tables().insert(table, row.record->size, index + 1);
  if (upper == nullptr) return Fault{Code::full, "no memory for a table", 0};
  void* lower = entry(table, row.record->size, index);
  memcpy(upper, lower, row.record->size);
  id_of(upper) = ++last_id;
  const Status copied = copy_below(row, lower, upper);
  if (!copied) {
    release_below(row, upper);
    tables().remove(table, row.record->size, index + 1);
    return copied;
  }
  set_last(row, lower, from - 1);
  set_first(row, upper, from);
  return {};
}

// Cuts at both edges of the range in `key`; with fill, entries are made for numbers without one.
Verdict Engine::Impl::cut_range(LineRun& run, const Plan& plan, const Match& m, TableBase& table, void* key, bool fill, size_t& from,
                                size_t& to, bool& none) {
  const Row& row = plan.row;
  const size_t size = row.record->size;
  if (!last_given(plan, m)) set_last(row, key, first_of(row, key));
  const int64_t first = first_of(row, key), last = last_of(row, key);
  if (first > last) return Verdict::invalid;
  none = true;
  int64_t next = first;                       // lowest number not looked at yet
  size_t i = 0;
  while (i < table.count && before(row, entry(table, size, i), key)) ++i;
  if (i > 0 && same_type(row, entry(table, size, i - 1), key) && last_of(row, entry(table, size, i - 1)) >= first) {
    if (!split(plan, table, i - 1, first)) return no_room(run);
  }
  from = i;
  for (; next <= last; ++i) {
    const bool mine = i < table.count && same_type(row, entry(table, size, i), key) && first_of(row, entry(table, size, i)) <= last;
    const int64_t begin = mine ? first_of(row, entry(table, size, i)) : last + 1;
    if (begin > next && fill) {               // a gap
      void* e = tables().insert(table, size, i);
      if (e == nullptr) return no_room(run);
      set_first(row, key, next);
      set_last(row, key, begin - 1);
      init_entry(row, e, key);
    } else if (!mine) break;
    else if (last_of(row, entry(table, size, i)) > last && !split(plan, table, i, last + 1)) return no_room(run);
    next = last_of(row, entry(table, size, i)) + 1;
    none = false;
    to = i;
  }
  return Verdict::ok;
}

Verdict Engine::Impl::enter_ranged(LineRun& run, const Plan& plan, const Match& m, TableBase& table, void* key, size_t& from, size_t& to) {
  bool none = false;
  return cut_range(run, plan, m, table, key, true, from, to, none);
}

}  // namespace parley::cli
