// The published files by request name.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/file_table.h"

#include <algorithm>

namespace parley::file_service {
namespace {

int compare(std::string_view a, std::string_view b) {
  const size_t n = std::min(a.size(), b.size());
  for (size_t i = 0; i < n; ++i) {
    const int d = ascii_lower(a[i]) - ascii_lower(b[i]);
    if (d != 0) return d;
  }
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  return a.compare(b);
}

}  // namespace

FileTable::FileTable() : entries_(general_arena()), changes_(general_arena()) {}

Status FileTable::stage(std::string_view name, std::shared_ptr<const Content> content) {
  auto entry = std::make_shared<Entry>();
  if (name.empty() || !entry->name.set(name)) return Fault{Code::invalid, "file name too long", 0};
  entry->content = std::move(content);
  TRY(entries_.reserve(entries_.size() + changes_.size() + 1));
  return changes_.push(Change{std::move(entry), static_cast<uint32_t>(changes_.size())});
}

Status FileTable::stage_same(std::string_view name, std::string_view as) {
  for (size_t i = changes_.size(); i-- > 0;)
    if (changes_[i].entry->name.view() == name && changes_[i].entry->content != nullptr)
      return stage(as, changes_[i].entry->content);
  const auto entry = find(name, true);
  if (entry == nullptr) return Fault{Code::missing, "no such published file", 0};
  return stage(as, entry->content);
}

// Sorted by name, one change per name: the last.
void FileTable::keep_last_changes() {
  std::sort(changes_.begin(), changes_.end(), [](const Change& a, const Change& b) {
    const int d = compare(a.entry->name, b.entry->name);
    return d != 0 ? d < 0 : a.sequence < b.sequence;
  });
  size_t kept = 0;
  for (size_t i = 0; i < changes_.size(); ++i) {
    if (i + 1 < changes_.size() && changes_[i].entry->name == changes_[i + 1].entry->name) continue;
    if (kept != i) changes_[kept] = std::move(changes_[i]);
    ++kept;
  }
  while (changes_.size() > kept) changes_.remove(changes_.size() - 1);
}

void FileTable::commit() {
  keep_last_changes();
  const size_t sorted = entries_.size();
  bool dropped = false;
  for (Change& c : changes_) {
    dropped = dropped || c.entry->content == nullptr;
    const size_t i = lower_bound(c.entry->name, sorted);
    const bool known = i < sorted && entries_[i]->name == c.entry->name;
    if (known) {
      entries_[i]->content = c.entry->content;   // a transfer under way holds its own content
    } else if (c.entry->content != nullptr) {
      const Status pushed = entries_.push(std::move(c.entry));
      PARLEY_CHECK(bool(pushed));                // reserved by stage()
    }
  }
  changes_.clear();
  // Most changes replace what is there: the table stays sorted, and a commit costs what has changed.
  const auto before = [](const auto& a, const auto& b) { return compare(a->name, b->name) < 0; };
  if (entries_.size() > sorted) {
    std::sort(entries_.begin() + sorted, entries_.end(), before);
    std::inplace_merge(entries_.begin(), entries_.begin() + sorted, entries_.end(), before);
  }
  if (!dropped) return;
  auto gone = std::remove_if(entries_.begin(), entries_.end(), [](const auto& e) { return e->content == nullptr; });
  for (size_t n = static_cast<size_t>(entries_.end() - gone); n > 0; --n) entries_.remove(entries_.size() - 1);
}

size_t FileTable::lower_bound(std::string_view name, size_t count) const {
  size_t lo = 0, hi = count;
  while (lo < hi) {
    const size_t middle = lo + (hi - lo) / 2;
    if (compare(entries_[middle]->name, name) < 0) lo = middle + 1; else hi = middle;
  }
  return lo;
}

std::shared_ptr<Entry> FileTable::find(std::string_view name, bool exact) const {
  const size_t i = lower_bound(name, entries_.size());
  if (i < entries_.size() && entries_[i]->name.view() == name) return entries_[i];
  if (exact) return nullptr;
  if (i < entries_.size() && equal_nocase(entries_[i]->name, name)) return entries_[i];
  if (i > 0 && equal_nocase(entries_[i - 1]->name, name)) return entries_[i - 1];
  return nullptr;
}

}  // namespace parley::file_service
