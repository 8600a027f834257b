// The text pool: two hash tables (by owner and slot, by key) over chains that keep the order of definition.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/texts.h"

#include <cstring>

namespace parley::cli {
namespace {
uint32_t mix(uint32_t h, uint32_t v) { return (h ^ v) * 0x01000193u; }
uint32_t hash_slot(uint32_t owner, const void* slot) {
  const uintptr_t p = reinterpret_cast<uintptr_t>(slot);
  uint32_t h = mix(mix(0x811c9dc5u, owner), static_cast<uint32_t>(p >> 3));
  return h ^ (h >> 15);
}
uint32_t hash_key(uint32_t h, std::string_view key) {
  for (const char c : key) h = mix(h, static_cast<unsigned char>(c));
  return h ^ (h >> 13);
}
}  // namespace

TextPool::~TextPool() {
  for (Cell& c : cells_)
    if (c.used) arena_.release(c.data, c.size);
}

Status TextPool::grow(List<uint32_t>& heads, size_t entries) {
  if (heads.size() > entries) return {};
  size_t want = heads.empty() ? 64 : heads.size() * 2;
  while (want <= entries) want *= 2;
  while (heads.size() < want) TRY(heads.push(kNone));
  return {};
}

void TextPool::index_cells() {
  for (uint32_t& h : cell_heads_) h = kNone;
  for (size_t i = 0; i < cells_.size(); ++i) {
    if (!cells_[i].used) continue;
    uint32_t& head = cell_heads_[cells_[i].hash & (cell_heads_.size() - 1)];
    cells_[i].same_hash = head;
    head = static_cast<uint32_t>(i);
  }
}

void TextPool::index_chains() {
  for (uint32_t& h : chain_heads_) h = kNone;
  for (size_t i = 0; i < chains_.size(); ++i) {
    uint32_t& head = chain_heads_[hash_slot(chains_[i].owner, chains_[i].slot) & (chain_heads_.size() - 1)];
    chains_[i].same_hash = head;
    head = static_cast<uint32_t>(i);
  }
}

uint32_t TextPool::chain_of(uint32_t owner, const void* slot) const {
  if (chain_heads_.empty()) return kNone;
  uint32_t i = chain_heads_[hash_slot(owner, slot) & (chain_heads_.size() - 1)];
  while (i != kNone && (chains_[i].owner != owner || chains_[i].slot != slot)) i = chains_[i].same_hash;
  return i;
}

Result<uint32_t> TextPool::make_chain(uint32_t owner, const void* slot) {
  const uint32_t known = chain_of(owner, slot);
  if (known != kNone) return known;
  const size_t heads = chain_heads_.size();
  TRY(grow(chain_heads_, chains_.size() + 1));
  if (empty_ >= 64 && empty_ > chains_.size() / 2) {   // use a chain of a forgotten owner again: found soon
    while (chains_[cursor_ % chains_.size()].first != kNone) ++cursor_;
    const uint32_t i = cursor_ % static_cast<uint32_t>(chains_.size());
    chains_[i].owner = owner;
    chains_[i].slot = slot;
    index_chains();
    return i;
  }
  TRY(chains_.push(Chain{owner, slot, kNone, kNone, kNone}));
  ++empty_;
  const uint32_t id = static_cast<uint32_t>(chains_.size() - 1);
  if (chain_heads_.size() != heads) index_chains();
  else {
    uint32_t& head = chain_heads_[hash_slot(owner, slot) & (chain_heads_.size() - 1)];
    chains_[id].same_hash = head;
    head = id;
  }
  return id;
}

Result<TextPool::Id> TextPool::make_cell() {
  if (free_ != kNone) {
    const Id id = free_;
    free_ = cells_[id].next;
    return id;
  }
  TRY(cells_.push(Cell{nullptr, 0, 0, 0, 0, false, 0, kNone, kNone, kNone}));
  return static_cast<Id>(cells_.size() - 1);
}

TextPool::Id TextPool::first(uint32_t owner, const void* slot) const {
  const uint32_t c = chain_of(owner, slot);
  return c == kNone ? kNone : chains_[c].first;
}

TextPool::Id TextPool::find(uint32_t owner, const void* slot, std::string_view key) const {
  const uint32_t chain = cell_heads_.empty() ? kNone : chain_of(owner, slot);
  if (chain == kNone) return kNone;
  const uint32_t h = hash_key(hash_slot(owner, slot), key);
  Id i = cell_heads_[h & (cell_heads_.size() - 1)];
  while (i != kNone) {
    const Cell& c = cells_[i];
    if (c.hash == h && c.chain == chain && std::string_view(c.data, c.key_size) == key) return i;
    i = c.same_hash;
  }
  return kNone;
}

Result<TextPool::Id> TextPool::put(uint32_t owner, const void* slot, std::string_view text, size_t key_size, uint16_t indent, Id after,
                                   bool unique) {
  if (text.empty() || text.size() > 0xfff0) return Fault{Code::invalid, "text is empty or too long", 0};
  char* copy = static_cast<char*>(arena_.allocate(text.size()));
  if (copy == nullptr) return Fault{Code::full, "no memory for configuration text", 0};
  memcpy(copy, text.data(), text.size());
  const Id known = unique ? find(owner, slot, text.substr(0, key_size)) : kNone;
  if (known != kNone) {
    Cell& c = cells_[known];
    arena_.release(c.data, c.size);
    c.data = copy;
    c.size = static_cast<uint16_t>(text.size());
    c.indent = indent;
    return known;
  }
  const size_t heads = cell_heads_.size();
  auto room = grow(cell_heads_, cells_.size() + 1);
  auto chain = make_chain(owner, slot);
  auto cell = make_cell();
  if (!room || !chain || !cell) {
    if (cell) { cells_[*cell].next = free_; free_ = *cell; }
    arena_.release(copy, text.size());
    return Fault{Code::full, "no memory for configuration text", 0};
  }
  const Id id = *cell;
  Chain& ch = chains_[*chain];
  const uint32_t h = hash_key(hash_slot(owner, slot), text.substr(0, key_size));
  const Id before = after == kLast ? ch.last : after;
  const Id behind = before == kNone ? ch.first : cells_[before].next;
  cells_[id] = Cell{copy, h, static_cast<uint16_t>(text.size()), static_cast<uint16_t>(key_size), indent, true, *chain, behind, before, kNone};
  if (ch.first == kNone) --empty_;
  (before == kNone ? ch.first : cells_[before].next) = id;
  (behind == kNone ? ch.last : cells_[behind].previous) = id;
  ++used_;
  if (cell_heads_.size() != heads) index_cells();
  else {
    uint32_t& head = cell_heads_[h & (cell_heads_.size() - 1)];
    cells_[id].same_hash = head;
    head = id;
  }
  return id;
}

void TextPool::erase(Id id) {
  Cell& c = cells_[id];
  Chain& ch = chains_[c.chain];
  (c.previous == kNone ? ch.first : cells_[c.previous].next) = c.next;
  (c.next == kNone ? ch.last : cells_[c.next].previous) = c.previous;
  if (ch.first == kNone) ++empty_;
  uint32_t* link = &cell_heads_[c.hash & (cell_heads_.size() - 1)];
  while (*link != id) link = &cells_[*link].same_hash;
  *link = c.same_hash;
  arena_.release(c.data, c.size);
  c.used = false;
  c.next = free_;
  free_ = id;
  --used_;
}

void TextPool::forget(uint32_t owner, const void* slot) {
  for (Id i = first(owner, slot); i != kNone;) {
    const Id after = cells_[i].next;
    erase(i);
    i = after;
  }
}

Status TextPool::copy(uint32_t from, uint32_t to, const void* slot) {
  for (Id i = first(from, slot); i != kNone; i = cells_[i].next)
    TRY(put(to, slot, text(i), cells_[i].key_size, cells_[i].indent, kLast, false));
  return {};
}

}  // namespace parley::cli
