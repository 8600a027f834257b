// show ip interface [brief], show interfaces, show ip route, show hosts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/ip_exec.h"
#include "modules/ip-services/ip_services.h"

namespace parley::ip_services {
namespace {

struct Shown {
  Text<32> name;
  LinkState state;
  const char* status;     // "up", "down", "administratively down"
  const char* protocol;
};

Shown look(IpServices& ip, const InterfaceConfig& c) {
  Shown s;
  print_name(c, s.name);
  s.state = ip.env().links.state(s.name);
  const bool up = s.state.present && s.state.up;
  s.status = c.shutdown ? "administratively down" : up ? "up" : "down";
  s.protocol = !c.shutdown && up && s.state.carrier ? "up" : "down";
  return s;
}

void put_mac(Writer& out, const uint8_t (&mac)[6]) {
  for (int i = 0; i < 6; i += 2) {
    if (i > 0) out.put('.');
    out.hex(mac[i], 2, false).hex(mac[i + 1], 2, false);
  }
}

uint8_t prefix(uint32_t mask) {
  uint8_t n = 0;
  while (n < 32 && (mask & (uint32_t{1} << (31 - n))) != 0) ++n;
  return n;
}

bool has_address(const InterfaceConfig& c) { return c.address_set && c.address_kind == AddressKind::fixed && c.address != 0; }

template <class Show>
void each(cli::Call& call, const InterfaceArgs& a, Show show) {
  IpServices& ip = call.module<IpServices>();
  bool any = false;
  for (const InterfaceConfig& c : ip.settings().interfaces) {
    if (!a.name.empty() && !(a.name == c.name)) continue;
    show(call.out(), look(ip, c), c);
    any = true;
  }
  if (!any && !a.name.empty()) call.out().put("% Interface is not configured\n");
}

void put_route(Writer& out, const char* code, uint32_t net, uint8_t bits) {
  out.left(code, 5).ipv4(net).put('/').dec(bits).put(' ');
}

}  // namespace

void do_show_brief(cli::Call& call) {
  Writer& out = call.out();
  IpServices& ip = call.module<IpServices>();
  out.put("Interface                  IP-Address      OK? Method Status                Protocol\n");
  for (const InterfaceConfig& c : ip.settings().interfaces) {
    const Shown s = look(ip, c);
    char text[20];
    FixedWriter address(text);
    if (has_address(c)) address.ipv4(c.address);
    else address.put("unassigned");
    out.left(s.name, 27).left(address.view(), 16).put("YES ").left(has_address(c) ? "manual" : "unset", 7);
    out.left(s.status, 22).put(s.protocol).put('\n');
  }
}

void do_show_ip_interface(cli::Call& call, const InterfaceArgs& a) {
  each(call, a, [](Writer& out, const Shown& s, const InterfaceConfig& c) {
    out.put(s.name).put(" is ").put(s.status).put(", line protocol is ").put(s.protocol).put('\n');
    if (!has_address(c)) {
      out.put("  Internet protocol processing disabled\n");
      return;
    }
    out.put("  Internet address is ").ipv4(c.address).put('/').dec(prefix(c.mask)).put('\n');
    for (const SecondAddress& second : c.secondary) {
      out.put("  Secondary address ").ipv4(second.address).put('/').dec(prefix(second.mask)).put('\n');
    }
    out.put("  Broadcast address is 255.255.255.255\n  Address determined by setup command\n");
    out.put("  MTU is ").dec(c.mtu).put(" bytes\n");
  });
}

void do_show_interfaces(cli::Call& call, const InterfaceArgs& a) {
  each(call, a, [](Writer& out, const Shown& s, const InterfaceConfig& c) {
    out.put(s.name).put(" is ").put(s.status).put(", line protocol is ").put(s.protocol).put('\n');
    if (!s.state.present) {
      out.put("  Hardware is not present\n");
      return;
    }
    out.put("  Hardware address is ");
    put_mac(out, s.state.mac);
    out.put('\n');
    if (!c.description.empty()) out.put("  Description: ").put(c.description).put('\n');
    if (has_address(c)) out.put("  Internet address is ").ipv4(c.address).put('/').dec(prefix(c.mask)).put('\n');
    out.put("  MTU ").dec(s.state.mtu).put(" bytes\n");
    out.put("     ").dec(static_cast<int64_t>(s.state.rx_packets)).put(" packets input, ");
    out.dec(static_cast<int64_t>(s.state.rx_bytes)).put(" bytes\n");
    out.put("     ").dec(static_cast<int64_t>(s.state.rx_errors)).put(" input errors\n");
    out.put("     ").dec(static_cast<int64_t>(s.state.tx_packets)).put(" packets output, ");
    out.dec(static_cast<int64_t>(s.state.tx_bytes)).put(" bytes\n");
    out.put("     ").dec(static_cast<int64_t>(s.state.tx_errors)).put(" output errors\n");
  });
}

void do_show_routes(cli::Call& call) {
  IpServices& ip = call.module<IpServices>();
  Writer& out = call.out();
  out.put("Codes: C - connected, S - static, * - candidate default\n\n");
  const WantedRoute* last_resort = nullptr;
  for (const WantedRoute& r : ip.plan().routes()) {
    if (r.active && r.route.prefix == 0) last_resort = &r;
  }
  out.put("Gateway of last resort is ");
  if (last_resort == nullptr) out.put("not set\n\n");
  else out.ipv4(last_resort->route.gateway).put(" to network 0.0.0.0\n\n");
  for (const InterfaceConfig& c : ip.settings().interfaces) {
    if (!has_address(c) || std::string_view(look(ip, c).protocol) != "up") continue;
    const Shown s = look(ip, c);
    put_route(out, "C", c.address & c.mask, prefix(c.mask));
    out.put("is directly connected, ").put(s.name).put('\n');
  }
  for (const WantedRoute& r : ip.plan().routes()) {
    if (!r.active) continue;
    put_route(out, r.route.prefix == 0 ? "S*" : "S", r.route.net, r.route.prefix);
    if (r.route.gateway != 0) out.put('[').dec(r.route.distance).put("/0] via ").ipv4(r.route.gateway);
    else out.put("is directly connected, ").put(r.route.interface);
    out.put('\n');
  }
}

void do_show_hosts(cli::Call& call) {
  IpServices& ip = call.module<IpServices>();
  Writer& out = call.out();
  out.put("Default domain is ").put(ip.settings().domain.empty() ? std::string_view("not set") : ip.settings().domain.view());
  out.put("\n\nHost                      Address\n");
  for (const Host& h : ip.settings().hosts) {
    out.left(h.name, 26);
    for (const cli::Ipv4& a : h.addresses) out.ipv4(a).put(' ');
    out.put('\n');
  }
}

}  // namespace parley::ip_services
