// What an operator can set for the HTTP server; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::http_server {

enum class Authentication : uint8_t { local, enable, aaa };
enum class TlsVersion : uint8_t { v1_0, v1_1, v1_2 };

struct Config {
  uint32_t id = 0;
  bool server = false;
  uint16_t port = 80;                         // TCP
  Authentication authentication = Authentication::enable;
  Text<63> aaa_list;
  bool secure_server = false;
  uint16_t secure_port = 443;                 // TCP
  Text<63> secure_trustpoint;
  bool secure_client_auth = false;
  Text<63> client_trustpoint;
  TlsVersion tls_version = TlsVersion::v1_2;  // v1_0: legacy profile for phone services
  Text<96> path;
  Text<32> access_class;
  uint16_t max_connections = 0;               // 0: limit of the image
};

extern const cli::Section kSections[1];
extern const cli::Gloss kGloss[12];

}  // namespace parley::http_server
