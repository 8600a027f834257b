// What an operator can set for trust verification (TVS); initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::trust_verification {

enum class TlsMinimum : uint8_t { v1_0, v1_2 };

struct Tvs {
  uint32_t id = 0;
  Text<63> trustpoint;                        // TLS certificate, in the ITL with role TVS
  cli::Ipv4 source;                           // 0.0.0.0: first interface address
  uint16_t port = 2445;                       // TCP
  uint16_t ttl_min = 1440;                    // a phone may keep an answer so long
  TlsMinimum tls_minimum = TlsMinimum::v1_2;
};

struct Config {
  uint32_t id = 0;
  Tvs tvs;
};

extern const cli::Section kSections[1];
extern const cli::Gloss kGloss[5];

}  // namespace parley::trust_verification
