// What an operator can set for one telephone, one directory number, one template; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::telephony_service {

enum class DeviceMode : uint8_t { authenticated, none, encrypted };
enum class OwnSetting : uint8_t { off, on, inherit };                  // the nearest setting wins
enum class LineKind : uint8_t { single, dual, octo };
enum class CertOperation : uint8_t { remove, fetch, upgrade };
enum class CertAuthMode : uint8_t { auth_string, lsc, mic, null_string };
enum class PhoneCodec : uint8_t { g711ulaw, g722r64, g729r8, g711alaw, ilbc };
enum class Mwi : uint8_t { none, on, off, on_off };

struct SpeedDial {
  uint32_t id = 0;
  uint8_t position = 0;
  Text<31> number;
  Text<31> label;
};

struct EphoneDn {
  uint32_t id = 0;
  uint16_t tag = 0;
  LineKind kind = LineKind::single;
  Text<31> number;
  Text<31> secondary;
  bool no_reg = false;                 // not registered elsewhere
  uint8_t no_reg_which = 0;            // 1 primary, 2 both
  Text<63> name;
  Text<63> label;
  Text<63> description;
  Text<31> forward_all;
  Text<31> forward_busy;
  Text<31> forward_no_answer;
  uint16_t no_answer_s = 0;
  uint8_t preference = 0;
  bool huntstop = true;
  bool huntstop_channel = false;
  Text<31> pickup_group;
  bool park_slot = false;
  uint16_t park_timeout_s = 0;
  uint16_t park_limit = 0;
  Text<31> park_notify;
  bool park_recall = false;
  Text<31> park_transfer;
  Mwi mwi = Mwi::none;
};

struct EphoneTemplate {
  uint32_t id = 0;
  uint8_t tag = 0;
  OwnSetting https = OwnSetting::inherit;
  OwnSetting cnf_encrypted = OwnSetting::inherit;
};

struct Ephone {
  uint32_t id = 0;
  uint16_t tag = 0;
  bool capf_ip_in_cnf = false;
  bool device_mode_set = false;        // off: that of telephony-service
  DeviceMode device_mode = DeviceMode::none;
  OwnSetting cnf_encrypted = OwnSetting::inherit;
  Text<63> description;
  Text<10> capf_auth_str;              // PIN, 4 to 10 digits
  bool cert_operation_set = false;     // off again when the operation is done
  CertOperation cert_operation = CertOperation::upgrade;
  CertAuthMode cert_auth_mode = CertAuthMode::auth_string;
  Text<31> user;
  cli::Password password;
  cli::Mac mac;
  uint8_t phone_template = 0;          // 0: none
  PhoneCodec codec = PhoneCodec::g711ulaw;
  bool dspfarm_assist = false;
  Text<31> type;
  Text<31> addon1;
  Text<31> addon2;
  cli::Several<cli::Button, 34> buttons;
  cli::Table<SpeedDial> speed_dials;
  bool after_hours_exempt = false;
};

}  // namespace parley::telephony_service
