// Interfaces and routes of the kernel, in the router's own network namespace.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/result.h"
#include "platform/base/text.h"

namespace parley {

struct LinkState {
  bool present = false;
  bool up = false;        // administratively
  bool carrier = false;
  uint32_t mtu = 0;
  uint8_t mac[6] = {};
  uint64_t rx_packets = 0, tx_packets = 0, rx_bytes = 0, tx_bytes = 0, rx_errors = 0, tx_errors = 0;
};

// Names are IOS names ("GigabitEthernet0/0", "Loopback0"); the implementation maps them to kernel names.
// All calls are quick (one netlink exchange) and idempotent.
class Links {
 public:
  virtual ~Links() = default;
  virtual bool available() const = 0;                   // false with `--net host`: all changes are refused (unsupported)
  virtual LinkState state(std::string_view name) = 0;
  virtual Status set_up(std::string_view name, bool up) = 0;
  virtual Status set_mtu(std::string_view name, uint32_t mtu) = 0;
  // Replaces all IPv4 addresses of the interface by these (prefix length 0..32); count 0 removes all.
  struct Address { uint32_t ip; uint8_t prefix; };
  virtual Status set_addresses(std::string_view name, const Address* list, size_t count) = 0;
  virtual Status add_vlan(std::string_view parent, std::string_view name, uint16_t vlan_id) = 0;
  virtual Status add_loopback(std::string_view name) = 0;
  virtual Status remove(std::string_view name) = 0;      // sub-interface or loopback
  struct Route { uint32_t net; uint8_t prefix; uint32_t gateway; Text<32> interface; uint8_t distance; };
  virtual Status add_route(const Route& r) = 0;          // Fault missing: gateway not reachable yet
  virtual Status remove_route(const Route& r) = 0;
};

}  // namespace parley
