// A session runs one line: prompt stripping, output modifiers, error texts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/error_text.h"
#include "cli/prompt.h"
#include "cli/session.h"

namespace parley::cli {
namespace {

bool is_refusal(Verdict v) {
  return v == Verdict::invalid || v == Verdict::incomplete || v == Verdict::ambiguous || v == Verdict::unknown || v == Verdict::refused;
}

std::string_view take_word(std::string_view& line) {
  line = trim(line);
  size_t end = 0;
  while (end < line.size() && line[end] != ' ' && line[end] != '\t') ++end;
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  return word;
}

}  // namespace

RunOptions Session::run_options() const {
  RunOptions o;
  o.privilege = privilege_;
  return o;
}

// `show` and `more`, also behind `do` and as far as a configuration mode has them: '|' is data in other lines.
bool Session::takes_modifier(std::string_view line) const {
  std::string_view word = take_word(line);
  bool exec = !at_.in_config();
  if (!exec && equal_nocase(word, "do")) {
    exec = true;
    word = take_word(line);
  }
  const size_t least = exec ? 2 : 3;
  return word.size() >= least && (starts_nocase("show", word) || (exec && starts_nocase("more", word)));
}

// The first word of an EXEC command, also behind `do`. A command that begins with exactly this word is never hidden by an alias.
Session::Alias Session::expand_alias(std::string_view line, Blob& to) const {
  Alias alias;
  std::string_view rest = line;
  std::string_view word = take_word(rest);
  if (at_.in_config() && !equal_nocase(word, "do")) return alias;
  if (at_.in_config()) word = take_word(rest);
  const std::string_view meant = word.empty() || engine_.exec_keyword(word) ? std::string_view() : host_.alias(word);
  if (meant.empty()) return alias;
  alias.at = static_cast<size_t>(word.data() - line.data());
  to.put(line.substr(0, alias.at)).put(meant).put(line.substr(alias.at + word.size()));
  if (!to.ok()) return alias;
  alias.typed = word.size();
  alias.meant = meant.size();
  return alias;
}

void Session::run_line(const Typed& typed) {
  const size_t skipped = settings_.paste_prompt ? pasted_prompt(typed.text, host_.hostname()) : 0;
  std::string_view line = typed.text.substr(skipped);
  history(at_.in_config()).add(trim(line));
  Blob expanded;
  const Alias alias = expand_alias(line, expanded);
  if (alias.meant != 0) line = expanded.text();
  ModifiedLine parts;
  parts.command = line;
  if (takes_modifier(line)) parts = split_modifier(line);
  const Position before = at_;
  Outcome outcome;
  if (parts.verdict != Verdict::ok) {
    outcome.verdict = parts.verdict;
    outcome.offset = parts.offset;
  } else {
    if (parts.modifier != Modifier::none && !begin_filter(parts)) return;
    outcome = engine_.run(at_, parts.command, *this, run_options());
  }
  if (alias.meant != 0 && outcome.offset > alias.at) {     // the caret stands below what was typed
    const size_t end = alias.at + alias.meant;
    outcome.offset = static_cast<uint16_t>(outcome.offset < end ? alias.at : outcome.offset - end + alias.at + alias.typed);
  }
  settle(outcome, before, typed, skipped);
}

// A line that was read for something else: it is shown as if typed at the prompt.
void Session::run_shown(std::string_view text) {
  char buffer[kPromptSize];
  FixedWriter to(buffer);
  const size_t column = cell_count(ready_prompt(to));
  screen_.put(to.view());
  write_cells(screen_, text);
  screen_.put('\n');
  run_line(Typed{text, column, 0});
}

bool Session::begin_filter(const ModifiedLine& line) {
  if (writes_file(line.modifier) && !file_.set(line.argument)) {
    put("% File name is too long\n");
    return false;
  }
  if (!filter_.start(line.modifier, line.argument)) {
    put("% Failed to compile regular expression.\n");
    return false;
  }
  return true;
}

// What the engine said about a line becomes text, a mode, a dialogue or the end of the session.
void Session::settle(Outcome& outcome, const Position& before, const Typed& typed, size_t skipped) {
  if (is_refusal(outcome.verdict)) filter_.cancel();
  if (!outcome.text.empty()) {
    put(outcome.text);
    if (!outcome.text.view().ends_with('\n')) put('\n');
  } else if (is_refusal(outcome.verdict)) {
    const size_t at = skipped + outcome.offset;
    ErrorPlace place;
    place.line = typed.text.substr(skipped);
    place.domain_lookup = host_.domain_lookup();
    place.caret = typed.column;
    if (at > typed.first_visible) place.caret += cell_count(typed.text.substr(0, at).substr(typed.first_visible));
    print_error(*this, outcome.verdict, place);
  }
  collecting_ = outcome.verdict == Verdict::collecting;
  literal_ctrl_c_ = collecting_ && typed.text.find('\x03') != std::string_view::npos;
  if (outcome.verdict == Verdict::left && !before.in_config()) {
    filter_.cancel();
    end_session();
    return;
  }
  if (before.in_config() && !at_.in_config()) host_.configured(*this);
  if (outcome.dialogue != nullptr) {
    dialogue_ = std::move(outcome.dialogue);
    dialogue_due_ = true;
    asking_ = Asking::nothing;
    refusals_ = 0;
    return;
  }
  if (!collecting_) end_command();
}

void Session::take_collected(std::string_view text) {
  const Position before = at_;
  const bool literal = literal_ctrl_c_;
  Outcome outcome = engine_.collect(at_, text, *this, run_options());
  if (outcome.verdict == Verdict::invalid) {            // the value was dropped; this line is a command again
    collecting_ = false;
    put(outcome.text);
    if (!outcome.text.empty() && !outcome.text.view().ends_with('\n')) put('\n');
    run_line(Typed{text, prompt_cells_, options_.batch ? 0 : editor_.first_visible()});
    return;
  }
  settle(outcome, before, Typed{text, prompt_cells_, 0}, 0);
  literal_ctrl_c_ = collecting_ && literal;
}

// The command has printed everything.
void Session::end_command() {
  if (filter_.active()) {
    const Modifier modifier = filter_.modifier();
    filter_.finish();
    if (writes_file(modifier)) {
      dialogue_ = host_.save_output(file_, modifier == Modifier::append, filter_.take_file());
      dialogue_due_ = true;
      if (dialogue_ != nullptr) return;
      put("%Error opening ").put(file_).put(" (No such file system)\n");
    }
  }
  if (pager_.cut()) screen_.put("% Output was cut: not enough memory\n");
  if (end_after_) leave_by_ctrl_z();
}

// The line typed before Ctrl-Z comes first, with its questions.
void Session::leave_by_ctrl_z() {
  end_after_ = dialogue_ != nullptr || collecting_;
  if (end_after_ || !at_.in_config()) return;
  const Position before = at_;
  Outcome outcome = engine_.run(at_, "end", *this, run_options());
  settle(outcome, before, Typed{"end", 0, 0}, 0);
}

}  // namespace parley::cli
