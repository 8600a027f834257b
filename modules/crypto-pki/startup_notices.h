// Service StartupNotices: what crypto-pki has to say on the console while startup-config is read (cli.md ).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/text.h"

namespace parley {

class StartupNotices {
 public:
  static constexpr const char* kService = "StartupNotices";
  virtual ~StartupNotices() = default;
  // After startup-config was bound, before start(). Complete lines, or nothing.
  virtual void print_startup_notices(Writer& out) const = 0;
};

}  // namespace parley
