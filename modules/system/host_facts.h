// Service HostFacts: who this router is and whether its clock may be believed.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace parley {

class HostFacts {
 public:
  static constexpr const char* kService = "HostFacts";
  virtual ~HostFacts() = default;
  virtual std::string_view host_name() const = 0;      // "Router" until it is configured
  virtual std::string_view domain_name() const = 0;    // `ip domain name`, empty: none
  virtual std::string_view serial_number() const = 0;  // of the board

  // A wall clock that may be believed: `clock set`, a real-time clock (also the host's), SNTP. Certificates wait for it.
  virtual bool clock_valid() const = 0;
  virtual const char* clock_source() const = 0;        // "user", "hardware calendar", "NTP", "none"

  // Told by ip-services, which owns `ip domain name` and `ip domain lookup`.
  virtual void set_domain(std::string_view name, bool lookup) = 0;
};

}  // namespace parley
