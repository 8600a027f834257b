// Commands of the ctl-client mode that do something at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"

namespace parley::ctl_client {

// Makes and publishes the CTL files; record = Ctl. Asks when phones would lose their chain of trust.
void regenerate(cli::Call& call);

}  // namespace parley::ctl_client
