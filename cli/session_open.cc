// Begin and end of a session: RETURN, login, banners, exit.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session.h"

namespace parley::cli {

void Session::load_settings() {
  const LineSettings line = access_.line(options_.line_name);
  settings_ = TerminalSettings{};
  settings_.length = line.length;
  settings_.width = line.width;
  exec_history_.set_size(line.history);
  config_history_.set_size(line.history);
  pager_.set_screen(options_.batch ? 0 : settings_.length, settings_.width);
}

void Session::begin_session() {
  load_settings();
  state_ = At::login;
  host_.banner(Banner::motd, screen_);
  const LoginKind kind = access_.login(options_.line_name);
  if (kind == LoginKind::none || (kind == LoginKind::no_password && options_.console)) {
    open(access_.line(options_.line_name).privilege, {});
    return;
  }
  if (kind == LoginKind::no_password) {
    screen_.put("\nPassword required, but none set\n");
    end_session();
    return;
  }
  host_.banner(Banner::login, screen_);
  auto login = std::make_unique<LoginDialogue>(access_, kind);
  login_ = login.get();
  dialogue_ = std::move(login);
  dialogue_due_ = true;
}

void Session::open(uint8_t privilege, std::string_view user) {
  state_ = At::open;
  at_ = Position{};
  privilege_ = privilege;
  if (!user_.set(user)) user_.clear();
  host_.banner(Banner::exec, screen_);
  prompted_ = false;
  restart_idle_timer();
}

void Session::end_session() {
  engine_.unlock(this);
  if (collecting_) {
    engine_.cancel_collect(at_);
    collecting_ = false;
  }
  at_ = Position{};
  privilege_ = 1;
  user_.clear();
  exec_history_.clear();
  config_history_.clear();
  state_ = At::closed_line;
  prompted_ = end_after_ = resume_ = false;
  idle_.stop();
  if (options_.console) {
    screen_.put(host_.hostname()).put(' ').put(options_.line_name).put(" is now available\n\nPress RETURN to get started.\n");
  } else {
    input_closed_ = true;
    input_at_ = input_end_ = 0;
  }
}

void Session::restart_idle_timer() {
  if (options_.batch) return;
  const Seconds most = access_.line(options_.line_name).exec_timeout;
  if (most.count() > 0) idle_.start(most);
  else idle_.stop();
}

}  // namespace parley::cli
