// The published files by request name.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/file_table.h"

#include <algorithm>

namespace parley::file_service {
namespace {

// Without case, then with.
bool before(std::string_view a, std::string_view b) {
  const size_t n = std::min(a.size(), b.size());
  for (size_t i = 0; i < n; ++i) {
    if (a[i] == b[i]) continue;
    const int d = ascii_lower(a[i]) - ascii_lower(b[i]);
    if (d != 0) return d < 0;
  }
  return a.size() != b.size() ? a.size() < b.size() : a < b;
}

}  // namespace

FileTable::FileTable() : slots_(general_arena()), index_(general_arena()), changes_(general_arena()) {}

uint32_t FileTable::slot_of(std::string_view name) const {
  return index_.find(key_hash_nocase(name), [&](uint32_t i) { return slots_[i].entry->name.view() == name; });
}

Result<uint32_t> FileTable::slot_for(std::string_view name) {
  if (const uint32_t known = slot_of(name); known != kNone) return known;
  Slot fresh;
  fresh.entry = std::make_shared<Entry>();
  if (name.empty() || !fresh.entry->name.set(name)) return Fault{Code::invalid, "file name too long", 0};
  TRY(slots_.reserve(slots_.size() + 1));
  TRY(index_.add(key_hash_nocase(name)));
  TRY(slots_.push(std::move(fresh)));
  return static_cast<uint32_t>(slots_.size() - 1);
}

Status FileTable::stage(std::string_view name, std::shared_ptr<const Content> content) {
  if (content == nullptr && slot_of(name) == kNone) return {};
  TRY_ASSIGN(const uint32_t at, slot_for(name));
  Slot& slot = slots_[at];
  if (slot.change != kNone) {
    changes_[slot.change].content = std::move(content);
    return {};
  }
  TRY(changes_.push(Change{at, std::move(content)}));
  slot.change = static_cast<uint32_t>(changes_.size() - 1);
  return {};
}

Status FileTable::stage_same(std::string_view name, std::string_view as) {
  const uint32_t at = slot_of(name);
  if (at == kNone) return Fault{Code::missing, "no such published file", 0};
  const Slot& slot = slots_[at];
  auto content = slot.change != kNone ? changes_[slot.change].content : slot.entry->content;
  if (content == nullptr) return Fault{Code::missing, "no such published file", 0};
  return stage(as, std::move(content));
}

void FileTable::stage_none() {
  for (const Slot& s : slots_) (void)stage(s.entry->name, nullptr);
}

void FileTable::commit() {
  bool gone = false;
  for (Change& c : changes_) {
    Slot& slot = slots_[c.slot];
    slot.change = kNone;
    if (slot.entry->content != nullptr) --visible_;
    if (c.content != nullptr) ++visible_;
    gone = gone || c.content == nullptr;
    slot.entry->content.swap(c.content);   // a transfer under way holds its own content
  }
  changes_.clear();
  if (gone) sweep();
}

void FileTable::sweep() {
  for (uint32_t i = static_cast<uint32_t>(slots_.size()); i-- > 0;) {
    if (slots_[i].entry->content != nullptr) continue;
    index_.remove_and_fill(i);
    const size_t last = slots_.size() - 1;
    if (i != last) slots_[i] = std::move(slots_[last]);
    slots_.remove(last);
  }
}

std::shared_ptr<Entry> FileTable::find(std::string_view name, bool exact) const {
  const uint32_t same = slot_of(name);
  if (same != kNone && slots_[same].entry->content != nullptr) return slots_[same].entry;
  if (exact) return nullptr;
  uint32_t best = kNone;                   // of several the first one in order
  (void)index_.find(key_hash_nocase(name), [&](uint32_t i) {
    const Entry& e = *slots_[i].entry;
    if (e.content != nullptr && equal_nocase(e.name, name) && (best == kNone || before(e.name, slots_[best].entry->name))) best = i;
    return false;
  });
  return best == kNone ? nullptr : slots_[best].entry;
}

// Thousands of names: most of them are told apart by three words of their beginning.
Status FileTable::sorted(List<const Entry*>& out) const {
  struct Row {
    uint64_t begin[3] = {};
    const Entry* entry = nullptr;
  };
  List<Row> rows(general_arena());
  TRY(rows.reserve(visible_));
  TRY(out.reserve(visible_));
  for (const Slot& s : slots_) {
    if (s.entry->content == nullptr) continue;
    Row row;
    row.entry = s.entry.get();
    const std::string_view name = row.entry->name;
    for (size_t i = 0; i < name.size() && i < sizeof row.begin; ++i)
      row.begin[i / 8] |= uint64_t{static_cast<uint8_t>(ascii_lower(name[i]))} << (56 - i % 8 * 8);
    TRY(rows.push(row));
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    for (size_t i = 0; i < 3; ++i)
      if (a.begin[i] != b.begin[i]) return a.begin[i] < b.begin[i];
    return before(a.entry->name, b.entry->name);
  });
  for (const Row& row : rows) TRY(out.push(row.entry));
  return {};
}

}  // namespace parley::file_service
