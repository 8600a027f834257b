// Finds elements of a list by their key.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/index.h"

namespace parley {
namespace {

constexpr size_t kFirst = 16;

// FNV-1a, then its upper half over the lower one: buckets are chosen by the low bits.
class Fnv {
 public:
  void add(uint8_t b) { value_ = (value_ ^ b) * 16777619u; }
  uint32_t result() const { return value_ ^ value_ >> 16; }

 private:
  uint32_t value_ = 2166136261u;
};

}  // namespace

uint32_t key_hash(Bytes key) {
  Fnv f;
  for (const uint8_t b : key) f.add(b);
  return f.result();
}

uint32_t key_hash_nocase(std::string_view key) {
  Fnv f;
  for (const char c : key) f.add(static_cast<uint8_t>(ascii_lower(c)));
  return f.result();
}

Status HashIndex::grow() {
  List<uint32_t> bigger(*arena_);
  const size_t count = heads_.empty() ? kFirst : heads_.size() * 2;
  TRY(bigger.reserve(count));
  while (bigger.size() < count) (void)bigger.push(kNone);
  heads_ = std::move(bigger);
  for (uint32_t i = 0; i < nodes_.size(); ++i) {
    nodes_[i].next = head(nodes_[i].hash);
    head(nodes_[i].hash) = i;
  }
  return {};
}

Status HashIndex::add(uint32_t hash) {
  TRY(nodes_.reserve(nodes_.size() + 1));
  if (nodes_.size() == heads_.size()) TRY(grow());
  const auto i = static_cast<uint32_t>(nodes_.size());
  TRY(nodes_.push({hash, head(hash)}));
  head(hash) = i;
  return {};
}

uint32_t& HashIndex::link_to(uint32_t i) {
  uint32_t* link = &head(nodes_[i].hash);
  while (*link != i) link = &nodes_[*link].next;
  return *link;
}

void HashIndex::remove_and_fill(uint32_t i) {
  link_to(i) = nodes_[i].next;
  const auto last = static_cast<uint32_t>(nodes_.size() - 1);
  if (i != last) {
    link_to(last) = i;
    nodes_[i] = nodes_[last];
  }
  nodes_.remove(last);
}

void HashIndex::clear() {
  heads_.clear();
  nodes_.clear();
}

}  // namespace parley
