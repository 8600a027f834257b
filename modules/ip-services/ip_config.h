// What an operator can set for interfaces, routes, names, DHCP, time; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::ip_services {

enum class AddressKind : uint8_t { fixed, dhcp };
enum class Duplex : uint8_t { automatic, half, full };
enum class Speed : uint8_t { automatic, mbit_10, mbit_100, mbit_1000 };
enum class Encapsulation : uint8_t { dot1q, hdlc, ppp, frame_relay };
enum class OptionKind : uint8_t { ip, ascii, hex };
enum class Hop : uint8_t { address, interface };

struct SecondAddress {
  uint32_t id = 0;
  cli::Ipv4 address;
  cli::Ipv4 mask;
};
struct InterfaceConfig {
  uint32_t id = 0;
  cli::Interface name;
  Text<127> description;
  bool address_set = false;
  AddressKind address_kind = AddressKind::fixed;
  cli::Ipv4 address;
  cli::Ipv4 mask;
  cli::Table<SecondAddress> secondary;
  bool shutdown = false;
  bool duplex_set = false;
  Duplex duplex = Duplex::automatic;
  bool speed_set = false;
  Speed speed = Speed::automatic;
  bool encapsulation_set = false;
  Encapsulation encapsulation = Encapsulation::dot1q;
  uint16_t vlan = 0;
  bool native_vlan = false;
  uint16_t mtu = 1500;                 // bytes
};

struct DhcpOption {
  uint32_t id = 0;
  uint8_t code = 0;
  OptionKind kind = OptionKind::ip;
  cli::Several<cli::Ipv4, 8> addresses;
  Text<127> ascii;
  Text<254> hex;
};
struct DhcpPool {
  uint32_t id = 0;
  Text<63> name;
  cli::Ipv4 network;
  cli::Ipv4 network_mask;
  cli::Ipv4 host;
  cli::Ipv4 host_mask;
  Text<63> client_id;
  Text<63> hardware;
  cli::Several<cli::Ipv4, 8> routers;
  cli::Several<cli::Ipv4, 8> dns;
  Text<63> domain;
  uint8_t lease = 0;                   // 1: the time below, 2: for ever; 0: one day
  uint16_t lease_days = 1;
  uint8_t lease_hours = 0;
  uint8_t lease_minutes = 0;
  cli::Table<DhcpOption> options;
};
struct AddressRange {
  uint32_t id = 0;
  cli::Ipv4 from;
  cli::Ipv4 to;                        // 0: only `from`
};

struct Host {
  uint32_t id = 0;
  Text<63> name;
  cli::Several<cli::Ipv4, 8> addresses;
};
struct Route {
  uint32_t id = 0;
  cli::Ipv4 network;
  cli::Ipv4 mask;
  Hop hop = Hop::address;
  cli::Ipv4 next;
  cli::Interface interface;
  uint8_t distance = 1;
  Text<31> name;
};
struct StoredBlock {
  uint32_t id = 0;
  Text<63> name;
};
struct Controller {
  uint32_t id = 0;
  uint8_t kind = 0;                    // 0 E1, 1 T1
  Text<15> port;
};

struct NtpServer {
  uint32_t id = 0;
  cli::Ipv4 address;
  bool prefer = false;
  uint8_t version = 4;
  uint16_t key = 0;                    // 0: none
  cli::Interface source;
};
struct NtpKey {
  uint32_t id = 0;
  uint16_t number = 0;
  Text<32> md5;
  uint8_t type = 0;
};
struct TrustedKey {
  uint32_t id = 0;
  uint16_t number = 0;
};

struct Config {
  uint32_t id = 0;
  bool cef = true;
  Text<63> domain;
  bool domain_lookup = true;
  cli::Several<cli::Ipv4, 6> name_servers;
  cli::Table<Host> hosts;
  cli::Table<AddressRange> dhcp_excluded;
  cli::Table<DhcpPool> dhcp_pools;
  cli::Table<InterfaceConfig> interfaces;
  cli::Ipv4 default_gateway;
  cli::Table<Route> routes;
  cli::Table<StoredBlock> standard_lists;
  cli::Table<StoredBlock> extended_lists;
  cli::Table<Controller> controllers;
  cli::Table<NtpServer> ntp_servers;
  bool ntp_master = false;
  uint8_t ntp_stratum = 8;
  cli::Interface ntp_source;
  bool ntp_authenticate = false;
  cli::Table<NtpKey> ntp_keys;
  cli::Table<TrustedKey> ntp_trusted;
};

extern const cli::Row kInterfaceRows[1];
extern const cli::Row kDhcpRows[2];
extern const cli::Section kSections[9];
extern const cli::Gloss kGloss[49];

}  // namespace parley::ip_services
