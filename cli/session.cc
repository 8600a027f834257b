// A session: who gets the next input.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session.h"

#include <cstring>

#include "cli/error_text.h"
#include "cli/prompt.h"
#include "platform/sched/scheduler.h"

namespace parley::cli {
namespace {

constinit Arena g_sessions("CLI sessions", size_t{64} << 20);
constexpr size_t kBacklog = 64 * 1024;                 // bytes the terminal has not taken: input waits
constexpr std::chrono::microseconds kSlice{4000};      // of the scheduler's 10 ms
constexpr uint8_t kCtrlBackslash = 0x1C;

}  // namespace

Arena& session_arena() { return g_sessions; }

Session::Session(Scheduler& scheduler, Engine& engine, Terminal& terminal, SessionHost& host, AccessRules& access, const SessionOptions& options)
    : Task(scheduler, "CLI session"), engine_(engine), terminal_(terminal), host_(host), access_(access), options_(options),
      screen_(terminal, g_sessions), pager_(screen_, g_sessions), filter_(pager_, g_sessions),
      exec_history_(g_sessions), config_history_(g_sessions), editor_(screen_), idle_(*this) {
  terminal_.set_owner(*this);
  terminal_.set_raw(!options.batch);
  load_settings();
  wake();
}

Session::~Session() {
  engine_.unlock(this);
  terminal_.set_raw(false);
}

Poll Session::step() {
  if (ended_) return Poll::done;
  dialogue_due_ = true;
  if (idle_.fired() && state_ == At::open && dialogue_ == nullptr) {
    screen_.fresh_line();
    end_session();
  }
  const Monotonic begin = scheduler().clock().now();
  for (;;) {
    if (!screen_.flush()) {                            // nobody is there any more
      if (dialogue_ != nullptr) cancel_dialogue();
      ended_ = true;
      host_.closed(*this);
      return Poll::done;
    }
    if (screen_.backlog() > kBacklog) return Poll::pending;
    const Poll p = advance();
    if (p != Poll::again) {
      (void)screen_.flush();
      return p;
    }
    if (scheduler().clock().now() - begin > kSlice) return Poll::again;
  }
}

Poll Session::advance() {
  if (pager_.holding()) return page();
  if (dialogue_ != nullptr && dialogue_due_) {
    dialogue_due_ = false;
    const Poll p = run_dialogue(nullptr);
    if (p == Poll::again) {                            // the others first
      wake();
      return Poll::pending;
    }
    return Poll::again;
  }
  if (dialogue_ != nullptr && asking_ == Asking::nothing) return interrupted() ? Poll::again : Poll::pending;
  if (state_ == At::closed_line && options_.batch && !input_closed_) {
    begin_session();
    return Poll::again;
  }
  prepare_input();
  if (asking_ == Asking::key && !options_.batch) {
    uint8_t key = 0;
    if (!next_byte(key)) return wait_for_input();
    take_key(key);
    return Poll::again;
  }
  Event event = Event::none;
  if (!next_event(event)) return wait_for_input();
  take(event);
  return Poll::again;
}

bool Session::fill() {
  if (input_at_ > 0) {
    std::memmove(input_.data(), input_.data() + input_at_, input_end_ - input_at_);
    input_end_ -= input_at_;
    input_at_ = 0;
  }
  if (input_closed_ || input_end_ == input_.size()) return false;
  const Result<size_t> n = terminal_.read(MutBytes(input_.data() + input_end_, input_.size() - input_end_));
  if (!n) {
    input_closed_ = n.error().code != Code::busy;
    return false;
  }
  input_end_ += *n;
  return true;
}

// CR, LF and CR LF are one line end each.
bool Session::next_byte(uint8_t& b) {
  for (;;) {
    if (input_at_ == input_end_ && !fill()) return false;
    b = input_[input_at_++];
    if (b == kCtrlBackslash && options_.stop_key) {
      input_closed_ = true;
      input_at_ = input_end_ = 0;
      return false;
    }
    const bool second_half = skip_newline_ && (b == '\n' || b == '\0');
    skip_newline_ = b == '\r';
    if (!second_half) return true;
  }
}

bool Session::next_event(Event& event) {
  uint8_t b = 0;
  while (next_byte(b)) {
    event = options_.batch ? reader_.byte(b) : editor_.key(b, input_at_ < input_end_ && input_[input_at_] != '\r' && input_[input_at_] != '\n');
    if (event != Event::none) return true;
  }
  return false;
}

Poll Session::wait_for_input() { return input_closed_ ? end_of_input() : Poll::pending; }

Poll Session::end_of_input() {
  if (options_.batch && state_ != At::closed_line && reader_.started()) {     // the last line had no end
    take(Event::line);
    return Poll::again;
  }
  if (dialogue_ != nullptr) {
    screen_.fresh_line();
    cancel_dialogue();
    return Poll::again;
  }
  if (collecting_) {
    screen_.fresh_line();
    Outcome outcome = engine_.end_collect(at_, *this, run_options());
    settle(outcome, at_, Typed{}, 0);
    collecting_ = false;
    return Poll::again;
  }
  screen_.fresh_line();
  (void)screen_.flush();
  if (screen_.backlog() > 0) return Poll::pending;
  ended_ = true;
  host_.closed(*this);
  return Poll::done;
}

// --More-- (R-8.4). A paste must not lose its first character to it.
Poll Session::page() {
  if (input_at_ == input_end_ && !fill()) {
    if (!input_closed_) return Poll::pending;
    pager_.quit();
    return Poll::again;
  }
  if (looks_pasted()) {
    pager_.quit();
    return Poll::again;
  }
  uint8_t key = 0;
  if (next_byte(key)) pager_.key(key);
  return Poll::again;
}

bool Session::looks_pasted() const {
  size_t printable = 0;
  for (size_t i = input_at_; i < input_end_; ++i) {
    if (input_[i] == '\r' || input_[i] == '\n') {
      if (printable > 1) return true;
      printable = 0;
    }
    if (input_[i] > ' ' && input_[i] != 0x7F) ++printable;
  }
  return false;
}

// What stands before the line that is read now: a question (written when it was asked) or a prompt.
std::string_view Session::ready_prompt(FixedWriter& to) const {
  if (state_ == At::closed_line) return {};
  if (asking_ != Asking::nothing) return question_;
  const std::string_view mode = collecting_ ? engine_.collect_prompt(at_) : at_.in_config() ? engine_.prompt(at_) : exec_mark(privilege_);
  if (!mode.empty()) write_prompt(to, host_.hostname(), mode);
  return to.view();
}

void Session::write_ready_prompt() {
  char buffer[kPromptSize];
  FixedWriter to(buffer);
  screen_.put(ready_prompt(to));
}

void Session::prepare_input() {
  if (prompted_) return;
  prompted_ = true;
  char buffer[kPromptSize];
  FixedWriter to(buffer);
  LineEditor::Setup setup;
  setup.prompt = ready_prompt(to);
  setup.width = settings_.width;
  setup.command = state_ != At::closed_line && asking_ == Asking::nothing && !collecting_;
  setup.limit = asking_ == Asking::lines || collecting_ ? kPastedLine : kTypedLine;
  setup.keep_ctrl_c = collecting_ && literal_ctrl_c_;
  if (state_ == At::closed_line) setup.echo = Echo::off;
  if (asking_ != Asking::nothing) setup.echo = question_echo_;
  if (setup.command) setup.history = at_.in_config() ? &config_history_ : &exec_history_;
  prompt_cells_ = cell_count(setup.prompt);
  if (resume_ && setup.command) {
    editor_.redraw();
  } else {
    if (asking_ == Asking::nothing) screen_.put(setup.prompt);
    if (options_.batch) reader_.begin(setup);
    else editor_.begin(setup);
  }
  resume_ = false;
}

// The line as the console log shows it, and its end.
void Session::show_taken(Event event) {
  if (options_.batch && state_ != At::closed_line && (asking_ == Asking::nothing || question_echo_ == Echo::on))
    write_cells(screen_, line_text());
  if (event == Event::help) screen_.put('?');
  const std::string_view mark = event == Event::end_mode ? "^Z" : event == Event::cancel ? "^C" : "";
  if (options_.batch || event == Event::help) screen_.put(mark).put('\n');
  else editor_.finish(mark);
  prompted_ = false;
  pager_.set_screen(options_.batch ? 0 : settings_.length, settings_.width);
  pager_.new_page();
}

void Session::take(Event event) {
  restart_idle_timer();
  if (event == Event::complete) {
    complete_word();
    return;
  }
  show_taken(event);
  if (state_ == At::closed_line) {
    take_closed_line(event);
    return;
  }
  const std::string_view text = line_text();
  if (event == Event::cancel) {
    if (dialogue_ != nullptr) {
      screen_.put('\n');
      cancel_dialogue();
    } else if (collecting_) {
      screen_.put('\n');
      engine_.cancel_collect(at_);
      collecting_ = false;
    }
  } else if (line_too_long()) {
    print_too_long(pager_, options_.batch ? reader_.limit() : editor_.limit());
    if (asking_ == Asking::answer || asking_ == Asking::key) pager_.write(question_);
  } else if (event == Event::help) {
    help(options_.batch ? text : editor_.before_cursor());
    resume_ = !options_.batch;
  } else if (asking_ != Asking::nothing) {
    take_answer(text);
  } else if (collecting_) {
    take_collected(text);
  } else {
    const bool of_paste = paste_ended_ && trim(text) == "quit";
    paste_ended_ = paste_ended_ && trim(text).empty();
    if (!of_paste) run_line(Typed{text, prompt_cells_, options_.batch ? 0 : editor_.first_visible()});
    if (event == Event::end_mode) leave_by_ctrl_z();
  }
}

// RETURN on a closed line. What was typed before it is not lost: it is the first line of the session.
void Session::take_closed_line(Event event) {
  if (event == Event::cancel) return;
  begin_session();
  const std::string_view text = line_text();
  if (state_ != At::open || trim(text).empty() || line_too_long()) return;
  run_shown(text);
}

void Session::write(std::string_view s) {
  if (filter_.active()) filter_.write(s);
  else pager_.write(s);
}

void Session::notice(std::string_view text) {
  screen_.fresh_line();
  screen_.put(text);
  wake();
}

void Session::message(std::string_view line) {
  if (pager_.holding()) {                              // behind what waits
    pager_.put(line).put('\n');
    return;
  }
  const bool shown = prompted_ && state_ != At::closed_line;
  screen_.fresh_line();
  screen_.put(line).put('\n');
  if (ended_) {                                        // last messages of a router that stops: no step follows
    (void)screen_.flush();
    return;
  }
  if (shown && options_.batch) write_ready_prompt();
  if (shown && !options_.batch && access_.line(options_.line_name).logging_synchronous) editor_.redraw();
  wake();
}

}  // namespace parley::cli
