// Lines of a configuration file against a scratch engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/line_check.h"

#include <algorithm>

#include "cli/cells.h"
#include "cli/feed.h"
#include "cli/prompt.h"
#include "modules/system/near_match.h"

namespace parley::system {
namespace {

constexpr size_t kNearMost = 3;          // how many words are proposed
constexpr size_t kMostFindings = 2000;   // a file of noise must not fill the memory

std::string_view word_at(std::string_view line, size_t at) {
  const std::string_view rest = line.substr(std::min(at, line.size()));
  return rest.substr(0, rest.find_first_of(" \t"));
}

std::string_view take_word(std::string_view& rest) {
  const size_t begin = std::min(rest.find_first_not_of(" \t"), rest.size());
  const std::string_view word = word_at(rest, begin);
  rest.remove_prefix(begin + word.size());
  return word;
}

// "% Text\n..." -> "Text"
std::string_view sentence(std::string_view text) {
  text = trim(text);
  text = text.substr(0, text.find('\n'));
  while (!text.empty() && (text.front() == '%' || text.front() == ' ')) text.remove_prefix(1);
  return text;
}

// Keywords that may stand where a word was refused, the closest first.
class Near final : public cli::HelpSink {
 public:
  explicit Near(std::string_view word) : word_(word), most_(word.size() < 4 ? 1 : 2) {}
  void item(const cli::HelpItem& item) override {
    if (item.placeholder) return;
    const size_t d = edit_distance(word_, item.word, most_);
    if (d > most_) return;
    for (size_t i = 0; i < count_; ++i)
      if (words_[i].view() == item.word) return;
    size_t at = count_ < kNearMost ? count_++ : kNearMost;
    while (at > 0 && distance_[at - 1] > d) {
      if (at < kNearMost) {
        words_[at] = words_[at - 1];
        distance_[at] = distance_[at - 1];
      }
      --at;
    }
    if (at >= kNearMost) return;
    (void)words_[at].set(item.word);
    distance_[at] = d;
  }
  void complete() override {}
  void put(Writer& to) const {
    for (size_t i = 0; i < count_; ++i) to.put(i == 0 ? "; near: " : ", ").put(words_[i]);
  }

 private:
  std::string_view word_;
  size_t most_;
  size_t count_ = 0;
  Text<48> words_[kNearMost];
  size_t distance_[kNearMost] = {};
};

}  // namespace

LineCheck::LineCheck(cli::Engine& scratch, Task& owner, std::string_view text, std::string_view hostname)
    : engine_(scratch), owner_(owner), left_(text), hostname_(hostname) {
  options_.loading = true;
  if (left_.starts_with("\xEF\xBB\xBF")) left_.remove_prefix(3);
  cli::Engine::enter_config(at_);
}

LineCheck::~LineCheck() {
  if (collecting_) engine_.cancel_collect(at_);
}

void LineCheck::factory(std::string_view lines) {
  cli::Position at;
  cli::Engine::enter_config(at);
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    (void)engine_.run(at, lines.substr(0, end), *this, options_);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

bool LineCheck::next_line(std::string_view& line) {
  if (left_.empty()) return false;
  const size_t end = left_.find_first_of("\r\n");
  line = left_.substr(0, end);
  ++number_;
  const bool pair = end != std::string_view::npos && left_.substr(end).starts_with("\r\n");
  left_.remove_prefix(end == std::string_view::npos ? left_.size() : end + (pair ? 2 : 1));
  return true;
}

bool LineCheck::run(size_t most_lines) {
  for (size_t i = 0; i < most_lines; ++i) {
    std::string_view line;
    if (!next_line(line)) {
      finish();
      return true;
    }
    if (ended_) {
      const std::string_view rest = trim(line);
      if (rest.empty() || rest.front() == '!') continue;
      add(number_, 1, FindingKind::error, "lines behind 'end' are ignored");
      left_ = {};
    } else if (line.size() > cli::Feed::kLongestLine) {
      add(number_, 1, FindingKind::error, "line is longer than 4096 characters");
    } else if (collecting_) {
      const cli::Position before = at_;
      const cli::Outcome outcome = engine_.collect(at_, line, *this, options_);
      collecting_ = outcome.verdict == cli::Verdict::collecting;
      if (outcome.verdict != cli::Verdict::invalid) {
        judge(outcome, before, line);
        continue;
      }
      add(number_, 1, FindingKind::error, sentence(outcome.text));     // the value was dropped: a command again
      run_line(line);
    } else {
      run_line(line);
    }
  }
  return false;
}

void LineCheck::run_line(std::string_view line) {
  const cli::Position before = at_;
  const size_t skipped = cli::pasted_prompt(line, hostname_);
  const std::string_view command = line.substr(skipped);
  const cli::Outcome outcome = engine_.run(at_, command, *this, options_);
  collecting_ = outcome.verdict == cli::Verdict::collecting;
  ended_ = outcome.verdict == cli::Verdict::left;
  if (outcome.verdict == cli::Verdict::ok) note_trustpoints(command, before.depth == 1 || command.find_first_not_of(' ') == 0);
  judge(outcome, before, command);
}

void LineCheck::judge(const cli::Outcome& outcome, const cli::Position& before, std::string_view line) {
  const size_t first = std::min(line.find_first_not_of(" \t"), line.size());
  size_t at = std::max<size_t>(outcome.offset, first);
  char text[240];
  FixedWriter w(text);
  FindingKind kind = FindingKind::error;
  switch (outcome.verdict) {
    case cli::Verdict::invalid:
    case cli::Verdict::unknown: invalid(w, before, line, at); break;
    case cli::Verdict::incomplete:
      at = first;
      w.put('\'').put(word_at(line, first)).put("': incomplete command");
      break;
    case cli::Verdict::ambiguous: w.put('\'').put(word_at(line, at)).put("': ambiguous command"); break;
    case cli::Verdict::refused:
      at = first;
      w.put(sentence(outcome.text));
      break;
    default:
      if (outcome.text.empty()) return;
      at = first;
      kind = FindingKind::warning;
      w.put(sentence(outcome.text));
  }
  add(number_, cli::cell_count(line.substr(0, std::min(at, line.size()))) + 1, kind, w.view());
}

void LineCheck::invalid(Writer& to, const cli::Position& before, std::string_view line, size_t offset) {
  offset = std::min(offset, line.size());
  while (offset > 0 && line[offset - 1] != ' ' && line[offset - 1] != '\t') --offset;   // the caret may stand inside the word
  const std::string_view word = word_at(line, offset).substr(0, 64);
  char buffer[80];
  FixedWriter plain(buffer);
  const LookAlike look = find_look_alike(word, plain);
  const bool first = trim(line.substr(0, offset)).empty();
  to.put('\'');
  cli::write_cells(to, word);
  to.put(first ? "': no such command" : "': not possible here");
  if (look.code_point != 0) {
    to.put(": U+").hex(look.code_point, 4);
    if (look.looks_like != 0) to.put(" only looks like '").put(look.looks_like).put('\'');
    else to.put(" is not ASCII");
  }
  Near near(plain.view());
  (void)engine_.help(before, line.substr(0, offset), options_, near);
  if (first && before.depth > 1) {
    cli::Position global;
    cli::Engine::enter_config(global);
    (void)engine_.help(global, "", options_, near);
  }
  near.put(to);
}

// `... trustpoint T` refers to one, `crypto pki trustpoint T` and `crypto pki server T` make one.
void LineCheck::note_trustpoints(std::string_view line, bool global) {
  const size_t first = std::min(line.find_first_not_of(" \t"), line.size());
  std::string_view rest = line;
  const std::string_view subject = take_word(rest);
  if (subject == "no" || subject == "default") return;
  if (global && starts_nocase(subject, "cry")) {
    const std::string_view pki = take_word(rest), what = take_word(rest), name = take_word(rest);
    if ((pki == "pki" || pki == "ca") && (starts_nocase(what, "trust") || starts_nocase(what, "ser")) && !name.empty()) {
      Text<64> defined;
      if (defined.set(name)) (void)trustpoints_.push(defined);
      return;
    }
    rest = line;
  } else {
    rest = line.substr(first);
  }
  for (std::string_view word = take_word(rest); !word.empty(); word = take_word(rest)) {
    if (!word.ends_with("trustpoint") && word != "trustpoint-label") continue;
    Reference r{number_, static_cast<uint32_t>(cli::cell_count(line.substr(0, first)) + 1), {}, {}};
    const std::string_view label = take_word(rest);
    if (!label.empty() && r.subject.set(subject.substr(0, 32)) && r.label.set(label)) (void)references_.push(r);
  }
}

void LineCheck::add(uint32_t line, size_t column, FindingKind kind, std::string_view text) {
  if (findings_.size() >= kMostFindings) return;
  Finding f;
  f.line = line;
  f.column = static_cast<uint32_t>(column);
  f.kind = kind;
  (void)f.text.set(text.substr(0, f.text.kCapacity));
  (void)findings_.push(f);
}

void LineCheck::finish() {
  if (collecting_) {
    const cli::Position before = at_;
    judge(engine_.end_collect(at_, *this, options_), before, "");
    collecting_ = false;
  }
  for (const Reference& r : references_) {
    bool known = false;
    for (const Text<64>& t : trustpoints_) known = known || t == r.label;
    if (known) continue;
    char text[200];
    FixedWriter w(text);
    w.put(r.subject).put(": trustpoint ").put(r.label).put(" is not defined in this file");
    add(r.line, r.column, FindingKind::warning, w.view());
  }
  std::sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
}

uint32_t LineCheck::count(FindingKind kind) const {
  uint32_t n = 0;
  for (const Finding& f : findings_) n += f.kind == kind ? 1 : 0;
  return n;
}

uint32_t LineCheck::accepted() const {
  uint32_t n = number_, last = 0;
  for (const Finding& f : findings_) {
    if (f.kind == FindingKind::phones || f.line == last) continue;
    last = f.line;
    n -= n != 0 ? 1 : 0;
  }
  return n;
}

}  // namespace parley::system
