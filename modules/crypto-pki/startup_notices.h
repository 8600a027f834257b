// Service StartupNotices: crypto-pki learns that startup-config was read, and says what demands.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/text.h"

namespace parley {

class StartupNotices {
 public:
  static constexpr const char* kService = "StartupNotices";
  virtual ~StartupNotices() = default;
  // Once, after the whole startup-config was bound and applied: certificate servers that were enabled start again.
  // Writes complete lines, or nothing.
  virtual void startup_loaded(Writer& out) = 0;
};

}  // namespace parley
