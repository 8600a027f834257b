// Command rows of interfaces.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ip-services/ip_config.h"

namespace parley::ip_services {

using namespace parley::cli;
using I = InterfaceConfig;

constexpr Row kRows[] = {
    value("description LINE", "Text for the operator", &I::description),
    always(flag("ip address {A.B.C.D MASK|dhcp}", "Address of the interface", &I::address_set, &I::address_kind, &I::address,
                &I::mask)),                                                                             // 000:2254, 2266
    pending(list("ip address A.B.C.D MASK secondary", "One more address", &I::secondary, &SecondAddress::address,
                 &SecondAddress::mask)),
    flag("shutdown", "Switch the interface off", &I::shutdown),                                         // 000:2267
    pending(flag("duplex {auto|half|full}", "Half or full duplex", &I::duplex_set, &I::duplex)),        // 000:2255
    pending(flag("speed {auto|10|100|1000}", "Speed in Mbit/s", &I::speed_set, &I::speed)),             // 000:2256
    flag("encapsulation {dot1Q <1-4094> [native]|hdlc|ppp|frame-relay}", "Frames of the interface", &I::encapsulation_set,
         &I::encapsulation, &I::vlan, &I::native_vlan),                                                 // 000:2273
    value("mtu <64-9600>", "Largest packet in bytes", &I::mtu),
    store("bandwidth <1-10000000>", "Speed told to protocols, kbit/s"),
    store("fair-queue [<16-4096> [<16-4096> [<0-1000>]]]", "Fair share for each flow"),                 // 000:2257
    store("h323-gateway voip interface", "H.323 uses this interface"),                                  // 000:2258-2262
    stores("h323-gateway voip id WORD -> ipaddr A.B.C.D [<1-65535>] [priority <0-127>]", "Gatekeeper"),
    store("h323-gateway voip h323-id WORD", "Name at the gatekeeper"),
    stores("h323-gateway voip tech-prefix WORD", "Prefix at the gatekeeper"),
    store("h323-gateway voip bind srcaddr A.B.C.D", "Address of H.323 signalling"),
    store("ip rsvp bandwidth [<1-10000000> [<1-10000000>]]", "Bandwidth that can be reserved"),         // 000:2263
    stores("ip nat LINE", "Address translation"),
    stores("ip access-group LINE", "Access list of packets"),
    stores("service-policy LINE", "Quality of service"),
    store("keepalive [LINE]", "Signs of life of the link"),
    store("load-interval <30-600>", "Seconds over which load is averaged"),
    store("media-type WORD", "Connector"),
    store_on("negotiation auto", "Speed and duplex are negotiated"),
    store("isdn switch-type WORD", "Kind of exchange"),                                                 // 000:2274-2276
    store("isdn protocol-emulate {network|user}", "Side of the ISDN line"),
    store("isdn incoming-voice voice", "Incoming calls are voice calls"),
    stores("isdn LINE", "ISDN settings"),
    store_on("cdp enable", "Neighbour discovery"),                                                      // 000:2277
    store_on("mop enabled", "Maintenance protocol"),
    stores("ppp LINE", "PPP settings"),
    stores("ipv6 LINE", "IPv6 settings"),
    stores("switchport LINE", "Settings of a switch port"),
    stores("ip helper-address A.B.C.D", "Server that gets broadcasts"),
    store_on("ip redirects", "Tell senders of better ways"),
    store_on("ip unreachables", "Tell senders of lost packets"),
    store_on("ip proxy-arp", "Answer ARP for others"),
    store("ip virtual-reassembly [LINE]", "Join fragments"),
};
constexpr Mode kMode = mode("if", "(config-if)", "Interface", kRows);

const char* interface_prompt(const I& i) { return i.name.sub != 0 ? "(config-subif)" : "(config-if)"; }
constexpr Block kBlock = prompted<&interface_prompt>(entries<I>(kMode, Sorted::by_key));

constexpr Row kInterfaceRows[] = {
    block("interface IFNAME", "One interface", kBlock, &Config::interfaces, &I::name),                  // 000:2253
};

}  // namespace parley::ip_services
