// A session between a Dialogue and the person: questions, answers, Ctrl-C; and `?` and TAB.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/error_text.h"
#include "cli/help_view.h"
#include "cli/session.h"

namespace parley::cli {
namespace {

constexpr int kMostRefusals = 3;
constexpr uint8_t kCtrlC = 3;

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view last_word(std::string_view line) {
  size_t at = line.size();
  while (at > 0 && !is_blank(line[at - 1])) --at;
  return line.substr(at);
}

// Commands whose file names TAB completes.
bool names_files(std::string_view line) {
  line = trim(line);
  const std::string_view first = line.substr(0, line.find(' '));
  if (first.size() < 2) return false;
  for (const std::string_view word : {"copy", "more", "delete", "dir"})
    if (starts_nocase(word, first)) return true;
  return false;
}

}  // namespace

void Session::begin_question(std::string_view prompt, Asking kind, Echo echo) {
  pager_.write(prompt);
  asking_ = kind;
  question_echo_ = echo;
  const std::string_view last = prompt.substr(prompt.rfind('\n') + 1);
  if (!question_.set(last.substr(0, decltype(question_)::kCapacity))) question_.clear();
  prompted_ = false;
}

void Session::ask(std::string_view prompt, Echo echo) { begin_question(prompt, Asking::answer, echo); }
void Session::ask_lines() { begin_question({}, Asking::lines, Echo::on); }
void Session::confirm(std::string_view prompt) { begin_question(prompt, Asking::key, Echo::on); }

Poll Session::run_dialogue(const std::string_view* answer) {
  const Poll p = dialogue_->step(*this, answer);
  if (p == Poll::done) end_dialogue();
  if (p == Poll::again) dialogue_due_ = true;
  return p;
}

void Session::end_dialogue() {
  const std::unique_ptr<Dialogue> done = std::move(dialogue_);
  asking_ = Asking::nothing;
  prompted_ = false;
  if (login_ != nullptr) {
    const LoginDialogue* login = std::exchange(login_, nullptr);
    if (login->granted()) open(login->privilege(), login->user());
    else end_session();
    return;
  }
  end_command();
}

void Session::cancel_dialogue() {
  const std::unique_ptr<Dialogue> gone = std::move(dialogue_);
  asking_ = Asking::nothing;
  prompted_ = end_after_ = false;
  gone->cancelled(*this);
  filter_.cancel();
  if (std::exchange(login_, nullptr) != nullptr) end_session();
}

// Ctrl-C while a command works and asks nothing. What was typed before it is dropped with the command.
bool Session::interrupted() {
  if (options_.batch) return false;
  (void)fill();
  for (size_t i = input_at_; i < input_end_; ++i) {
    if (input_[i] != kCtrlC) continue;
    input_at_ = i + 1;
    screen_.fresh_line();
    screen_.put('\n');
    cancel_dialogue();
    return true;
  }
  return false;
}

void Session::take_answer(std::string_view text) {
  if (asking_ == Asking::lines) {
    (void)run_dialogue(&text);
    return;
  }
  std::string_view answer = question_echo_ == Echo::on ? trim(text) : text;
  if (asking_ == Asking::key) answer = answer.substr(0, 1);
  const bool sensible = asking_ == Asking::key || dialogue_->accepts(answer);
  refusals_ = sensible ? 0 : refusals_ + 1;
  asking_ = Asking::nothing;
  if (refusals_ < kMostRefusals) {
    (void)run_dialogue(&answer);
    return;
  }
  cancel_dialogue();
  put("% Command cancelled\n");
  if (state_ == At::open) run_shown(text);
}

// [confirm] on a terminal: one key. The rest of a pasted line belongs to it.
void Session::take_key(uint8_t key) {
  restart_idle_timer();
  const char c = static_cast<char>(key);
  const bool printable = c > ' ' && c < 0x7F;
  if (printable) screen_.put(c);
  screen_.put('\n');
  pager_.new_page();
  prompted_ = false;
  if (key == kCtrlC) {
    cancel_dialogue();
    return;
  }
  for (size_t i = input_at_; printable && i < input_end_; ++i)
    if (input_[i] == '\r' || input_[i] == '\n') {
      skip_newline_ = input_[i] == '\r';
      input_at_ = i + 1;
      break;
    }
  const bool enter = c == '\r' || c == '\n';
  const std::string_view answer = enter ? std::string_view() : std::string_view(&c, 1);
  asking_ = Asking::nothing;
  refusals_ = 0;
  (void)run_dialogue(&answer);
}

void Session::help(std::string_view line) {
  HelpView view(session_arena());
  const bool modifiers = takes_modifier(line);
  const bool behind_bar = modifiers && split_modifier(line).has_bar;
  const Verdict verdict = behind_bar ? help_on_modifier(line, view) : engine_.help(at_, line, run_options(), view);
  const bool of_word = !line.empty() && !is_blank(line.back());
  if (modifiers && !behind_bar && !of_word && view.completes()) view.item(HelpItem{"|", "Output modifiers", true});
  if (view.empty()) {
    print_help_error(*this, verdict, line);
  } else if (of_word) {
    view.print_words(*this, 80);
    put('\n');
  } else {
    if (trim(line).empty()) put(engine_.title(at_)).put('\n');
    view.print_lines(*this);
    put('\n');
  }
}

void Session::complete_word() {
  const std::string_view line = editor_.before_cursor();
  const std::string_view word = last_word(line);
  if (line.size() == editor_.text().size() && !word.empty()) {
    const bool behind_bar = takes_modifier(line) && split_modifier(line).has_bar;
    const std::string_view full = behind_bar ? complete_modifier(line) : engine_.complete(at_, line, run_options());
    char rest[200];
    FixedWriter to(rest);
    if (full.size() >= word.size() && starts_nocase(full, word)) {
      to.put(full.substr(word.size())).put(' ');
    } else if (names_files(line) && host_.complete_file(word, to)) {
      to.put(' ');
    }
    if (!to.view().empty() && to.ok()) {
      editor_.extend(to.view());
      return;
    }
  }
  screen_.put('\a');
}

}  // namespace parley::cli
