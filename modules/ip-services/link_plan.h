// From configured interfaces and routes to what the kernel must do: compares with what was done, changes the difference.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/bytes.h"
#include "platform/base/memory.h"
#include "platform/net/link.h"

namespace parley::ip_services {

constexpr size_t kAddressesPerInterface = 4;   // one primary, the others secondary

struct WantedInterface {
  Text<32> name;               // "GigabitEthernet0/0", "GigabitEthernet0/0.10", "Loopback0"
  bool up = true;
  uint32_t mtu = 0;            // 0 = leave it
  uint16_t vlan = 0;           // sub-interface with encapsulation dot1Q; 0 = none
  uint8_t address_count = 0;
  Links::Address addresses[kAddressesPerInterface] = {};
};

struct WantedRoute {
  Links::Route route;
  bool active = false;         // the kernel has it
};

enum class LinkKind : uint8_t { hardware, sub_interface, loopback, other };
LinkKind kind_of(std::string_view name);
// "GigabitEthernet0/0.10" -> "GigabitEthernet0/0"
std::string_view parent_of(std::string_view name);

// Keeps what was asked last. Interfaces the board does not have are kept and never touched.
class LinkPlan {
 public:
  explicit LinkPlan(Links& links) : links_(links), interfaces_(general_arena()), routes_(general_arena()) {}

  // Order matters: begin, every interface and route of the configuration, commit.
  void begin();
  Status want(const WantedInterface& interface);
  Status want(const Links::Route& route);
  // Makes it so. A route whose gateway is not reachable yet stays inactive: call retry_routes() later.
  void commit();
  bool retry_routes();         // true: some still wait
  void release();              // takes back everything that was set

  const List<WantedInterface>& interfaces() const { return interfaces_; }
  const List<WantedRoute>& routes() const { return routes_; }

 private:
  const WantedInterface* find(const List<WantedInterface>& in, std::string_view name) const;
  void set(const WantedInterface& now, const WantedInterface* before);
  Links& links_;
  List<WantedInterface> interfaces_;
  List<WantedRoute> routes_;
  List<WantedInterface> next_interfaces_{general_arena()};
  List<WantedRoute> next_routes_{general_arena()};
};

}  // namespace parley::ip_services
