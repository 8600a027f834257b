// The engines in their order, with fail-over and counters. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>

#include "platform/base/memory.h"
#include "platform/crypto/engine_if.h"

namespace parley::crypto {

// A request is given to one engine after the other until one answers; the answer is checked, a wrong one counts as a
// failed engine. An engine that fails three times in a row is set aside for a second, twice as long each time it fails again,
// up to a minute. Thread-safe after the last add().
class EngineChain {
 public:
  explicit EngineChain(const Clock& clock) : clock_(clock) {}
  ~EngineChain();
  Status add_before_last(std::unique_ptr<Engine> engine);

  // With the key store's keys; the software engine is last and can do everything.
  Result<PrivateKey> generate(KeyType type, uint16_t bits);
  Status rsa_private(const PrivateKey& key, Bytes public_key, Bytes in, MutBytes out);
  Result<Blob> ec_sign(const PrivateKey& key, Bytes spki, Bytes digest);
  Result<Blob> ecdh(const PrivateKey& key, Bytes peer_spki);

  // Without; the caller does it in software when the answer is `unsupported`. Wrong answers of verifications are final.
  bool offered(CryptoOp op, size_t bytes) const;
  Status rsa_public(Bytes key, Bytes in, MutBytes out);
  Status ec_verify(Bytes spki, Bytes digest, Bytes signature);
  Status hash(Hash h, const Bytes* key, Bytes a, Bytes b, Digest& out);
  Status cipher(const CipherOrder& order);

  void each(Keys::EachEngine each, void* context) const;

 private:
  struct Count {
    std::atomic<uint64_t> requests{0}, refused{0}, failed{0}, failed_over{0};
    std::atomic<uint32_t> in_flight{0};
  };
  struct Slot {
    std::unique_ptr<Engine> engine;
    Count count[kCryptoOps];
    uint16_t broken = 0;                     // operations that failed the self-test: bits of CryptoOp
    std::atomic<uint32_t> failures{0};       // in a row
    std::atomic<int64_t> aside_until_ms{0};
    std::atomic<const char*> reason{""};
  };
  template <class Ask>
  Status ask_each(CryptoOp op, size_t bytes, size_t slots, Ask ask);
  bool takes(const Slot& s, CryptoOp op, size_t bytes) const;
  void set_aside(Slot& s, const char* why);
  int64_t now_ms() const;
  size_t accelerators() const { return size_ == 0 ? 0 : size_ - 1; }

  static constexpr size_t kMax = 4;
  const Clock& clock_;
  Slot slots_[kMax];
  size_t size_ = 0;
};

// Known answers of every operation an engine offers; bits of those that came out wrong.
uint16_t self_test(Engine& engine);

}  // namespace parley::crypto
