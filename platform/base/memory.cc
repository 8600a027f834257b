// Heap accounts and their list for `show memory`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/memory.h"

#include <cstdlib>
#include <mutex>

#include "platform/base/bytes.h"

namespace parley {
namespace {

// Guards the two lists, not the counters.
constinit std::mutex g_lock;
constinit Arena* g_arenas = nullptr;
constinit PoolAccount* g_pools = nullptr;

// 32-bit counters: a 64-bit one needs a lock on MIPS32.
constinit std::atomic<uint32_t> g_allocations{0};
constinit std::atomic<uint32_t> g_fail_from{0};

constinit Arena g_general("General", size_t{256} << 20);

bool refused_by_test() {
  const uint32_t n = ++g_allocations;
  const uint32_t from = g_fail_from;
  return from != 0 && n >= from;
}

}  // namespace

Arena& general_arena() { return g_general; }

Arena::~Arena() {
  if (!listed_) return;
  const std::lock_guard<std::mutex> hold(g_lock);
  for (Arena** at = &g_arenas; *at != nullptr; at = &(*at)->next_) {
    if (*at != this) continue;
    *at = next_;
    return;
  }
}

void Arena::list_once() {
  if (listed_) return;
  const std::lock_guard<std::mutex> hold(g_lock);
  if (listed_) return;
  Arena** at = &g_arenas;
  while (*at != nullptr) at = &(*at)->next_;
  *at = this;
  listed_ = true;
}

void* Arena::allocate(size_t bytes) {
  list_once();
  const size_t before = used_.fetch_add(bytes);
  void* p = nullptr;
  if (bytes <= limit_ && before <= limit_ - bytes && !refused_by_test()) p = std::malloc(bytes > 0 ? bytes : 1);
  if (p == nullptr) {
    used_ -= bytes;
    ++refused_;
    return nullptr;
  }
  size_t peak = peak_;
  while (before + bytes > peak && !peak_.compare_exchange_weak(peak, before + bytes)) {
  }
  return p;
}

void Arena::release(void* p, size_t bytes) {
  if (p == nullptr) return;
  std::free(p);
  used_ -= bytes;
}

void Arena::fail_from(uint64_t n) {
  g_fail_from = n == 0 ? 0 : g_allocations + static_cast<uint32_t>(n);
}

uint64_t Arena::allocations() { return g_allocations; }

void PoolAccount::enlist() {
  const std::lock_guard<std::mutex> hold(g_lock);
  PoolAccount** at = &g_pools;
  while (*at != nullptr) at = &(*at)->next_;
  *at = this;
  next_ = nullptr;
}

void PoolAccount::unlist() {
  const std::lock_guard<std::mutex> hold(g_lock);
  for (PoolAccount** at = &g_pools; *at != nullptr; at = &(*at)->next_) {
    if (*at != this) continue;
    *at = next_;
    return;
  }
}

void each_arena(void (*each)(void* context, const Arena& arena), void* context) {
  const std::lock_guard<std::mutex> hold(g_lock);
  for (const Arena* a = g_arenas; a != nullptr; a = a->next_) each(context, *a);
}

void each_pool(void (*each)(void* context, const PoolAccount& pool), void* context) {
  const std::lock_guard<std::mutex> hold(g_lock);
  for (const PoolAccount* p = g_pools; p != nullptr; p = p->next_) each(context, *p);
}

}  // namespace parley
