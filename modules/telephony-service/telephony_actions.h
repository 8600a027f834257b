// Commands inside the configuration modes of telephony-service that do something at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "cli/values.h"

namespace parley::telephony_service {

// Arguments of `reset` and `restart` in telephony-service; which = number of the alternative in the syntax.
struct ResetArguments {
  uint8_t which = 0;
  uint16_t interval_s = 15;
  cli::Mac mac;
};

// `create cnf-files`: makes all phone files new and prints "Creating CNF files"; record = Telephony.
void create_cnf_files(cli::Call& call);
// `server-security-mode erase`: takes the CTL file away.
void erase_ctl(cli::Call& call);

}  // namespace parley::telephony_service
