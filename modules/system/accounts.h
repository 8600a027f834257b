// Who may log in and enable: lines, local users, secrets (cli.md ).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/access.h"
#include "modules/system/passwords.h"
#include "modules/system/system_config.h"
#include "platform/sched/job.h"

namespace parley {
class Log;
}

namespace parley::system {

class Accounts final : public cli::AccessRules {
 public:
  Accounts(const SystemConfig& config, const Passwords& passwords, Jobs& jobs, Log& log)
      : config_(config), passwords_(passwords), jobs_(jobs), log_(log) {}

  cli::LineSettings line(std::string_view line_name) const override;
  cli::LoginKind login(std::string_view line_name) const override;
  cli::EnableKind enable(uint8_t level) const override;
  std::unique_ptr<cli::AccessCheck> check_login(Task& owner, std::string_view line_name, std::string_view user,
                                                std::string_view password) override;
  std::unique_ptr<cli::AccessCheck> check_enable(Task& owner, uint8_t level, std::string_view password) override;

 private:
  const LineConfig* find_line(std::string_view line_name) const;
  const User* find_user(std::string_view name) const;
  std::unique_ptr<cli::AccessCheck> check(Task& owner, const cli::Password& stored, std::string_view typed, uint8_t level);
  const SystemConfig& config_;
  const Passwords& passwords_;
  Jobs& jobs_;
  Log& log_;
};

}  // namespace parley::system
