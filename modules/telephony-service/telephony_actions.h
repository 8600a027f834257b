// Commands inside the configuration modes of telephony-service that do something at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/values.h"
#include "modules/telephony-service/telephony_config.h"

namespace parley::telephony_service {

// Arguments of `reset` and `restart` in telephony-service; which = number of the alternative in the syntax.
struct ResetArguments {
  uint8_t which = 0;
  uint16_t interval_s = 15;
  cli::Mac mac;
};

void reset_phones(cli::Call& call, const ResetArguments& a);     // reset_commands.cc
void restart_phones(cli::Call& call, const ResetArguments& a);
void reset_phone(cli::Call& call);                               // record = Ephone
void restart_phone(cli::Call& call);
// `create cnf-files`: makes all phone files new and prints "Creating CNF files"; record = Telephony.
void create_cnf_files(cli::Call& call);
// `security-mode mixed` and its `no`: checks, makes the CTL file, switches (mixed_mode.cc).
void confirm_mixed(cli::Call& call, bool negated);
void show_security_features(cli::Call& call);
// `auto assign ... cfw`: calls are not in this image (phone_commands.cc).
void note_forward(cli::Call& call, bool negated);
// phone_commands.cc
struct DebugPhones {
  uint8_t what = 0;                    // as in PhoneDebug::What
  cli::Mac mac;
};
void debug_phones(cli::Call& call, const DebugPhones& a);
void undebug_phones(cli::Call& call, const DebugPhones& a);
void show_attempts(cli::Call& call);
void clear_attempts(cli::Call& call);
// telephony_show.cc
struct DnArgs {
  uint16_t tag = 0;
};
const char* mode_name(DeviceMode m);
void show_dns(cli::Call& call);
void show_dn(cli::Call& call, const DnArgs& a);
void show_dn_summary(cli::Call& call);
void show_dn_settings(cli::Call& call);
void show_phone_settings(cli::Call& call);
void show_all_settings(cli::Call& call);
void show_admins(cli::Call& call);
void show_phone_load(cli::Call& call);
void show_phones_of_dn(cli::Call& call, const DnArgs& a);
// `server-security-mode erase`: takes the CTL file away.
void erase_ctl(cli::Call& call);

}  // namespace parley::telephony_service
