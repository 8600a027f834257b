// Wiping and constant-time comparison.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/secret.h"

#include <cstring>

namespace parley {

void wipe(void* data, size_t size) {
  if (size == 0) return;
  std::memset(data, 0, size);
  // The compiler must assume that the zeroes are read.
  __asm__ __volatile__("" : : "r"(data) : "memory");
}

bool equal_constant_time(Bytes a, Bytes b) {
  if (a.size() != b.size()) return false;
  volatile uint8_t difference = 0;
  for (size_t i = 0; i < a.size(); ++i) difference = static_cast<uint8_t>(difference | (a[i] ^ b[i]));
  return difference == 0;
}

}  // namespace parley
