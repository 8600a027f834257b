// An engine over the kernel's drivers, where a SoC's crypto hardware appears.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/base/time.h"
#include "platform/crypto/engine_if.h"
#include "platform/crypto/kernel/kernel_crypto.h"

namespace parley::crypto {

enum class KernelUse : uint8_t { when_faster, always };

// Asks /proc/crypto, tries and measures each algorithm against software (some milliseconds: at boot). nullptr: the kernel
// offers nothing that would be used. `kernel` must outlive the engine.
std::unique_ptr<Engine> make_kernel_engine(KernelCrypto& kernel, const Clock& clock, KernelUse use);

// The driver with the highest priority for a name in the text of /proc/crypto; empty: none.
struct KernelDriver {
  Text<64> name;
  bool hardware = false;       // a device beside the CPU, as far as its name and flags tell
};
KernelDriver best_driver(std::string_view proc_crypto, std::string_view algorithm);

}  // namespace parley::crypto
