// Content of the phone files: SEP<MAC>.cnf.xml and XMLDefault.cnf.xml. Pure functions of the configuration.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/capf_notes.h"
#include "modules/telephony-service/telephony_config.h"
#include "platform/base/bytes.h"
#include "platform/base/time.h"

namespace parley::telephony_service {

using PhoneFileName = Text<32>;
PhoneFileName phone_file_name(const cli::Mac& mac);   // "SEP001122334455.cnf.xml"
constexpr const char* kDefaultFileName = "XMLDefault.cnf.xml";

// The stamp has a fixed size, so that one text can be compared and written with any stamp.
using Stamp = Text<20>;
Stamp stamp_of(UnixTime t);                            // "Nov 21 2026 12:00:01"
constexpr size_t kNoStamp = SIZE_MAX;

struct PhoneFile {
  Blob text;
  size_t stamp_at = kNoStamp;   // where the 20 characters of the stamp stand (blanks so far)
};

// What a phone file says beyond the configuration of its phone.
struct PhoneFacts {
  // server-security-mode is secure and a CTL file exists; else every phone is told mode 1 (none), because a phone without
  // list cannot verify anybody.
  bool server_secure = false;
  bool encrypted = false;       // `cnf-file encrypted` is in force
  bool https = false;           // `service https` is in force
  bool https_paused = false;    // `prepare-rollback`: phones trust no HTTPS server any more
  const RegisterPool* sip = nullptr;   // a SIP phone: how it registers; nullptr: SCCP
  uint32_t tvs_ip = 0;          // trust verification service; 0: none
  uint16_t tvs_port = 0;
  PhoneCapf capf;
};

// Fault full.
Result<PhoneFile> write_phone_file(const Telephony& t, const Ephone& phone, const PhoneFacts& facts);
// What everybody may read of an encrypted file: trust-files.md 4.2.
Result<PhoneFile> write_partial_file(const Telephony& t, const Ephone& phone, const PhoneFacts& facts);
Result<PhoneFile> write_default_file(const Telephony& t, bool https_paused = false);

DeviceMode device_mode_of(const Telephony& t, const Ephone& phone);   // the phone's own wins
bool encrypted_file(const Config& c, const Ephone& phone);             // the nearest setting wins: phone, template, global
bool https_services(const Config& c, const Ephone& phone);             // template, global
bool https_services(const Config& c, const RegisterPool& pool);
// The same page by HTTPS: scheme and the usual ports (80, 8080) changed. Empty: no URL of HTTP or HTTPS, or too long.
Text<132> https_url(std::string_view url);
std::string_view load_of(const Telephony& t, std::string_view type);  // empty: none

}  // namespace parley::telephony_service
