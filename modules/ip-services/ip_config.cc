// Global command rows of ip-services, and its sections.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/ip_config.h"

#include "cli/adding.h"
#include "cli/place.h"

namespace parley::ip_services {

using namespace parley::cli;

constexpr Mode kStandardMode = mode("std-nacl", "(config-std-nacl)", "Standard Access List", free_body);
constexpr Block kStandardBlock = entries<StoredBlock>(kStandardMode, Sorted::defined);
constexpr Mode kExtendedMode = mode("ext-nacl", "(config-ext-nacl)", "Extended Access List", free_body);
constexpr Block kExtendedBlock = entries<StoredBlock>(kExtendedMode, Sorted::defined);
constexpr Mode kControllerMode = mode("controller", "(config-controller)", "Controller", free_body);
constexpr Block kControllerBlock = entries<Controller>(kControllerMode, Sorted::defined);

constexpr Row kCefRows[] = {
    always(flag("ip cef", "Fast forwarding", &Config::cef)),                                            // 000:2051
    store_on("ipv6 cef", "Fast forwarding of IPv6"),
    store("ipv6 unicast-routing", "Forward IPv6"),
    store_on("ip source-route", "Obey routes inside packets"),
    stores("ip ssh LINE", "Settings of SSH"),
    store_on("ip bootp server", "Answer BOOTP"),
};
constexpr Row kDomainRows[] = {
    flag("ip domain lookup", "Ask name servers", &Config::domain_lookup),
    hidden(flag("ip domain-lookup", "Older spelling of ip domain lookup", &Config::domain_lookup)),
    value("ip domain name WORD", "Domain of this router", &Config::domain),
    hidden(value("ip domain-name WORD", "Older spelling of ip domain name", &Config::domain)),
    adding(value("ip name-server A.B.C.D...", "Name servers", &Config::name_servers)),
    list("ip host WORD -> A.B.C.D...", "Name and its addresses", &Config::hosts, &Host::name, &Host::addresses),
};
constexpr Row kIsdnRows[] = {
    store("isdn switch-type WORD", "Kind of exchange"),                                                 // 000:2054
};
constexpr Row kControllerRows[] = {
    block("controller {E1|T1} WORD", "Digital line, kept as text", kControllerBlock, &Config::controllers, &Controller::kind,
          &Controller::port),                                                                           // 000:2242-2246
};
constexpr Row kRouteRows[] = {
    pending(value("ip default-gateway A.B.C.D", "Way out while no routes are known", &Config::default_gateway)),
    store("ip forward-protocol nd", "Forward broadcasts of diskless clients"),
    list("ip route A.B.C.D MASK {A.B.C.D|IFNAME} -> [<1-255>] [name WORD]", "Static route", &Config::routes,
         &Route::network, &Route::mask, &Route::hop, &Route::next, &Route::interface, &Route::distance,
         &Route::name),                                                                                 // 000:2287
};
constexpr Row kAccessRows[] = {
    pending(block("ip access-list standard WORD", "List of source addresses", kStandardBlock, &Config::standard_lists,
                  &StoredBlock::name)),
    block("ip access-list extended WORD", "List of packets, kept as text", kExtendedBlock, &Config::extended_lists,
          &StoredBlock::name),
    pending(stores("access-list <1-99> LINE", "Standard list by number")),
    stores("access-list <100-199> LINE", "Extended list by number"),
};
constexpr Row kNtpRows[] = {
    pending(flag("ntp authenticate", "Believe only servers with a key", &Config::ntp_authenticate)),
    pending(sorted_list("ntp authentication-key <1-65535> -> md5 WORD [<0-7>]", "Key and its number", &Config::ntp_keys,
                        &NtpKey::number, &NtpKey::md5, &NtpKey::type)),
    pending(sorted_list("ntp trusted-key <1-65535>", "Key that is believed", &Config::ntp_trusted, &TrustedKey::number)),
    store("ntp clock-period <0-4294967295>", "Correction of the clock"),                                // 000:2505
    pending(value("ntp source IFNAME", "Address that NTP uses", &Config::ntp_source)),
    pending(flag("ntp master [<1-15>]", "Be a time server without a source", &Config::ntp_master, &Config::ntp_stratum)),
    pending(list("ntp server A.B.C.D -> [version <1-4> & key <1-65535> & source IFNAME & prefer]", "Time server",
                 &Config::ntp_servers, &NtpServer::address, &NtpServer::version, &NtpServer::key, &NtpServer::source,
                 &NtpServer::prefer)),                                                                  // 000:2506
    stores("ntp peer A.B.C.D -> [LINE]", "Time server of the same rank"),
    store("ntp update-calendar", "Set the hardware clock"),
};

constexpr Section kSections[9] = {
    {Place::ip_cef, kCefRows},
    {Place::ip_domain, kDomainRows},
    {Place::dhcp_pool, kDhcpRows, false},
    {Place::isdn, kIsdnRows},
    {Place::controller, kControllerRows, false},
    {Place::interface, kInterfaceRows, false},
    {Place::ip_route, kRouteRows},
    {Place::ip_access_list, kAccessRows},
    {Place::ntp, kNtpRows},
};

constexpr Gloss kGloss[49] = {
    {"10", "10 Mbit/s"},
    {"100", "100 Mbit/s"},
    {"1000", "1000 Mbit/s"},
    {"E1", "2,048 kbit/s line"},
    {"T1", "1,544 kbit/s line"},
    {"access-list", "Access list"},
    {"ascii", "Text"},
    {"associations", "Servers"},
    {"auto", "Chosen by itself"},
    {"bind", "Address of signalling"},
    {"binding", "Leases"},
    {"bootp", "BOOTP"},
    {"cdp", "Neighbour discovery"},
    {"dhcp", "DHCP"},
    {"domain", "Names"},
    {"dot1Q", "VLAN tags (802.1Q)"},
    {"forward-protocol", "Broadcasts that are forwarded"},
    {"frame-relay", "Frame relay"},
    {"full", "Both directions at once"},
    {"h323-gateway", "H.323 gateway"},
    {"half", "One direction at a time"},
    {"hdlc", "HDLC"},
    {"hex", "Hex digits"},
    {"import", "Take over"},
    {"incoming-voice", "Incoming calls"},
    {"infinite", "For ever"},
    {"ip", "Internet protocol"},
    {"ipaddr", "Address of the gatekeeper"},
    {"ipv6", "Internet protocol 6"},
    {"isdn", "ISDN"},
    {"key", "Number of the key"},
    {"md5", "MD5"},
    {"mop", "Maintenance protocol"},
    {"name", "Name of the route"},
    {"native", "Without a tag"},
    {"negotiation", "Negotiation"},
    {"network", "Network side"},
    {"ntp", "Network time"},
    {"pool", "Address pools"},
    {"ppp", "PPP"},
    {"prefer", "This one first"},
    {"priority", "Rank"},
    {"rsvp", "Reserved bandwidth"},
    {"secondary", "One more address"},
    {"source", "Address that is used"},
    {"status", "State"},
    {"user", "User side"},
    {"version", "Version of NTP"},
    {"voip", "Voice over IP"},
};

}  // namespace parley::ip_services
