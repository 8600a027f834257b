// Who may log in and enable.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/accounts.h"

#include <algorithm>

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

// A check whose answer is told to the accounts; it comes no earlier than `login delay` allows.
class Judged final : public cli::AccessCheck {
 public:
  Judged(Accounts& accounts, Task& owner, std::unique_ptr<cli::AccessCheck> inner, std::string_view user, std::string_view line, Millis wait)
      : accounts_(accounts), inner_(std::move(inner)), timer_(owner), waiting_(wait > Millis(0)) {
    (void)user_.set(user.substr(0, user_.kCapacity));
    (void)line_.set(line.substr(0, line_.kCapacity));
    if (waiting_) timer_.start(wait);
  }
  Answer poll() override {
    if (waiting_ && !timer_.fired()) return Answer::pending;
    waiting_ = false;
    const Answer answer = inner_->poll();
    if (answer == Answer::pending || decided_) return answer;
    decided_ = true;
    accounts_.judged(user_, line_, answer == Answer::granted);
    return answer;
  }
  uint8_t privilege() const override { return inner_->privilege(); }

 private:
  Accounts& accounts_;
  std::unique_ptr<cli::AccessCheck> inner_;
  Timer timer_;
  bool waiting_, decided_ = false;
  Text<63> user_;
  Text<16> line_;
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

// With aaa new-model and without a list a vty asks the local users, and the console asks nobody.
Accounts::Method Accounts::method(std::string_view line_name) const {
  constexpr uint8_t kNamed = 2;
  const LineConfig* l = find_line(line_name);
  const bool named = l != nullptr && l->login && l->login_kind == kNamed;
  const std::string_view name = named ? l->login_list.view() : std::string_view("default");
  for (const MethodList& list : config_.login_methods)
    if (equal_nocase(list.name, name)) return first_method(list.methods, l);
  return named || line_name.starts_with("vty") ? Method::local : Method::none;
}

// The first method that can answer decides; a server group never does.
Accounts::Method Accounts::first_method(std::string_view words, const LineConfig* line) const {
  for (words = trim(words); !words.empty(); words = trim(words)) {
    const size_t end = std::min(words.find(' '), words.size());
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(end);
    if (equal_nocase(word, "none")) return Method::none;
    if (equal_nocase(word, "local") || equal_nocase(word, "local-case")) return Method::local;
    if (equal_nocase(word, "enable") && enable(15) != cli::EnableKind::none) return Method::enable;
    if (equal_nocase(word, "line") && line != nullptr && line->password.set != 0) return Method::line;
    if (equal_nocase(word, "group")) {
      words = trim(words);
      words.remove_prefix(std::min(words.find(' '), words.size()));
    }
  }
  return Method::silent;
}

cli::LoginKind Accounts::login(std::string_view line_name) const {
  if (config_.aaa) {
    switch (method(line_name)) {
      case Method::none: return cli::LoginKind::none;
      case Method::enable:
      case Method::line: return cli::LoginKind::aaa_password;
      case Method::local:
      case Method::silent: break;
    }
    return cli::LoginKind::aaa;
  }
  const LineConfig* l = find_line(line_name);
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

std::unique_ptr<cli::AccessCheck> Accounts::check_user(Task& owner, std::string_view user, std::string_view password, uint8_t line_level) {
  const User* u = find_user(user);
  if (u == nullptr || locked_out(user)) return std::make_unique<Decided>(false, uint8_t{0});
  const uint8_t level = u->privilege != User{}.privilege ? u->privilege : line_level;   // given, it beats that of the line
  if (u->kind == UserSecret::none) return std::make_unique<Decided>(true, level);
  return check(owner, u->kind == UserSecret::secret ? u->secret : u->password, password, level);
}

std::unique_ptr<cli::AccessCheck> Accounts::check_login(Task& owner, std::string_view line_name, std::string_view user,
                                                        std::string_view password) {
  const LineConfig* l = find_line(line_name);
  const uint8_t line_level = l == nullptr ? uint8_t{1} : l->privilege;
  std::unique_ptr<cli::AccessCheck> inner;
  const Method by = config_.aaa ? method(line_name) : login(line_name) == cli::LoginKind::password ? Method::line : Method::local;
  switch (by) {
    case Method::local: inner = check_user(owner, user, password, line_level); break;
    case Method::line: inner = check(owner, l->password, password, line_level); break;
    case Method::enable: inner = check_enable(owner, line_level, password); break;
    case Method::none:
    case Method::silent: inner = std::make_unique<Decided>(by == Method::none, line_level); break;
  }
  if (inner == nullptr) return nullptr;
  return std::make_unique<Judged>(*this, owner, std::move(inner), user, line_name, delay());
}

Millis Accounts::delay() const {
  const Monotonic next = last_ + Seconds(config_.login_delay_s);
  const Monotonic now = clock_.now();
  return any_ && next > now ? std::chrono::ceil<Millis>(next - now) : Millis(0);
}

void Accounts::judged(std::string_view user, std::string_view line_name, bool good) {
  last_ = clock_.now();
  any_ = true;
  if (good && config_.log_logins) log_(kMsgLoginSuccess, user, line_name);
  if (!good && config_.log_failures) log_(kMsgLoginFailed, user, line_name);
  const User* u = find_user(user);
  if (u == nullptr) return;
  if (!good) return count_failure(*u);
  for (size_t i = failures_.size(); i-- > 0;)
    if (failures_[i].user == u->name) failures_.remove(i);
}

// Users of privilege 15 are never locked out.
void Accounts::count_failure(const User& user) {
  if (!config_.aaa || config_.max_fail == 0 || user.privilege == 15) return;
  Failures* f = nullptr;
  for (Failures& known : failures_)
    if (known.user == user.name) f = &known;
  if (f == nullptr) {
    for (size_t i = failures_.size(); i-- > 0;)          // users that are gone make room: the list is never longer than that of users
      if (find_user(failures_[i].user) == nullptr) failures_.remove(i);
    if (!failures_.push(Failures{user.name, 0, false})) return;
    f = &failures_[failures_.size() - 1];
  }
  if (f->locked || ++f->count < config_.max_fail) return;
  f->locked = true;
  log_(kMsgUserLocked, user.name.view());
}

bool Accounts::locked_out(std::string_view user) const {
  if (!config_.aaa || config_.max_fail == 0) return false;
  for (const Failures& f : failures_)
    if (f.locked && f.user.view() == user) return true;
  return false;
}

bool Accounts::unlock(std::string_view user) {
  bool any = false;
  for (size_t i = failures_.size(); i-- > 0;) {
    if (!user.empty() && failures_[i].user.view() != user) continue;
    if (failures_[i].locked) log_(kMsgUserUnlocked, failures_[i].user.view());
    any = any || failures_[i].locked;
    failures_.remove(i);
  }
  return any;
}

std::unique_ptr<cli::AccessCheck> Accounts::check_enable(Task& owner, uint8_t level, std::string_view password) {
  if (config_.enable_secret.set != 0) return check(owner, config_.enable_secret, password, level);
  if (config_.enable_password.set != 0) return check(owner, config_.enable_password, password, level);
  return std::make_unique<Decided>(false, level);
}

}  // namespace parley::system
