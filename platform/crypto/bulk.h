// Work without a stored key: long hashes and ciphers, public keys. Software does it unless an engine is there that is better.
// Only for platform/crypto and platform/tls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>

#include "platform/crypto/engine_if.h"

namespace parley::crypto {

class EngineChain;

// The chain whose engines may take such work; nullptr when none of its engines offers any (then it costs one load).
// An engine can make its caller wait: threads that may not wait (the scheduler's) stay in software.
extern std::atomic<EngineChain*> g_accelerator;
inline EngineChain* accelerator() {
  EngineChain* chain = g_accelerator.load(std::memory_order_acquire);
  return chain != nullptr && crypto_thread_is_allowed() ? chain : nullptr;
}

// What software did without an engine being asked, for `show crypto engine`.
extern std::atomic<uint64_t> g_software_count[kCryptoOps];
inline void count_software(CryptoOp op) { g_software_count[static_cast<size_t>(op)].fetch_add(1, std::memory_order_relaxed); }

}  // namespace parley::crypto
