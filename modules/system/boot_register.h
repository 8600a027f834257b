// The configuration register: `config-register 0xNNNN` (cli.md) and where it is kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/store/store.h"

namespace parley::system {

inline constexpr uint16_t kFactoryRegister = 0x2102;
inline constexpr uint16_t kIgnoreStartup = 0x0040;   // bit 6: the startup-config is not read

// Kept outside the running-config. Without a readable file: kFactoryRegister. Blocking: at boot.
uint16_t load_register(Store& store);

}  // namespace parley::system
