// What an operator can set for the CAPF server; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::capf_server {

enum class AuthMode : uint8_t { auth_string, lsc, mic, none, null_string };
enum class KeySize : uint8_t { bits_512, bits_1024, bits_2048 };
enum class KeyType : uint8_t { rsa, ec };
enum class TlsMinimum : uint8_t { v1_0, v1_2 };

struct Capf {
  uint32_t id = 0;
  uint16_t port = 3804;                       // TCP
  AuthMode auth_mode = AuthMode::none;        // none: no upgrade is started
  Text<63> enroll_trustpoint;                 // CA or RA that issues the phone certificates
  cli::Password enroll_password;              // challenge password of the enrolment
  bool offline = false;                       // the authority of enroll_trustpoint is not connected: requests go out as a file
  Text<63> trustpoint;                        // certificate shown to phones
  cli::Ipv4 source;                           // listen address
  KeySize key_size = KeySize::bits_1024;      // as configured; the phone may be asked for more
  uint8_t keygen_retry = 3;
  uint8_t keygen_timeout_min = 30;
  KeyType key_type = KeyType::rsa;
  TlsMinimum tls_minimum = TlsMinimum::v1_2;
  uint16_t window_from_min = 0;               // bulk operations: daily window, minutes of the day; equal: no window
  uint16_t window_to_min = 0;
  uint16_t deadline_days = 10;                // bulk operations are finished after so many days
  uint16_t renew_days = 30;                   // before the end of a phone's certificate; 0: by hand
};

struct Config {
  uint32_t id = 0;
  Capf capf;
};

extern const cli::Section kSections[1];
extern const cli::Gloss kGloss[26];

}  // namespace parley::capf_server
