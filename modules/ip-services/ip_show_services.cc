// show ip dhcp {binding|pool}, show ntp {status|associations}: what is configured; neither service runs in this image.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/ip_exec.h"
#include "modules/ip-services/ip_services.h"

namespace parley::ip_services {
namespace {

const Config& settings_of(cli::Call& call) { return call.module<IpServices>().settings(); }

void put_padded(Writer& out, uint32_t address, size_t width) {
  char text[20];
  FixedWriter w(text);
  w.ipv4(address);
  out.left(w.view(), width);
}

}  // namespace

void do_show_dhcp_bindings(cli::Call& call) {
  call.out().put("Bindings from all pools not associated with VRF:\n");
  call.out().put("IP address          Client-ID/              Lease expiration        Type\n");
  call.out().put("                    Hardware address/\n                    User name\n");
}

void do_show_dhcp_pools(cli::Call& call) {
  Writer& out = call.out();
  for (const DhcpPool& p : settings_of(call).dhcp_pools) {
    const uint32_t host_bits = ~uint32_t{p.network_mask};
    const uint32_t first = (p.network & p.network_mask) + 1, last = (p.network | host_bits) - 1;
    const bool network = p.network != 0 && host_bits > 1;
    out.put("\nPool ").put(p.name).put(" :\n Utilization mark (high/low)    : 100 / 0\n");
    out.put(" Subnet size (first/next)       : 0 / 0\n Total addresses                : ");
    out.dec(network ? int64_t{last} - first + 1 : p.host != 0 ? 1 : 0).put("\n Leased addresses               : 0\n");
    out.put(" Pending event                  : none\n");
    if (!network) continue;
    out.put(" 1 subnet is currently in the pool :\n");
    out.put(" Current index        IP address range                    Leased addresses\n ");
    put_padded(out, first, 21);
    put_padded(out, first, 17);
    out.put("- ");
    put_padded(out, last, 18);
    out.put("0\n");
  }
}

void do_show_ntp_status(cli::Call& call) {
  call.out().put("Clock is unsynchronized, stratum 16, no reference clock\n");
}

void do_show_ntp_associations(cli::Call& call) {
  Writer& out = call.out();
  const auto& servers = settings_of(call).ntp_servers;
  if (servers.empty()) return;
  out.put("\n  address         ref clock       st   when   poll reach  delay  offset   disp\n");
  for (const NtpServer& s : servers) {
    out.put(" ~");
    put_padded(out, s.address, 16);
    out.put(".INIT.          16      -      -     0  0.000   0.000 15937.\n");
  }
  out.put(" * sys.peer, # selected, + candidate, - outlyer, x falseticker, ~ configured\n");
}

}  // namespace parley::ip_services
