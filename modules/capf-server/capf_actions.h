// Commands inside capf-server mode that do something at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "platform/base/text.h"

namespace parley::capf_server {

struct OperationArguments {
  uint8_t operation = 0;     // delete, fetch, upgrade
};
struct StringArguments {
  uint8_t generate = 0;      // delete, generate
  uint8_t which = 0;         // all, one ephone
  uint16_t tag = 0;
  Text<10> digits;
};

struct OfflineArguments {
  Text<160> url;
};

void export_requests(cli::Call& call, const OfflineArguments& a);
void import_certificates(cli::Call& call, const OfflineArguments& a);
void start_operation(cli::Call& call, const OperationArguments& a);
void change_strings(cli::Call& call, const StringArguments& a);

}  // namespace parley::capf_server
