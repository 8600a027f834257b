// Unbiased small numbers out of random bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/random.h"

namespace parley {

uint32_t Random::below(uint32_t bound) {
  PARLEY_CHECK(bound > 0);
  const uint32_t reject_below = (0u - bound) % bound;  // 2^32 mod bound: these values would favour small results
  for (;;) {
    uint8_t b[4];
    PARLEY_CHECK(fill(b).has_value());
    const uint32_t v = static_cast<uint32_t>(b[0]) << 24 | static_cast<uint32_t>(b[1]) << 16 |
                       static_cast<uint32_t>(b[2]) << 8 | b[3];
    if (v >= reject_below) return v % bound;
  }
}

}  // namespace parley
