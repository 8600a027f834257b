// The engines in their order, with fail-over and counters. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>

#include "platform/base/memory.h"
#include "platform/crypto/engine_if.h"

namespace parley::crypto {

// A request is given to one engine after the other until one answers; the answer is checked, a wrong one counts as a
// failed engine. Thread-safe after the last add().
class EngineChain {
 public:
  Status add_before_last(std::unique_ptr<Engine> engine);
  Result<PrivateKey> generate(KeyType type, uint16_t bits);
  Status rsa_private(const PrivateKey& key, Bytes public_key, Bytes in, MutBytes out);
  Result<Blob> ec_sign(const PrivateKey& key, Bytes spki, Bytes digest);
  void each(Keys::EachEngine each, void* context) const;

 private:
  struct Count {
    std::atomic<uint64_t> requests{0}, refused{0}, failed{0}, failed_over{0};
    std::atomic<uint32_t> in_flight{0};
  };
  struct Slot {
    std::unique_ptr<Engine> engine;
    Count count[kCryptoOps];
  };
  template <class Ask>
  Status ask_each(CryptoOp op, Ask ask);

  static constexpr size_t kMax = 4;
  Slot slots_[kMax];
  size_t size_ = 0;
};

}  // namespace parley::crypto
