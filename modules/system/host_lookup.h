// Service HostLookup: what system asks of the module that owns addresses and routes (ip-services provides it).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/text.h"

namespace parley {

class HostLookup {
 public:
  static constexpr const char* kService = "HostLookup";
  virtual ~HostLookup() = default;
  // Dotted address, or a name of `ip host`. False: unknown.
  virtual bool resolve(std::string_view host, uint32_t& ip) const = 0;
  // The interface a packet to this address leaves by; false: none is configured for it.
  virtual bool way_to(uint32_t ip, Text<32>& interface) const = 0;
};

}  // namespace parley
