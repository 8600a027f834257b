// What an operator can set for the CTL provider; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::credentials {

struct Provider {
  uint32_t id = 0;
  Text<32> user;              // login of the CTL client
  cli::Password secret;
  cli::Ipv4 source;           // 0.0.0.0: first interface address
  uint16_t port = 2444;       // TCP
  Text<63> trustpoint;        // TLS certificate
};

struct Config {
  uint32_t id = 0;
  Provider provider;
};

extern const cli::Section kSections[1];
extern const cli::Gloss kGloss[4];

}  // namespace parley::credentials
