// Passwords as rows store them, and the rules that convert and judge them (implemented by the module `system`).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/text.h"

namespace parley::cli {

struct Password {
  uint8_t set = 0;          // 0: not configured
  uint8_t type = 0;         // 0 plain, 1/7 IOS encoding, 5/8/9 hashes, 6 encrypted
  Text<126> text;
};

enum class PasswordKind : uint8_t {
  pw6,    // CME passwords: policy, type 6 rules
  pw01,   // ctl-client, capf-server, credentials
  pw07,   // lines, users, enable password
  pws,    // secrets: hashes 5, 8, 9
  pin,    // digits only, type 6 rules, no policy
  ata,    // exactly four digits (000:125), type 6 rules
};

// Called while a line is bound. May be called for a line that is refused later: no side effect.
class PasswordRules {
 public:
  virtual ~PasswordRules() = default;
  // typed: the digit in front of the text, -1 = none. loading: a startup-config is read (policy off).
  // False: `refusal` holds complete lines for the operator (without the line end of the last one).
  virtual bool parse(PasswordKind kind, int typed, std::string_view text, bool loading, Password& out, Writer& refusal) = 0;
};

// Keeps every password as typed.
class PlainPasswords final : public PasswordRules {
 public:
  bool parse(PasswordKind kind, int typed, std::string_view text, bool loading, Password& out, Writer& refusal) override;
};

}  // namespace parley::cli
