// The network namespace the router lives in.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/result.h"

namespace parley::posix {

enum class NetMode : uint8_t {
  named,     // /run/netns/NAME, made when absent, left in place; `ip netns exec NAME ...` finds it
  isolated,  // a namespace that ends with the program
  host,      // none: loopback interface, shifted ports
};

// Before any thread starts. name: empty = isolated if the system permits, else host; "host"; or a name.
// Faults: invalid (bad name), denied (a named namespace needs root), io.
Result<NetMode> enter_network(std::string_view name);

// For host mode: the first offset of 10000, 11000, ... at which the usual ports are free on the loopback interface.
Result<uint16_t> find_port_offset();

}  // namespace parley::posix
