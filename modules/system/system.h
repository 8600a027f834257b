// The module `system`: host name, users, passwords, lines, logging, clock, files, reload.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/module.h"
#include "modules/system/accounts.h"
#include "modules/system/clock_text.h"
#include "modules/system/console_services.h"
#include "modules/system/host_facts.h"
#include "modules/system/password_policy.h"
#include "modules/system/power.h"
#include "modules/system/session_host.h"
#include "modules/system/system_config.h"
#include "platform/store/store.h"

namespace parley {
extern const Module kSystem;
}

namespace parley::cli {
struct RunningHead;
}

namespace parley::system {

inline constexpr const char* kVersion = "1.0.0";

enum class ClockOrigin : uint8_t { none, user, hardware, ntp };

class Logging;
class Housekeeping;
class Rollback;
class Archive;

class System final : public Instance, public HostFacts, public Consoles, public PasswordPolicy {
 public:
  explicit System(Env& env);
  ~System() override;
  void* config() override { return &config_; }
  const char* verify() override;
  void apply() override;
  Status start() override;
  void stop() override;

  Env& env() { return env_; }
  const SystemConfig& settings() const { return config_; }
  std::string_view hostname() const { return config_.hostname; }
  std::string_view folder() const { return folder_; }        // current folder of the file commands
  void set_folder(std::string_view f) { (void)folder_.set(f); }

  // Clock
  const Zone& zone() const { return zone_; }
  ClockOrigin clock_origin() const { return clock_origin_; }
  void set_clock(UnixTime t, const cli::Console& by);
  int64_t uptime_seconds() const;

  // Boot
  const char* start_reason() const;
  std::string_view image_name() const { return "flash:parley"; }
  uint16_t config_register() const { return register_; }     // of this boot
  uint16_t next_config_register() const { return next_register_; }
  void set_next_register(uint16_t v) { next_register_ = v; }   // is stored already
  bool schedule_reload(bool at, std::string_view in, uint16_t at_min);   // false: the time makes no sense
  bool cancel_reload();

  // Configuration text
  void running_head(cli::RunningHead& head) const;
  bool secrets_settled() const;        // no plain secret waits for its hash
  void saved();                        // `write memory` has finished
  bool modified() const;               // differs from what was saved last
  void configured(std::string_view by);
  void replacing();                    // the configuration is about to be replaced: remembers its head
  void reverted();                     // and is back
  Rollback& rollback() { return *rollback_; }
  void loaded();                       // the startup-config is in: nothing has changed since
  void use_master_key(const Type6Key& key);   // re-keys or encrypts every password
  void set_encrypt_password(bool on) override;
  Status plain(const cli::Password& password, Text<64>& out) const override { return passwords_.plain(password, out); }

  bool domain_lookup() const { return domain_lookup_; }
  Passwords& passwords() { return passwords_; }
  Logging& logging() { return *logging_; }
  Accounts& accounts() { return accounts_; }

  // HostFacts
  std::string_view host_name() const override { return config_.hostname; }
  std::string_view domain_name() const override { return domain_; }
  std::string_view serial_number() const override { return serial_; }
  bool clock_valid() const override { return clock_origin_ != ClockOrigin::none; }
  const char* clock_source() const override;
  void set_domain(std::string_view name, bool lookup) override;

  // Consoles
  cli::AccessRules& access() override { return accounts_; }
  cli::SessionHost& session_host() override { return session_host_; }

 private:
  void change_passwords(const PasswordSettings& settings);
  Env& env_;
  SystemConfig config_;
  Path folder_{"flash:"};
  Zone zone_;
  ClockOrigin clock_origin_ = ClockOrigin::none;
  Monotonic started_{};
  uint64_t saved_changes_ = 0;
  uint64_t seen_changes_ = 0;
  bool had_aaa_ = false;
  UnixTime changed_at_ = 0;
  UnixTime saved_at_ = 0;
  Text<64> changed_by_;
  struct { UnixTime at = 0; Text<64> by; bool modified = false; } before_;   // of the configuration a rollback returns to
  uint16_t register_ = 0;
  uint16_t next_register_ = 0;
  Text<63> domain_;
  bool domain_lookup_ = true;
  Text<16> serial_;
  Passwords passwords_;
  Accounts accounts_;
  SessionServices session_host_;
  std::unique_ptr<Logging> logging_;
  std::unique_ptr<Housekeeping> housekeeping_;
  std::unique_ptr<Rollback> rollback_;
  std::unique_ptr<Archive> archive_;
};

}  // namespace parley::system
