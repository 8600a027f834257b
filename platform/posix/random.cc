// Random numbers by getrandom: blocks only before the kernel's pool is seeded, once after boot.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/random.h"

#include <sys/random.h>

#include "platform/posix/fd.h"

namespace parley::posix {

Status PosixRandom::fill(MutBytes to) {
  while (!to.empty()) {
    const ssize_t n = retry([&] { return ::getrandom(to.data(), to.size(), 0); });
    if (n <= 0) return Fault{Code::io, "the kernel gives no random numbers", 0};
    to = to.subspan(static_cast<size_t>(n));
  }
  return {};
}

}  // namespace parley::posix
