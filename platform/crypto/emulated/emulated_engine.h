// An engine that behaves like a slow chip: own thread, latency, bounded queue, faults on demand. For the native board
// and for tests; the arithmetic is wolfCrypt's.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/base/time.h"
#include "platform/crypto/engine_if.h"

namespace parley::crypto {

struct EmulatedTraits {
  const char* name = "emulated";
  size_t queue = 16;               // requests waiting or under way; more are refused with `busy`
  Millis latency{0};               // added to every request
  Millis patience{2000};           // a caller gives up after this (`timeout`): the chip hangs
  uint16_t max_rsa_bits = 4096;    // longer keys are `unsupported`
  bool generates = true;
  size_t min_bulk = 4096;          // shorter hashes and ciphers are left to software
};

enum class EngineFault : uint8_t {
  none,
  refuse,        // answers `busy`
  fail,          // answers `io`
  wrong_answer,  // flips a bit of the result
  hang,          // does not answer until the fault is taken away
};

class EmulatedEngine : public Engine {
 public:
  // The next `count` requests suffer from it; 0 = all from now on. Any thread.
  virtual void inject(EngineFault fault, uint32_t count) = 0;
  virtual size_t waiting() const = 0;
};

std::unique_ptr<EmulatedEngine> make_emulated_engine(const EmulatedTraits& traits = {});

}  // namespace parley::crypto
