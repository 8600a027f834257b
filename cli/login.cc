// The questions before a session may begin, and those of `enable`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/login.h"

#include "cli/session_control.h"

namespace parley::cli {
namespace {
constexpr std::string_view kPassword = "Password: ";
}

Poll LoginDialogue::step(Console& console, const std::string_view* answer) {
  switch (at_) {
    case At::start:
      console.put("\nUser Access Verification\n\n");
      return ask(console);
    case At::user:
      if (answer == nullptr) return Poll::pending;
      if (!user_.set(trim(*answer))) user_.clear();        // too long: nobody
      if (trim(*answer).empty()) return ask(console);
      at_ = At::password;
      console.ask(kPassword, Echo::off);
      return Poll::pending;
    case At::password: return answer == nullptr ? Poll::pending : check(console, *answer);
    case At::checking: return look(console);
  }
  return Poll::done;
}

Poll LoginDialogue::ask(Console& console) {
  at_ = wants_user() ? At::user : At::password;
  if (wants_user()) console.ask("Username: ");
  else console.ask(kPassword, Echo::off);
  return Poll::pending;
}

Poll LoginDialogue::check(Console& console, std::string_view password) {
  check_ = rules_.check_login(console.task(), console.line_name(), user_, password);
  at_ = At::checking;
  return look(console);
}

Poll LoginDialogue::look(Console& console) {
  const AccessCheck::Answer answer = check_ == nullptr ? AccessCheck::Answer::refused : check_->poll();
  if (answer == AccessCheck::Answer::pending) return Poll::pending;
  if (answer == AccessCheck::Answer::refused) return refuse(console);
  granted_ = true;
  privilege_ = check_->privilege();
  return Poll::done;
}

Poll LoginDialogue::refuse(Console& console) {
  check_.reset();
  ++failures_;
  if (kind_ == LoginKind::local) console.put("% Login invalid\n\n");
  if (kind_ == LoginKind::aaa || kind_ == LoginKind::aaa_password) console.put("% Authentication failed\n\n");
  if (failures_ < kTries) return ask(console);
  if (kind_ == LoginKind::password) console.put("% Bad passwords\n");
  return Poll::done;
}

Poll EnableDialogue::step(Console& console, const std::string_view* answer) {
  if (!asked_) {
    asked_ = true;
    console.ask(kPassword, Echo::off);
    return Poll::pending;
  }
  if (answer != nullptr && check_ == nullptr) {
    check_ = rules_.check_enable(console.task(), level_, *answer);
    if (check_ == nullptr) return refuse(console);
  }
  if (check_ == nullptr) return Poll::pending;
  switch (check_->poll()) {
    case AccessCheck::Answer::pending: return Poll::pending;
    case AccessCheck::Answer::refused: return refuse(console);
    case AccessCheck::Answer::granted: break;
  }
  if (SessionControl* control = console.control()) control->set_privilege(level_);
  return Poll::done;
}

Poll EnableDialogue::refuse(Console& console) {
  check_.reset();
  if (++failures_ < kTries) {
    console.ask(kPassword, Echo::off);
    return Poll::pending;
  }
  console.put(kind_ == EnableKind::secret ? "% Bad secrets\n" : "% Bad passwords\n");
  if (SessionControl* control = console.control()) control->set_privilege(1);
  return Poll::done;
}

}  // namespace parley::cli
