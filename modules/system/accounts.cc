// Who may log in and enable.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/accounts.h"

#include "modules/system/system_messages.h"

namespace parley::system {
namespace {

// Compares in constant time, or through the slow hash.
class CheckJob final : public Job {
 public:
  CheckJob(const PasswordText& typed, std::string_view stored, bool hashed) : typed_(typed), hashed_(hashed) {
    (void)stored_.set(stored);
  }
  ~CheckJob() override { wipe(&typed_, sizeof typed_); }
  void run() override {
    if (hashed_) good = secret_check(typed_, stored_).has_value();
    else good = equal_constant_time(as_bytes(typed_), as_bytes(stored_));
  }
  bool good = false;

 private:
  PasswordText typed_;
  Text<126> stored_;
  bool hashed_;
};

class JobCheck final : public cli::AccessCheck {
 public:
  JobCheck(uint8_t level) : level_(level) {}
  JobSlot<CheckJob>& slot() { return slot_; }
  Answer poll() override {
    if (auto job = slot_.take()) answer_ = job->good ? Answer::granted : Answer::refused;
    return answer_;
  }
  uint8_t privilege() const override { return level_; }

 private:
  JobSlot<CheckJob> slot_;
  Answer answer_ = Answer::pending;
  uint8_t level_;
};

class Decided final : public cli::AccessCheck {
 public:
  Decided(bool good, uint8_t level) : good_(good), level_(level) {}
  Answer poll() override { return good_ ? Answer::granted : Answer::refused; }
  uint8_t privilege() const override { return level_; }

 private:
  bool good_;
  uint8_t level_;
};

}  // namespace

const LineConfig* Accounts::find_line(std::string_view name) const {
  LineType type = LineType::console;
  if (name.starts_with("vty")) type = LineType::vty;
  else if (name.starts_with("aux")) type = LineType::aux;
  uint64_t number = 0;
  (void)parse_dec(name.substr(name.size() < 3 ? name.size() : 3), 255, number);
  for (const LineConfig& l : config_.lines) {
    if (l.type == type && number >= l.first && number <= l.last) return &l;
  }
  return nullptr;
}

const User* Accounts::find_user(std::string_view name) const {
  for (const User& u : config_.users) {
    if (u.name.view() == name) return &u;
  }
  return nullptr;
}

cli::LineSettings Accounts::line(std::string_view line_name) const {
  cli::LineSettings s;
  const LineConfig* l = find_line(line_name);
  if (l == nullptr) return s;
  s.length = l->length;
  s.width = l->width;
  s.history = l->history;
  s.privilege = l->privilege;
  s.logging_synchronous = l->synchronous;
  s.exec_timeout = Seconds(int64_t{l->timeout_min} * 60 + l->timeout_s);
  return s;
}

// With aaa new-model and without an authentication list a vty asks the local users, and the console asks nobody.
cli::LoginKind Accounts::login(std::string_view line_name) const {
  const LineConfig* l = find_line(line_name);
  const bool console = !line_name.starts_with("vty");
  if (config_.aaa) return console && config_.login_methods.empty() ? cli::LoginKind::none : cli::LoginKind::aaa;
  if (l == nullptr || !l->login) return cli::LoginKind::none;
  if (l->login_kind != 0) return cli::LoginKind::local;
  if (l->password.set != 0) return cli::LoginKind::password;
  return cli::LoginKind::no_password;
}

cli::EnableKind Accounts::enable(uint8_t) const {
  if (config_.enable_secret.set != 0) return cli::EnableKind::secret;
  if (config_.enable_password.set != 0) return cli::EnableKind::password;
  return cli::EnableKind::none;
}

std::unique_ptr<cli::AccessCheck> Accounts::check(Task& owner, const cli::Password& stored, std::string_view typed,
                                                  uint8_t level) {
  PasswordText text;
  if (!text.set(typed)) return std::make_unique<Decided>(false, level);
  const bool hashed = stored.type == 5 || stored.type == 8 || stored.type == 9;
  PasswordText plain;
  if (!hashed && !passwords_.plain(stored, plain)) return std::make_unique<Decided>(false, level);
  auto check = std::make_unique<JobCheck>(level);
  auto job = std::make_unique<CheckJob>(text, hashed ? stored.text.view() : plain.view(), hashed);
  wipe(&text, sizeof text);
  wipe(&plain, sizeof plain);
  if (!check->slot().start(jobs_, owner, std::move(job))) return nullptr;
  return check;
}

std::unique_ptr<cli::AccessCheck> Accounts::check_login(Task& owner, std::string_view line_name, std::string_view user,
                                                        std::string_view password) {
  const LineConfig* l = find_line(line_name);
  const uint8_t line_level = l == nullptr ? uint8_t{1} : l->privilege;
  if (login(line_name) == cli::LoginKind::password) return check(owner, l->password, password, line_level);
  const User* u = find_user(user);
  if (u == nullptr) {
    log_(kMsgLoginFailed, user, line_name);
    return std::make_unique<Decided>(false, uint8_t{0});
  }
  const uint8_t level = u->privilege != User{}.privilege ? u->privilege : line_level;   // given, it beats that of the line
  if (u->kind == UserSecret::none) return std::make_unique<Decided>(true, level);
  return check(owner, u->kind == UserSecret::secret ? u->secret : u->password, password, level);
}

std::unique_ptr<cli::AccessCheck> Accounts::check_enable(Task& owner, uint8_t level, std::string_view password) {
  if (config_.enable_secret.set != 0) return check(owner, config_.enable_secret, password, level);
  if (config_.enable_password.set != 0) return check(owner, config_.enable_password, password, level);
  return std::make_unique<Decided>(false, level);
}

}  // namespace parley::system
