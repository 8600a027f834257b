// Shared by the wolfCrypt code of this folder and platform/tls: start-up, random generator, fault mapping.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/error-crypt.h>
#include <wolfssl/wolfcrypt/random.h>

#include "platform/base/memory.h"
#include "platform/base/result.h"

namespace parley::crypto {

// All memory of the library; "wolfSSL" in `show memory`.
Arena& wolf_arena();

// Sets the allocators and starts the library, once, from any thread. Every entry into wolfSSL calls it first.
void wolf_start();

// This thread's generator, seeded by the kernel; nullptr: no entropy.
WC_RNG* wolf_rng();

inline Fault wolf_fault(Code code, const char* what, int library_error) {
  return Fault{code, what, static_cast<uint32_t>(library_error < 0 ? -library_error : library_error)};
}

}  // namespace parley::crypto
