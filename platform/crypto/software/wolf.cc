// Start-up of wolfSSL: bounded heap, one random generator per thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/software/wolf.h"

#include <atomic>
#include <cstring>
#include <mutex>

#include <wolfssl/ssl.h>
#include <wolfssl/wolfcrypt/memory.h>

#include "config.h"
#include "platform/base/secret.h"
#include "platform/crypto/bulk.h"

namespace parley::crypto {

namespace {

// A TLS session with the peer's certificate takes about 30 KiB; the rest is for handshakes, key generation and scrypt.
constexpr size_t kArenaBytes = size_t{24} * 1024 * 1024 + size_t{CONFIG_MAX_SESSIONS} * 48 * 1024;
constinit Arena g_arena("wolfSSL", kArenaBytes);

// The library frees without a size, so a block carries it in front.
struct alignas(16) Head {
  size_t bytes;
};

void* wolf_malloc(size_t n) {
  if (n > kArenaBytes) return nullptr;
  auto* head = static_cast<Head*>(g_arena.allocate(sizeof(Head) + n));
  if (head == nullptr) return nullptr;
  head->bytes = n;
  return head + 1;
}

void wolf_free(void* p) {
  if (p == nullptr) return;
  Head* head = static_cast<Head*>(p) - 1;
  g_arena.release(head, sizeof(Head) + head->bytes);
}

void* wolf_realloc(void* p, size_t n) {
  if (p == nullptr) return wolf_malloc(n);
  void* q = wolf_malloc(n);
  if (q == nullptr) return nullptr;
  const size_t old = (static_cast<Head*>(p) - 1)->bytes;
  std::memcpy(q, p, old < n ? old : n);
  wipe(p, old);
  wolf_free(p);
  return q;
}

struct ThreadRng {
  WC_RNG rng;
  bool ready = false;
  ~ThreadRng() {
    if (ready) wc_FreeRng(&rng);
  }
};

}  // namespace

Arena& wolf_arena() { return g_arena; }

void wolf_start() {
  static std::once_flag once;
  std::call_once(once, [] {
    PARLEY_CHECK(wolfSSL_SetAllocators(wolf_malloc, wolf_free, wolf_realloc) == 0);
    PARLEY_CHECK(wolfSSL_Init() == WOLFSSL_SUCCESS);
  });
}

WC_RNG* wolf_rng() {
  wolf_start();
  count_software(CryptoOp::random);
  static thread_local ThreadRng t;
  if (!t.ready) {
    std::memset(&t.rng, 0, sizeof t.rng);
    t.ready = wc_InitRng(&t.rng) == 0;
  }
  return t.ready ? &t.rng : nullptr;
}

}  // namespace parley::crypto
