// Where a group of global rows stands in the running-config. The order of the names is the written order.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace parley::cli {

enum class Place : uint8_t {
  service,              // 1   service ...
  hostname,             // 2
  boot,                 // 3   boot-start-marker, boot system, boot-end-marker
  card_type,            // 4   card type
  logging_local,        //     logging queue-limit / buffered / rate-limit / console / monitor
  enable,               //     enable secret / password, security passwords
  aaa,                  // 5   aaa new-model, authentication, authorization
  aaa_accounting,
  aaa_session,          //     aaa session-id
  resource,             // 6   resource policy
  clock,                //     clock timezone / summer-time
  network_clock,
  password_encryption,  // 7   password encryption aes
  ip_cef,
  ip_domain,            //     ip domain, name-server, host
  dhcp_excluded,
  dhcp_pool,
  login,                //     login block-for ...
  multilink,            //     multilink bundle-name and the like
  isdn,                 // 8
  voice_card,
  ctl_client,           // 9
  capf_server,
  trust_verification,
  voice_call,           // 10
  voice_service,
  voice_class_codec,
  voice_class_srtp,
  voice_class_other,
  voice_register,
  voice_profile,        //     user-profile, logout-profile
  voice_statistics,     //     iec, statistics, translation
  pki_server,           // 11
  pki_trustpoint,
  pki_map,
  pki_chain,
  license,
  username,             // 12
  archive,
  redundancy,
  controller,           // 13
  gw_accounting,
  interface,            // 14
  ip_route,             //     default-gateway, forward-protocol, route
  ip_http,
  ip_access_list,
  logging_host,         // 15  host, trap, facility, source-interface
  tftp_server,
  radius,
  snmp,
  control_plane,        // 16
  call_rsvp,
  voice_port,
  mgcp,
  sccp,
  dspfarm,
  dial_peer,            // 17
  gateway,
  sip_ua,
  credentials,          // 18
  telephony_service,    // 19
  cm_fallback,
  ephone_template,      // 20
  ephone_dn,
  ephone,
  alias,
  privilege,
  banner,               // 21
  line,
  scheduler,            // 22
  ntp,
  webvpn,               // 23
  stored,               // 24  store-blocks
  count,
};

}  // namespace parley::cli
