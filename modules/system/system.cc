// The module `system`.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC: What every router has before it has a purpose. The parts, each in its own files:
//   passwords, password_codec, secret_hash   how passwords are kept (commands.md section 0)
//   accounts, session_host                   who may come in; what a session asks of us
//   logging                                  from `logging ...` lines to sinks of the log
//   file_jobs, file_dialogues, system_files  dir, more, delete ...
//   config_dialogues, config_copy            write memory, copy, erase, reload
//   boot_register                            config-register, kept beside the configuration
//   housekeeping                             the only task: hashes new secrets, reloads at a time
// Nothing here blocks: files are jobs, hashes are jobs, and a command that needs either is a Dialogue of its session.
#include "modules/system/system.h"

#include "cli/engine.h"
#include "cli/show_running.h"
#include "modules/system/archive.h"
#include "modules/system/boot_register.h"
#include "modules/system/housekeeping.h"
#include "modules/system/logging.h"
#include "modules/system/master_key.h"
#include "modules/system/rollback.h"
#include "modules/system/system_exec.h"
#include "modules/system/system_messages.h"
#include "platform/sched/scheduler.h"

namespace parley::system {
namespace {

constexpr UnixTime kEarliestClock = 1577836800;   // 2020: an earlier hardware clock was never set

void make_serial(Random& random, Text<16>& out) {
  char text[16];
  FixedWriter w(text);
  w.put("PRL").dec(random.below(100000000), 8, '0');
  (void)out.set(w.view());
}

}  // namespace

System::System(Env& env)
    : env_(env), passwords_(env.random), accounts_(config_, passwords_, env.jobs, env.log, env.clock), session_host_(*this) {
  env.services.provide<HostFacts>(this);
  env.services.provide<Consoles>(this);
  env.services.provide<PasswordPolicy>(this);
  env.cli.set_password_rules(&passwords_);
  env.cli.set_store_unknown(&config_.store_unknown, [](void* self, std::string_view line) {
    static_cast<System*>(self)->env_.log(kMsgStored, line);
  }, this);
  if (env.clock.wall() > kEarliestClock) clock_origin_ = ClockOrigin::hardware;
}

System::~System() = default;

Status System::start() {
  started_ = env_.clock.now();
  make_serial(env_.random, serial_);
  register_ = next_register_ = load_register(env_.store);
  (void)load_master_key(env_.store, env_.keys, passwords_);
  logging_ = std::make_unique<Logging>(*this);
  housekeeping_ = std::make_unique<Housekeeping>(*this);
  rollback_ = std::make_unique<Rollback>(*this);
  archive_ = std::make_unique<Archive>(*this);
  return {};
}

void System::stop() {
  archive_.reset();
  rollback_.reset();
  housekeeping_.reset();
  logging_.reset();
}

// Letters, digits (first ones too: 2851-CME2) and -._ inside: the name stands in prompts, certificates and names of keys.
const char* System::verify() {
  const std::string_view name = config_.hostname.view();
  bool good = !name.empty() && std::string_view("-._").find(name.front()) == std::string_view::npos;
  for (const char c : name)
    good = good && ((ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_');
  return good ? nullptr : "% Hostname contains one or more illegal characters.";
}

void System::apply() {
  if (housekeeping_ == nullptr) return;
  if (config_.aaa != had_aaa_) {         // `aaa new-model` brings this line along
    had_aaa_ = config_.session_id_set = config_.aaa;
    if (!config_.aaa) config_.session_id = 0;
  }
  (void)zone_.name.set(config_.zone);
  const int minutes = config_.zone_minutes;
  zone_.offset_min = config_.zone_hours * 60 + (config_.zone_hours < 0 ? -minutes : minutes);
  PasswordSettings settings = passwords_.settings();
  settings.aes = config_.aes;
  settings.service_encryption = config_.password_encryption;
  settings.min_length = config_.min_length;
  change_passwords(settings);
  logging_->apply(config_, zone_);
  if (env_.cli.changes() != seen_changes_) {
    seen_changes_ = env_.cli.changes();
    changed_at_ = env_.clock.wall();
  }
  housekeeping_->look();
  archive_->apply();
}

void System::change_passwords(const PasswordSettings& settings) {
  const PasswordSettings before = passwords_.settings();
  passwords_.set(settings);
  if (before.aes == settings.aes && before.encrypt_password == settings.encrypt_password &&
      before.service_encryption == settings.service_encryption) {
    return;
  }
  env_.cli.each_password([](void* context, cli::PasswordKind kind, cli::Password& p) {
    (void)static_cast<Passwords*>(context)->convert(kind, p);
  }, &passwords_);
}

void System::use_master_key(const Type6Key& key) {
  struct Change {
    Passwords& passwords;
    const Type6Key& key;
  } change{passwords_, key};
  if (passwords_.has_key()) {
    env_.cli.each_password([](void* context, cli::PasswordKind, cli::Password& p) {
      auto& c = *static_cast<Change*>(context);
      (void)c.passwords.rekey(p, c.key);
    }, &change);
  }
  passwords_.set_key(key);
  env_.cli.each_password([](void* context, cli::PasswordKind kind, cli::Password& p) {
    (void)static_cast<Change*>(context)->passwords.convert(kind, p);
  }, &change);
}

void System::set_encrypt_password(bool on) {
  PasswordSettings settings = passwords_.settings();
  settings.encrypt_password = on;
  change_passwords(settings);
}

void System::set_clock(UnixTime t, const cli::Console& by) {
  char before[64], after[64];
  FixedWriter from(before), to(after);
  put_clock(from, env_.clock.wall(), env_.clock.wall_ms(), zone_);
  env_.clock.set_wall(t);
  put_clock(to, t, 0, zone_);
  clock_origin_ = ClockOrigin::user;
  env_.log(kMsgClockSet, from.view(), to.view(), by.line_name(), by.user().empty() ? std::string_view("console") : by.user());
}

const char* System::clock_source() const {
  switch (clock_origin_) {
    case ClockOrigin::none: return "none";
    case ClockOrigin::user: return "user";
    case ClockOrigin::hardware: return "hardware calendar";
    case ClockOrigin::ntp: return "NTP";
  }
  return "none";
}

int64_t System::uptime_seconds() const {
  return std::chrono::duration_cast<Seconds>(env_.clock.now() - started_).count();
}

const char* System::start_reason() const {
  const Power* power = env_.services.find<Power>();
  return power == nullptr ? "power-on" : power->start_reason();
}

// in: minutes, or hh:mm. at_min: minute of the local day.
bool System::schedule_reload(bool at, std::string_view in, uint16_t at_min) {
  int64_t seconds = 0;
  if (at) {
    const int64_t day = (env_.clock.wall() + int64_t{zone_.offset_min} * 60) % 86400;
    seconds = (int64_t{at_min} * 60 - day + 86400) % 86400;
  } else {
    uint64_t hours = 0, minutes = 0;
    const size_t colon = in.find(':');
    const bool good = colon == std::string_view::npos
                          ? parse_dec(in, 60000, minutes)
                          : parse_dec(in.substr(0, colon), 999, hours) && parse_dec(in.substr(colon + 1), 59, minutes);
    if (!good) return false;
    seconds = static_cast<int64_t>(hours * 60 + minutes) * 60;
  }
  housekeeping_->reload_after(Millis(seconds * 1000));
  return true;
}

bool System::cancel_reload() { return housekeeping_->cancel_reload(); }

void System::running_head(cli::RunningHead& head) const {
  head.version = kVersion;
  if (changed_at_ != 0) {
    char text[64];
    FixedWriter w(text);
    put_moment(w, changed_at_, zone_);
    (void)head.changed_at.set(w.view());
    head.changed_by = changed_by_;
  }
  if (saved_at_ != 0) {
    char text[64];
    FixedWriter w(text);
    put_moment(w, saved_at_, zone_);
    (void)head.saved_at.set(w.view());
  }
}

bool System::secrets_settled() const { return housekeeping_ == nullptr || housekeeping_->settled(); }

void System::replacing() { before_ = {changed_at_, changed_by_, modified()}; }

void System::reverted() {
  changed_at_ = before_.at;
  changed_by_ = before_.by;
  seen_changes_ = env_.cli.changes();
  if (!before_.modified) saved_changes_ = seen_changes_;
}

void System::saved() {
  saved_at_ = env_.clock.wall();
  saved_changes_ = env_.cli.changes();
  archive_->saved();
}

void System::loaded() {
  saved_changes_ = seen_changes_ = env_.cli.changes();
  changed_at_ = 0;
}

bool System::modified() const { return env_.cli.changes() != saved_changes_; }

void System::configured(std::string_view by) { (void)changed_by_.set(by.substr(0, Text<64>::kCapacity)); }

void System::set_domain(std::string_view name, bool lookup) {
  (void)domain_.set(name);
  domain_lookup_ = lookup;
}

namespace {

constexpr const char* kProvides[] = {"HostFacts", "Consoles", "PasswordPolicy"};
constexpr const LogMessage* kMessages[] = {&kMsgConfigured, &kMsgReload, &kMsgRestart, &kMsgCpuHog, &kMsgClockSet,
                                           &kMsgLoginFailed, &kMsgStored, &kMsgPasswordUnusable, &kMsgMemory,
                                           &kMsgRollbackWaits, &kMsgRolledBack, &kMsgNotArchived, &kMsgTrustRestored, &kMsgTrustNotRestored, &kMsgLoginSuccess, &kMsgUserLocked, &kMsgUserUnlocked};
std::unique_ptr<Instance> create(Env& env) { return std::make_unique<System>(env); }

}  // namespace

}  // namespace parley::system

namespace parley {

const Module kSystem{
    .name = "system",
    .summary = "Host name, users, lines, logging, clock, files, reload",
    .needs = {},
    .provides = system::kProvides,
    .sections = system::kSections,
    .exec = system::kExecRows,
    .messages = system::kMessages,
    .create = &system::create,
    .glossary = system::kGloss,
};

}  // namespace parley
