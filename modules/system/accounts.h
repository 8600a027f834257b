// Who may log in and enable: lines, local users, secrets (cli.md ).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/access.h"
#include "modules/system/passwords.h"
#include "modules/system/system_config.h"
#include "platform/base/memory.h"
#include "platform/base/time.h"
#include "platform/sched/job.h"
#include "platform/sched/task.h"

namespace parley {
class Log;
}

namespace parley::system {

class Accounts final : public cli::AccessRules {
 public:
  Accounts(const SystemConfig& config, const Passwords& passwords, Jobs& jobs, Log& log, const Clock& clock)
      : config_(config), passwords_(passwords), jobs_(jobs), log_(log), clock_(clock) {}

  cli::LineSettings line(std::string_view line_name) const override;
  cli::LoginKind login(std::string_view line_name) const override;
  cli::EnableKind enable(uint8_t level) const override;
  std::unique_ptr<cli::AccessCheck> check_login(Task& owner, std::string_view line_name, std::string_view user,
                                                std::string_view password) override;
  std::unique_ptr<cli::AccessCheck> check_enable(Task& owner, uint8_t level, std::string_view password) override;

  // A login has been decided: log, delay, lock-out.
  void judged(std::string_view user, std::string_view line_name, bool good);
  bool unlock(std::string_view user);      // empty: everybody. False: nobody was locked out

 private:
  enum class Method : uint8_t { none, local, enable, line, silent };   // silent: no method of the list can answer
  struct Failures {                        // of a local user, in a row
    Text<63> user;
    uint32_t count = 0;
    bool locked = false;
  };
  Method method(std::string_view line_name) const;
  Method first_method(std::string_view words, const LineConfig* line) const;
  bool locked_out(std::string_view user) const;
  void count_failure(const User& user);
  Millis delay() const;
  std::unique_ptr<cli::AccessCheck> check_user(Task& owner, std::string_view user, std::string_view password, uint8_t line_level);
  const LineConfig* find_line(std::string_view line_name) const;
  const User* find_user(std::string_view name) const;
  std::unique_ptr<cli::AccessCheck> check(Task& owner, const cli::Password& stored, std::string_view typed, uint8_t level);
  const SystemConfig& config_;
  const Passwords& passwords_;
  Jobs& jobs_;
  Log& log_;
  const Clock& clock_;
  List<Failures> failures_{general_arena()};
  Monotonic last_{};                       // when the last login was decided
  bool any_ = false;
};

}  // namespace parley::system
