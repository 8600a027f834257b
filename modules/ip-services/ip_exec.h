// EXEC and show rows of ip-services.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/row.h"

namespace parley::ip_services {

struct InterfaceArgs {
  cli::Interface name;
};

struct PingArgs {
  cli::Ipv4 to;
  uint32_t repeat = 5;
  uint16_t size = 100;         // bytes of the IP packet
  cli::Interface source;
};
struct TraceArgs {
  cli::Ipv4 to;
};

void do_show_brief(cli::Call& call);
void do_show_ip_interface(cli::Call& call, const InterfaceArgs& a);
void do_show_interfaces(cli::Call& call, const InterfaceArgs& a);
void do_show_routes(cli::Call& call);
void do_show_hosts(cli::Call& call);
void do_show_dhcp_bindings(cli::Call& call);   // ip_show_services.cc
void do_show_dhcp_pools(cli::Call& call);
void do_show_ntp_status(cli::Call& call);
void do_show_ntp_associations(cli::Call& call);
void do_ping(cli::Call& call, const PingArgs& a);
void do_traceroute(cli::Call& call, const TraceArgs& a);

inline constexpr cli::Row kExecRows[] = {
    cli::action<&do_show_brief>("show ip interface brief", "One line for each interface"),
    cli::action<&do_show_ip_interface>("show ip interface [IFNAME]", "IP state of interfaces", &InterfaceArgs::name),
    cli::action<&do_show_interfaces>("show interfaces [IFNAME]", "State and counters of interfaces", &InterfaceArgs::name),
    cli::action<&do_show_routes>("show ip route", "Routing table"),
    cli::action<&do_show_hosts>("show hosts", "Names and addresses of hosts"),
    cli::action<&do_ping>("ping [~ip] A.B.C.D [repeat <1-2147483647> & size <36-18024> & source IFNAME]", "Send echo messages",
                          &PingArgs::to, &PingArgs::repeat, &PingArgs::size, &PingArgs::source),
    cli::action<&do_traceroute>("traceroute A.B.C.D", "Trace the route to an address", &TraceArgs::to),
    cli::pending(cli::action("show arp", "Address resolution table")),
    cli::action<&do_show_dhcp_bindings>("show ip dhcp binding", "DHCP leases"),
    cli::action<&do_show_dhcp_pools>("show ip dhcp pool", "DHCP pools"),
    cli::action<&do_show_ntp_status>("show ntp status", "State of the NTP client"),
    cli::action<&do_show_ntp_associations>("show ntp associations", "Time servers"),
    cli::privilege(15, cli::pending(cli::action("clear counters [IFNAME]", "Counters of interfaces begin at 0"))),
    cli::pending(cli::action("show controllers [LINE]", "State of controllers")),
};

}  // namespace parley::ip_services
