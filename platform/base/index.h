// Finds elements of a list by their key in constant time, however many there are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"
#include "platform/base/memory.h"

namespace parley {

uint32_t key_hash(Bytes key);
inline uint32_t key_hash(std::string_view key) { return key_hash(as_bytes(key)); }
uint32_t key_hash_nocase(std::string_view key);   // the same for names that differ in case only

// Stands beside a list of its owner: its elements have the numbers 0, 1, 2, ... of that list. Holds no keys: the owner
// compares. Different elements may have equal hashes, and equal keys.
class HashIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;
  explicit HashIndex(Arena& arena) : arena_(&arena), heads_(arena), nodes_(arena) {}

  // The element with number size(). Fault full: nothing has changed.
  Status add(uint32_t hash);
  // equal(number): is it the one? Asked for elements with this hash. kNone: no element.
  template <class Equal>
  uint32_t find(uint32_t hash, Equal equal) const {
    if (heads_.empty()) return kNone;
    for (uint32_t i = heads_[hash & (heads_.size() - 1)]; i != kNone; i = nodes_[i].next)
      if (nodes_[i].hash == hash && equal(i)) return i;
    return kNone;
  }
  // The last element takes its number, as the owner moves it.
  void remove_and_fill(uint32_t i);
  void clear();
  size_t size() const { return nodes_.size(); }

 private:
  struct Node {
    uint32_t hash;
    uint32_t next;
  };
  uint32_t& head(uint32_t hash) { return heads_[hash & (heads_.size() - 1)]; }
  uint32_t& link_to(uint32_t i);
  Status grow();

  Arena* arena_;
  List<uint32_t> heads_;   // a power of two
  List<Node> nodes_;
};

}  // namespace parley
