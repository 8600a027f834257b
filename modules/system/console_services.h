// Service Consoles: what boot code gives to each session.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/access.h"

namespace parley {

class Consoles {
 public:
  static constexpr const char* kService = "Consoles";
  virtual ~Consoles() = default;
  virtual cli::AccessRules& access() = 0;
  virtual cli::SessionHost& session_host() = 0;
};

}  // namespace parley
