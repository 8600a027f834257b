// Service Interfaces: addresses of this router and names of hosts, for modules that listen or connect.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

namespace parley {

class Interfaces {
 public:
  static constexpr const char* kService = "Interfaces";
  virtual ~Interfaces() = default;
  // Configured primary address, host order; 0: none (or shut down).
  virtual uint32_t address_of(std::string_view interface) const = 0;   // "GigabitEthernet0/0"
  virtual uint32_t first_address() const = 0;   // of the first interface that has one
  virtual bool is_own(uint32_t ip) const = 0;
  // Dotted address, or a name of `ip host`. False: unknown (there is no DNS delay in here).
  virtual bool resolve(std::string_view host, uint32_t& ip) const = 0;
};

}  // namespace parley
