// Interfaces, addresses and routes through rtnetlink; and the stand-in for `--net host`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <span>

#include "platform/base/memory.h"
#include "platform/net/link.h"
#include "platform/posix/netlink.h"

namespace parley::posix {

// "GigabitEthernet0/0.10" -> "gi0-0.10", "Loopback0" -> "lo0", "Vlan7" -> "vl7". Linux allows 15 characters.
// Empty: the name is not made of letters followed by numbers, or too long.
Text<15> kernel_name(std::string_view name);

class KernelLinks final : public Links {
 public:
  // Brings `lo` up, removes what an earlier run left, makes the ports. A port is one end of a pair; the other end,
  // "<port>-wire", stays beside it until somebody moves it into the network that is to be connected.
  static Result<std::unique_ptr<KernelLinks>> make(std::span<const char* const> ports);

  bool available() const override { return true; }
  LinkState state(std::string_view name) override;
  Status set_up(std::string_view name, bool up) override;
  Status set_mtu(std::string_view name, uint32_t mtu) override;
  Status set_addresses(std::string_view name, const Address* list, size_t count) override;
  Status add_vlan(std::string_view parent, std::string_view name, uint16_t vlan_id) override;
  Status add_loopback(std::string_view name) override;
  Status remove(std::string_view name) override;
  Status add_route(const Route& r) override;
  Status remove_route(const Route& r) override;

 private:
  // What set_addresses() asked for. Linux answers for the addresses of an interface that is down as well; a router must
  // not, so the kernel has them only while the interface is up.
  static constexpr size_t kMaxAddresses = 16;
  struct Wanted {
    Text<15> kernel;
    Address list[kMaxAddresses];
    size_t count = 0;
  };
  explicit KernelLinks(Netlink netlink) : netlink_(std::move(netlink)) {}
  struct Found;
  Wanted* wanted(std::string_view kernel);
  void forget(std::string_view kernel);
  Status put_addresses(uint32_t index, const Address* list, size_t count);
  Status find(std::string_view kernel, Found& found);
  Result<uint32_t> index_of(std::string_view name);
  Status make_port(std::string_view name);
  Status make_pair(std::string_view kernel);
  Status set_up_kernel(std::string_view kernel, bool up);
  Status remove_leftovers();
  Status remove_index(uint32_t index);
  Status change_address(uint16_t type, uint16_t flags, uint32_t index, Address a);
  Status change_route(uint16_t type, uint16_t flags, const Route& r);
  Netlink netlink_;
  List<Wanted> wanted_{general_arena()};
};

// Changes nothing, but remembers which addresses the router would have, for HostMode::is_own_address.
class HostLinks final : public Links {
 public:
  bool available() const override { return false; }
  LinkState state(std::string_view name) override;   // as if a cable were plugged in
  Status set_up(std::string_view, bool) override { return refuse(); }
  Status set_mtu(std::string_view, uint32_t) override { return refuse(); }
  Status set_addresses(std::string_view name, const Address* list, size_t count) override;
  Status add_vlan(std::string_view, std::string_view, uint16_t) override { return refuse(); }
  Status add_loopback(std::string_view) override { return refuse(); }
  Status remove(std::string_view name) override;
  Status add_route(const Route&) override { return refuse(); }
  Status remove_route(const Route&) override { return refuse(); }
  bool is_own(uint32_t ip) const;

 private:
  struct Own { Text<32> name; uint32_t ip; };
  static Fault refuse() { return {Code::unsupported, "no network of its own (--net host)", 0}; }
  void forget(std::string_view name);
  List<Own> own_{general_arena()};
};

}  // namespace parley::posix
