// Service PasswordPolicy: `encrypt password` of telephony-service decides for all CME passwords (commands.md 0.3).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace parley {

class PasswordPolicy {
 public:
  static constexpr const char* kService = "PasswordPolicy";
  virtual ~PasswordPolicy() = default;
  virtual void set_encrypt_password(bool on) = 0;   // converts every stored password at once
};

}  // namespace parley
