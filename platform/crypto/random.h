// Random numbers for keys, nonces and passwords.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"

namespace parley {

class Random {
 public:
  virtual ~Random() = default;
  virtual Status fill(MutBytes to) = 0;    // cryptographic; any thread; Fault io: no entropy (never weak bytes)
  uint32_t below(uint32_t bound);          // 0..bound-1, unbiased; panics without entropy
};

}  // namespace parley
