// Configuration that is kept as text: STORE rows and free bodies, by owner (block instance), row and key.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/memory.h"

namespace parley::cli {

class TextPool {
 public:
  using Id = uint32_t;
  static constexpr Id kNone = 0xffffffff;
  static constexpr Id kLast = 0xfffffffe;

  explicit TextPool(Arena& arena) : arena_(arena), cells_(arena), chains_(arena), cell_heads_(arena), chain_heads_(arena) {}
  ~TextPool();
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  // `slot` is the row (STORE) or the mode (free body). The order inside (owner, slot) is the order of definition.
  Id first(uint32_t owner, const void* slot) const;
  Id next(Id id) const { return cells_[id].next; }
  Id previous(Id id) const { return cells_[id].previous; }
  Id find(uint32_t owner, const void* slot, std::string_view key) const;
  std::string_view text(Id id) const { return std::string_view(cells_[id].data, cells_[id].size); }
  uint16_t indent(Id id) const { return cells_[id].indent; }
  size_t count() const { return used_; }

  // Replaces the text with the same key where it stands, else adds it behind `after` (kLast: at the end).
  // The first `key_size` characters of the text are the key. unique = false: always adds.
  // Fault full: no room, nothing changed.
  Result<Id> put(uint32_t owner, const void* slot, std::string_view text, size_t key_size, uint16_t indent = 0, Id after = kLast,
                 bool unique = true);
  void erase(Id id);
  void forget(uint32_t owner, const void* slot);
  Status copy(uint32_t from, uint32_t to, const void* slot);

 private:
  struct Cell {
    char* data;
    uint32_t hash;
    uint16_t size, key_size, indent;
    bool used;
    uint32_t chain;
    Id next, previous, same_hash;
  };
  struct Chain {
    uint32_t owner;
    const void* slot;
    Id first, last;
    uint32_t same_hash;
  };
  uint32_t chain_of(uint32_t owner, const void* slot) const;
  Result<uint32_t> make_chain(uint32_t owner, const void* slot);
  Status grow(List<uint32_t>& heads, size_t entries);
  void index_cells();
  void index_chains();
  Result<Id> make_cell();

  Arena& arena_;
  List<Cell> cells_;
  List<Chain> chains_;
  List<uint32_t> cell_heads_, chain_heads_;     // hash tables, size a power of two
  Id free_ = kNone;
  size_t used_ = 0;
  size_t empty_ = 0;        // chains without text
  uint32_t cursor_ = 0;
};

}  // namespace parley::cli
