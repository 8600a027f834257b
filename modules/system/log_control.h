// Service LogControl: the log itself, for the module that sets its levels and sinks. Given by the boot code.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log_core.h"

namespace parley {

struct LogControl {
  static constexpr const char* kService = "LogControl";
  LogCore& core;
};

}  // namespace parley
