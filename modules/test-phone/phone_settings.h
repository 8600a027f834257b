// What one phone reads in its configuration file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"
#include "platform/net/net.h"

namespace parley::test_phone {

struct PhoneSettings {
  bool full = true;                // fullConfig: false = the partial file of an encrypted phone
  bool encrypted = false;          // encrConfig
  Text<32> certificate_hash;       // certHash, lower case
  uint8_t security_mode = 1;       // 1 none, 2 authenticated, 3 encrypted
  uint8_t capf_mode = 0;           // 0 no session wanted, 1 string, 2 null string, 3 LSC, 4 MIC
  Endpoint capf, tvs, call_manager;   // ip 0: none
  Text<255> service_url;           // the first https URL of phone services
};

// Fault invalid: not well formed, or no phone file (`what` says it).
Result<PhoneSettings> read_settings(Bytes xml);

// "https://10.1.1.1:8443/x" -> address and port. False: a name, or not https.
bool https_endpoint(std::string_view url, Endpoint& out);

}  // namespace parley::test_phone
