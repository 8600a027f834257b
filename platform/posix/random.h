// Random numbers of the kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/random.h"

namespace parley::posix {

class PosixRandom final : public Random {
 public:
  Status fill(MutBytes to) override;
};

}  // namespace parley::posix
