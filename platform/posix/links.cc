// Interfaces of the router as interfaces of the kernel.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/links.h"

#include <cerrno>
#include <cstring>
#include <new>

#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>

namespace parley::posix {
namespace {

// Interface group of what we made, so that the next run may remove it ("pa"; an alias cannot be given when making one).
constexpr uint32_t kGroup = 0x7061;
constexpr uint16_t kMake = NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK;

Text<15> wire_name(std::string_view kernel) {
  char text[15];
  FixedWriter w(text);
  w.put(kernel).put("-wire");
  return w.ok() ? Text<15>(w.view()) : Text<15>();
}

Bytes tail_of_link(Bytes payload) { return payload.subspan(NLMSG_ALIGN(sizeof(ifinfomsg))); }

void put_name(NetlinkRequest& r, std::string_view kernel) {
  r.attribute(IFLA_IFNAME, kernel);
  r.attribute_u32(IFLA_GROUP, kGroup);
}

}  // namespace

struct KernelLinks::Found {
  uint32_t index = 0;          // 0: no such interface
  LinkState state;
  uint16_t vlan = 0;           // 0: not a VLAN
  uint32_t parent = 0;
};

Text<15> kernel_name(std::string_view name) {
  size_t letters = 0;
  while (letters < name.size() && ((name[letters] | 0x20) >= 'a' && (name[letters] | 0x20) <= 'z')) ++letters;
  if (letters < 2 || letters == name.size()) return {};
  char text[15];
  FixedWriter w(text);
  w.put(ascii_lower(name[0])).put(ascii_lower(name[1]));
  for (const char c : name.substr(letters)) {
    if ((c < '0' || c > '9') && c != '/' && c != '.') return {};
    w.put(c == '/' ? '-' : c);
  }
  return w.ok() ? Text<15>(w.view()) : Text<15>();
}

Result<std::unique_ptr<KernelLinks>> KernelLinks::make(std::span<const char* const> ports) {
  TRY_ASSIGN(Netlink netlink, Netlink::open());
  std::unique_ptr<KernelLinks> links(new (std::nothrow) KernelLinks(std::move(netlink)));
  if (links == nullptr) return Fault{Code::full, "no memory for interfaces", 0};
  TRY(links->set_up_kernel("lo", true));
  TRY(links->remove_leftovers());
  for (const char* port : ports) TRY(links->make_port(port));
  return links;
}

Status KernelLinks::find(std::string_view kernel, Found& found) {
  NetlinkRequest r(RTM_GETLINK, NLM_F_ACK);
  r.body(ifinfomsg{});
  r.attribute(IFLA_IFNAME, kernel);
  const Status s = netlink_.query(r, [](void* context, uint16_t type, Bytes payload) {
    if (type != RTM_NEWLINK || payload.size() < sizeof(ifinfomsg)) return;
    auto& f = *static_cast<Found*>(context);
    ifinfomsg info;
    std::memcpy(&info, payload.data(), sizeof info);
    const Bytes tail = tail_of_link(payload);
    f.index = static_cast<uint32_t>(info.ifi_index);
    f.state.present = true;
    f.state.up = (info.ifi_flags & IFF_UP) != 0;
    f.state.carrier = (info.ifi_flags & IFF_RUNNING) != 0;
    f.state.mtu = attribute_u32(find_attribute(tail, IFLA_MTU));
    f.parent = attribute_u32(find_attribute(tail, IFLA_LINK));
    const Bytes mac = find_attribute(tail, IFLA_ADDRESS);
    if (mac.size() == sizeof f.state.mac) std::memcpy(f.state.mac, mac.data(), mac.size());
    const Bytes counters = find_attribute(tail, IFLA_STATS64);
    rtnl_link_stats64 s64{};
    std::memcpy(&s64, counters.data(), counters.size() < sizeof s64 ? counters.size() : sizeof s64);
    f.state.rx_packets = s64.rx_packets;
    f.state.tx_packets = s64.tx_packets;
    f.state.rx_bytes = s64.rx_bytes;
    f.state.tx_bytes = s64.tx_bytes;
    f.state.rx_errors = s64.rx_errors;
    f.state.tx_errors = s64.tx_errors;
    const Bytes vlan = find_attribute(find_attribute(find_attribute(tail, IFLA_LINKINFO), IFLA_INFO_DATA), IFLA_VLAN_ID);
    if (vlan.size() == sizeof f.vlan) std::memcpy(&f.vlan, vlan.data(), sizeof f.vlan);
  }, &found);
  if (!s && s.error().detail == ENODEV) return {};
  return s;
}

Result<uint32_t> KernelLinks::index_of(std::string_view name) {
  const Text<15> kernel = kernel_name(name);
  if (kernel.empty()) return Fault{Code::invalid, "not the name of an interface", 0};
  Found found;
  TRY(find(kernel, found));
  if (found.index == 0) return Fault{Code::missing, "no such interface", 0};
  return found.index;
}

LinkState KernelLinks::state(std::string_view name) {
  Found found;
  const Text<15> kernel = kernel_name(name);
  if (!kernel.empty()) (void)find(kernel, found).has_value();
  return found.state;
}

Status KernelLinks::make_pair(std::string_view kernel) {
  const Text<15> wire = wire_name(kernel);
  if (wire.empty()) return Fault{Code::invalid, "name of an interface is too long", 0};
  NetlinkRequest r(RTM_NEWLINK, kMake);
  r.body(ifinfomsg{});
  put_name(r, kernel);
  const size_t link_info = r.begin(IFLA_LINKINFO);
  r.attribute(IFLA_INFO_KIND, std::string_view("veth"));
  const size_t data = r.begin(IFLA_INFO_DATA);
  const size_t peer = r.begin(VETH_INFO_PEER);
  r.body(ifinfomsg{});
  r.attribute(IFLA_IFNAME, wire.view());
  r.end(peer);
  r.end(data);
  r.end(link_info);
  TRY(netlink_.execute(r));
  return set_up_kernel(wire, true);
}

Status KernelLinks::make_port(std::string_view name) {
  const Text<15> kernel = kernel_name(name);
  Found found;
  TRY(find(kernel, found));
  if (found.index == 0) return make_pair(kernel);
  // Kept over a restart because a client may hold the other end. Down: routes of the former run go with it.
  TRY(set_up_kernel(kernel, false));
  return set_addresses(name, nullptr, 0);
}

Status KernelLinks::set_up_kernel(std::string_view kernel, bool up) {
  Found found;
  TRY(find(kernel, found));
  if (found.index == 0) return Fault{Code::missing, "no such interface", 0};
  NetlinkRequest r(RTM_NEWLINK, NLM_F_ACK);
  ifinfomsg info{};
  info.ifi_index = static_cast<int>(found.index);
  info.ifi_flags = up ? IFF_UP : 0;
  info.ifi_change = IFF_UP;
  r.body(info);
  return netlink_.execute(r);
}

Status KernelLinks::set_up(std::string_view name, bool up) {
  TRY_ASSIGN(const uint32_t index, index_of(name));
  const Text<15> kernel = kernel_name(name);
  if (!up) TRY(put_addresses(index, nullptr, 0));
  TRY(set_up_kernel(kernel, up));
  const Wanted* w = wanted(kernel);
  if (up && w != nullptr) TRY(put_addresses(index, w->list, w->count));
  return {};
}

Status KernelLinks::set_mtu(std::string_view name, uint32_t mtu) {
  TRY_ASSIGN(const uint32_t index, index_of(name));
  NetlinkRequest r(RTM_NEWLINK, NLM_F_ACK);
  ifinfomsg info{};
  info.ifi_index = static_cast<int>(index);
  r.body(info);
  r.attribute_u32(IFLA_MTU, mtu);
  return netlink_.execute(r);
}

Status KernelLinks::add_vlan(std::string_view parent, std::string_view name, uint16_t vlan_id) {
  TRY_ASSIGN(const uint32_t parent_index, index_of(parent));
  const Text<15> kernel = kernel_name(name);
  if (kernel.empty()) return Fault{Code::invalid, "not the name of an interface", 0};
  Found found;
  TRY(find(kernel, found));
  if (found.index != 0 && found.vlan == vlan_id && found.parent == parent_index) return {};
  if (found.index != 0) TRY(remove(name));
  NetlinkRequest r(RTM_NEWLINK, kMake);
  r.body(ifinfomsg{});
  put_name(r, kernel);
  r.attribute_u32(IFLA_LINK, parent_index);
  const size_t link_info = r.begin(IFLA_LINKINFO);
  r.attribute(IFLA_INFO_KIND, std::string_view("vlan"));
  const size_t data = r.begin(IFLA_INFO_DATA);
  r.attribute_u16(IFLA_VLAN_ID, vlan_id);
  r.end(data);
  r.end(link_info);
  const Status made = netlink_.execute(r);
  // A kernel without VLANs: the router can still be reached at the address from inside the namespace.
  if (!made && made.error().code == Code::unsupported) return make_pair(kernel);
  return made;
}

Status KernelLinks::add_loopback(std::string_view name) {
  const Text<15> kernel = kernel_name(name);
  if (kernel.empty()) return Fault{Code::invalid, "not the name of an interface", 0};
  Found found;
  TRY(find(kernel, found));
  if (found.index != 0) return {};
  NetlinkRequest r(RTM_NEWLINK, kMake);
  r.body(ifinfomsg{});
  put_name(r, kernel);
  const size_t link_info = r.begin(IFLA_LINKINFO);
  r.attribute(IFLA_INFO_KIND, std::string_view("dummy"));
  r.end(link_info);
  const Status made = netlink_.execute(r);
  if (!made && made.error().code == Code::unsupported) return make_pair(kernel);
  return made;
}

Status KernelLinks::remove_index(uint32_t index) {
  NetlinkRequest r(RTM_DELLINK, NLM_F_ACK);
  ifinfomsg info{};
  info.ifi_index = static_cast<int>(index);
  r.body(info);
  return netlink_.execute(r);
}

Status KernelLinks::remove(std::string_view name) {
  const auto index = index_of(name);
  if (!index && index.error().code == Code::missing) return {};
  if (!index) return index.error();
  forget(kernel_name(name));
  return remove_index(*index);
}

// Everything with our mark but the ports, which are never sub-interfaces: no '.' and not "lo".
Status KernelLinks::remove_leftovers() {
  struct Leftovers { uint32_t index[256]; size_t count = 0; } left;
  NetlinkRequest r(RTM_GETLINK, NLM_F_DUMP);
  r.body(ifinfomsg{});
  TRY(netlink_.query(r, [](void* context, uint16_t type, Bytes payload) {
    if (type != RTM_NEWLINK || payload.size() < sizeof(ifinfomsg)) return;
    auto& l = *static_cast<Leftovers*>(context);
    ifinfomsg info;
    std::memcpy(&info, payload.data(), sizeof info);
    const Bytes tail = tail_of_link(payload);
    const std::string_view name = as_text(find_attribute(tail, IFLA_IFNAME));
    const bool extra = name.find('.') != std::string_view::npos || name.starts_with("lo");
    const bool ours = attribute_u32(find_attribute(tail, IFLA_GROUP)) == kGroup;
    if (ours && extra && l.count < 256) l.index[l.count++] = static_cast<uint32_t>(info.ifi_index);
  }, &left));
  for (size_t i = 0; i < left.count; ++i) {
    const Status s = remove_index(left.index[i]);
    if (!s && s.error().detail != ENODEV) return s;
  }
  return {};
}

}  // namespace parley::posix
