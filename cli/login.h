// The questions before a session may begin, and those of `enable`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "cli/access.h"

namespace parley::cli {

class LoginDialogue final : public Dialogue {
 public:
  static constexpr int kTries = 3;
  LoginDialogue(AccessRules& rules, LoginKind kind) : rules_(rules), kind_(kind) {}
  Poll step(Console& console, const std::string_view* answer) override;
  bool granted() const { return granted_; }
  uint8_t privilege() const { return privilege_; }
  std::string_view user() const { return user_; }

 private:
  enum class At : uint8_t { start, user, password, checking };
  Poll ask(Console& console);
  Poll check(Console& console, std::string_view password);
  Poll look(Console& console);
  Poll refuse(Console& console);
  bool wants_user() const { return kind_ == LoginKind::local || kind_ == LoginKind::aaa; }

  AccessRules& rules_;
  LoginKind kind_;
  At at_ = At::start;
  int failures_ = 0;
  bool granted_ = false;
  uint8_t privilege_ = 1;
  Text<64> user_;
  std::unique_ptr<AccessCheck> check_;
};

class EnableDialogue final : public Dialogue {
 public:
  static constexpr int kTries = 3;
  EnableDialogue(AccessRules& rules, EnableKind kind, uint8_t level) : rules_(rules), kind_(kind), level_(level) {}
  Poll step(Console& console, const std::string_view* answer) override;

 private:
  Poll refuse(Console& console);
  AccessRules& rules_;
  EnableKind kind_;
  uint8_t level_;
  int failures_ = 0;
  bool asked_ = false;
  std::unique_ptr<AccessCheck> check_;
};

}  // namespace parley::cli
