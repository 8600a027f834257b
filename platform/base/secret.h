// Secret<N>: key material that cannot be copied, printed or forgotten in memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/base/bytes.h"

namespace parley {

void wipe(void* data, size_t size);               // not removed by the optimiser
bool equal_constant_time(Bytes a, Bytes b);       // time depends on the sizes only

template <size_t N>
class Secret {
 public:
  Secret() = default;
  ~Secret() { wipe(data_, N); }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  MutBytes mut() { return MutBytes(data_, N); }
  Bytes view() const { return Bytes(data_, N); }
  static constexpr size_t kSize = N;

 private:
  uint8_t data_[N] = {};
};

}  // namespace parley
