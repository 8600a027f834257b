// Command rows of DHCP pools.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/ip_config.h"

namespace parley::ip_services {

using namespace parley::cli;
using P = DhcpPool;

constexpr Row kRows[] = {
    pending(value("network A.B.C.D [MASK]", "Addresses that are given out", &P::network, &P::network_mask)),  // 000:1832
    pending(value("host A.B.C.D [MASK]", "Address for one client", &P::host, &P::host_mask)),
    pending(value("client-identifier WORD", "The client, by its identifier", &P::client_id)),
    pending(value("hardware-address WORD", "The client, by its hardware address", &P::hardware)),
    pending(sorted_list("option <0-254> -> {ip A.B.C.D...|ascii STRING|hex HEX}", "One DHCP option", &P::options,
                        &DhcpOption::code, &DhcpOption::kind, &DhcpOption::addresses, &DhcpOption::ascii,
                        &DhcpOption::hex)),                                                             // 000:1833
    pending(value("default-router A.B.C.D...", "Way out of the network", &P::routers)),                 // 000:1834
    pending(value("dns-server A.B.C.D...", "Name servers", &P::dns)),
    pending(value("domain-name WORD", "Domain of the clients", &P::domain)),
    pending(value("lease [<0-365> [<0-23> [<0-59>]]|infinite]", "Time an address is lent", &P::lease, &P::lease_days,
                  &P::lease_hours, &P::lease_minutes)),
    stores("netbios-name-server LINE", "WINS servers"),
    store("netbios-node-type LINE", "How NetBIOS names are found"),
    store("bootfile STRING", "File the client boots from"),
    store("next-server A.B.C.D", "Server the client boots from"),
    store("import all", "Take settings from the interface"),
};
constexpr Mode kMode = mode("dhcp", "(dhcp-config)", "DHCP pool", kRows);
constexpr Block kBlock = entries<P>(kMode, Sorted::defined);

constexpr Row kDhcpRows[] = {
    pending(list("ip dhcp excluded-address A.B.C.D [A.B.C.D]", "Addresses that are not given out", &Config::dhcp_excluded,
                 &AddressRange::from, &AddressRange::to)),
    pending(block("ip dhcp pool WORD", "Addresses for clients", kBlock, &Config::dhcp_pools, &P::name)),  // 000:1831
};

}  // namespace parley::ip_services
