// Service PasswordPolicy: `encrypt password` decides for all CME passwords (commands.md 0.3); reading what is kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/password.h"
#include "platform/base/result.h"

namespace parley {

class PasswordPolicy {
 public:
  static constexpr const char* kService = "PasswordPolicy";
  virtual ~PasswordPolicy() = default;
  virtual void set_encrypt_password(bool on) = 0;   // converts every stored password at once
  // The plain text of a reversible form. Fault unsupported: one-way; untrusted: not readable on this router.
  virtual Status plain(const cli::Password& password, Text<64>& out) const = 0;
};

}  // namespace parley
