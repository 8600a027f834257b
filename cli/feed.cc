// Configuration text that nobody types.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"

#include "cli/cells.h"
#include "cli/error_text.h"
#include "cli/prompt.h"

namespace parley::cli {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";     // byte order mark

size_t digits(uint32_t n) {
  size_t d = 1;
  for (; n >= 10; n /= 10) ++d;
  return d;
}

}  // namespace

Feed::Feed(Engine& engine, Task& owner, std::string_view text, Writer& report, const FeedOptions& options)
    : engine_(engine), owner_(owner), left_(text), report_(report), options_(options) {
  run_.loading = true;
  run_.startup = options.startup;
  if (left_.starts_with(kMark)) left_.remove_prefix(kMark.size());
  Engine::enter_config(at_);
}

Feed::~Feed() {
  if (collecting_) engine_.cancel_collect(at_);
}

Poll Feed::run(size_t most_lines) {
  if (finished_) return Poll::done;
  for (size_t i = 0; i < most_lines; ++i) {
    if (dialogue_ != nullptr && !run_dialogue()) return Poll::pending;
    if (!next_line()) {
      finish();
      return dialogue_ != nullptr ? Poll::again : Poll::done;
    }
    if (line_.size() > kLongestLine) {
      ++refused_;
      report_.put("Line ").dec(number_).put(": ");
      print_too_long(report_, kLongestLine);
    } else if (ended_) {
      if (trim(line_).empty() || trim(line_).front() == '!') continue;
      ++refused_;
      show_line();
      report_.put("% Lines behind 'end' are ignored\n");
      left_ = {};
    } else if (collecting_) {
      Outcome outcome = engine_.collect(at_, line_, *this, run_);
      if (outcome.verdict == Verdict::invalid) {       // the value was dropped: a command again
        collecting_ = false;
        ++refused_;
        show_line();
        report_.put(outcome.text).put('\n');
        run_line(line_);
      } else {
        settle(outcome, line_, 0);
      }
    } else {
      run_line(line_);
    }
  }
  return Poll::again;
}

// CR LF, CR and LF are one line end each.
bool Feed::next_line() {
  if (left_.empty()) return false;
  const size_t end = left_.find_first_of("\r\n");
  line_ = left_.substr(0, end);
  ++number_;
  shown_ = false;
  if (end == std::string_view::npos) {
    left_ = {};
  } else {
    const bool pair = left_[end] == '\r' && end + 1 < left_.size() && left_[end + 1] == '\n';
    left_.remove_prefix(end + (pair ? 2 : 1));
  }
  return true;
}

void Feed::run_line(std::string_view line) {
  const size_t skipped = pasted_prompt(line, options_.hostname);
  Outcome outcome = engine_.run(at_, line.substr(skipped), *this, run_);
  settle(outcome, line, skipped);
}

void Feed::settle(Outcome& outcome, std::string_view line, size_t skipped) {
  collecting_ = outcome.verdict == Verdict::collecting;
  switch (outcome.verdict) {
    case Verdict::ok:
    case Verdict::empty:
    case Verdict::collecting: break;
    case Verdict::left: ended_ = true; break;
    default: ++refused_; break;
  }
  if (!outcome.text.empty()) {
    show_line();
    report_.put(outcome.text);
    if (!outcome.text.view().ends_with('\n')) report_.put('\n');
  } else if (outcome.verdict == Verdict::invalid || outcome.verdict == Verdict::incomplete || outcome.verdict == Verdict::ambiguous) {
    show_line();
    ErrorPlace place;
    place.line = line.substr(skipped);
    place.caret = sizeof("Line : ") - 1 + digits(number_) + cell_count(line.substr(0, skipped + outcome.offset));
    print_error(report_, outcome.verdict, place);
  }
  if (outcome.dialogue == nullptr) return;
  asked_ = false;
  dialogue_ = std::move(outcome.dialogue);
}

// True: it is over.
bool Feed::run_dialogue() {
  const Poll p = dialogue_->step(*this, nullptr);
  if (p != Poll::done && !asked_) {
    if (p == Poll::again) owner_.wake();
    return false;
  }
  const std::unique_ptr<Dialogue> gone = std::move(dialogue_);
  if (p != Poll::done) {
    gone->cancelled(*this);
    ++refused_;
    show_line();
    report_.put("% Command cancelled\n");
  }
  return true;
}

void Feed::write(std::string_view s) {
  if (s.empty()) return;
  show_line();
  report_.write(s);
}

void Feed::show_line() {
  if (shown_) return;
  shown_ = true;
  report_.put("Line ").dec(number_).put(": ");
  write_cells(report_, line_);
  report_.put('\n');
}

void Feed::finish() {
  if (collecting_) {                                   // end of file acts like `quit`
    Outcome outcome = engine_.end_collect(at_, *this, run_);
    settle(outcome, line_, 0);
    collecting_ = false;
    if (dialogue_ != nullptr) return;
  }
  finished_ = true;
  if (!options_.startup) return;
  shown_ = true;                                       // what is printed now belongs to no line
  engine_.finish_load(*this);
}

}  // namespace parley::cli
