// IPv4 addresses and routes of KernelLinks; HostLinks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <sys/socket.h>

#include "platform/posix/links.h"

namespace parley::posix {
namespace {

constexpr size_t kMaxCurrent = 64;

struct Current {
  uint32_t index;
  Links::Address list[kMaxCurrent];
  size_t count = 0;
};

void collect(void* context, uint16_t type, Bytes payload) {
  auto& c = *static_cast<Current*>(context);
  if (type != RTM_NEWADDR || payload.size() < sizeof(ifaddrmsg) || c.count == kMaxCurrent) return;
  ifaddrmsg m;
  std::memcpy(&m, payload.data(), sizeof m);
  const Bytes ip = find_attribute(payload.subspan(NLMSG_ALIGN(sizeof m)), IFA_LOCAL);
  if (m.ifa_index == c.index && m.ifa_family == AF_INET && ip.size() == 4)
    c.list[c.count++] = {ntohl(attribute_u32(ip)), m.ifa_prefixlen};
}

bool has(const Links::Address* list, size_t count, const Links::Address& a) {
  for (size_t i = 0; i < count; ++i)
    if (list[i].ip == a.ip && list[i].prefix == a.prefix) return true;
  return false;
}

}  // namespace

Status KernelLinks::change_address(uint16_t type, uint16_t flags, uint32_t index, Address a) {
  NetlinkRequest r(type, static_cast<uint16_t>(flags | NLM_F_ACK));
  ifaddrmsg m{};
  m.ifa_family = AF_INET;
  m.ifa_prefixlen = a.prefix;
  m.ifa_index = index;
  r.body(m);
  r.attribute_ip(IFA_LOCAL, a.ip);
  r.attribute_ip(IFA_ADDRESS, a.ip);
  if (a.prefix < 31) r.attribute_ip(IFA_BROADCAST, a.ip | (UINT32_MAX >> a.prefix));
  return netlink_.execute(r);
}

KernelLinks::Wanted* KernelLinks::wanted(std::string_view kernel) {
  for (Wanted& w : wanted_)
    if (w.kernel.view() == kernel) return &w;
  return nullptr;
}

void KernelLinks::forget(std::string_view kernel) {
  for (size_t i = wanted_.size(); i-- > 0;)
    if (wanted_[i].kernel.view() == kernel) wanted_.remove(i);
}

Status KernelLinks::set_addresses(std::string_view name, const Address* list, size_t count) {
  if (count > kMaxAddresses) return Fault{Code::full, "too many addresses", static_cast<uint32_t>(count)};
  for (size_t i = 0; i < count; ++i)
    if (list[i].prefix > 32) return Fault{Code::invalid, "prefix length", list[i].prefix};
  TRY_ASSIGN(const uint32_t index, index_of(name));
  const Text<15> kernel = kernel_name(name);
  if (wanted(kernel) == nullptr) TRY(wanted_.push(Wanted{kernel, {}, 0}));
  Wanted& w = *wanted(kernel);
  for (size_t i = 0; i < count; ++i) w.list[i] = list[i];
  w.count = count;
  return put_addresses(index, list, state(name).up ? count : 0);
}

Status KernelLinks::put_addresses(uint32_t index, const Address* list, size_t count) {
  Current now;
  now.index = index;
  NetlinkRequest r(RTM_GETADDR, NLM_F_DUMP);
  ifaddrmsg m{};
  m.ifa_family = AF_INET;
  r.body(m);
  TRY(netlink_.query(r, collect, &now));
  for (size_t i = 0; i < now.count; ++i) {
    if (has(list, count, now.list[i])) continue;
    // Removing a first address takes its secondaries along; they may be gone already.
    const Status s = change_address(RTM_DELADDR, 0, index, now.list[i]);
    if (!s && s.error().detail != EADDRNOTAVAIL) return s;
  }
  for (size_t i = 0; i < count; ++i) {
    const Status s = change_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, index, list[i]);
    if (!s && s.error().detail != EEXIST) return s;
  }
  return {};
}

Status KernelLinks::change_route(uint16_t type, uint16_t flags, const Route& route) {
  if (route.prefix > 32) return Fault{Code::invalid, "prefix length", route.prefix};
  const bool null = equal_nocase(route.interface, "Null0");
  NetlinkRequest r(type, static_cast<uint16_t>(flags | NLM_F_ACK));
  rtmsg m{};
  m.rtm_family = AF_INET;
  m.rtm_dst_len = route.prefix;
  m.rtm_table = RT_TABLE_MAIN;
  m.rtm_protocol = RTPROT_STATIC;
  m.rtm_scope = route.gateway == 0 && !null ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  m.rtm_type = null ? RTN_BLACKHOLE : RTN_UNICAST;
  r.body(m);
  r.attribute_ip(RTA_DST, route.prefix == 0 ? 0 : route.net & (UINT32_MAX << (32 - route.prefix)));
  if (route.gateway != 0) r.attribute_ip(RTA_GATEWAY, route.gateway);
  if (!route.interface.empty() && !null) {
    TRY_ASSIGN(const uint32_t index, index_of(route.interface));
    r.attribute_u32(RTA_OIF, index);
  }
  r.attribute_u32(RTA_PRIORITY, route.distance);
  return netlink_.execute(r);
}

Status KernelLinks::add_route(const Route& route) {
  const Status s = change_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, route);
  if (s) return s;
  // ENETDOWN: the interface is shut down. EINVAL: the gateway is one of our own addresses.
  if (s.error().detail == ENETUNREACH || s.error().detail == EHOSTUNREACH || s.error().detail == ENETDOWN)
    return Fault{Code::missing, "gateway is not reachable", s.error().detail};
  return s;
}

Status KernelLinks::remove_route(const Route& route) {
  const Status s = change_route(RTM_DELROUTE, 0, route);
  if (!s && (s.error().detail == ESRCH || s.error().code == Code::missing)) return {};
  return s;
}

void HostLinks::forget(std::string_view name) {
  for (size_t i = own_.size(); i-- > 0;)
    if (equal_nocase(own_[i].name, name)) own_.remove(i);
}

Status HostLinks::set_addresses(std::string_view name, const Address* list, size_t count) {
  forget(name);
  for (size_t i = 0; i < count; ++i) TRY(own_.push({Text<32>(name), list[i].ip}));
  return refuse();
}

Status HostLinks::remove(std::string_view name) {
  forget(name);
  return refuse();
}

LinkState HostLinks::state(std::string_view) {
  LinkState s;
  s.present = s.up = s.carrier = true;
  s.mtu = 1500;
  return s;
}

bool HostLinks::is_own(uint32_t ip) const {
  for (const Own& o : own_)
    if (o.ip == ip) return true;
  return false;
}

}  // namespace parley::posix
