// What all dialogues of crypto-pki share.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_ask.h"

#include "cli/session_control.h"

namespace parley::crypto_pki {

YesNo read_yes_no(std::string_view answer) {
  answer = trim(answer);
  if (answer.empty()) return YesNo::unclear;
  if (starts_nocase("yes", answer)) return YesNo::yes;
  if (starts_nocase("no", answer)) return YesNo::no;
  return YesNo::unclear;
}

void print_fingerprints(Bytes der, Writer& out) {
  out.put("       Fingerprint MD5: ");
  print_fingerprint(der, Hash::md5, out);
  out.put("\n      Fingerprint SHA1: ");
  print_fingerprint(der, Hash::sha1, out);
  out.put('\n');
}

PemText::State PemText::feed(std::string_view line) {
  line = trim(line);
  while (!line.empty() && line.back() == '>') line = trim(line.substr(0, line.size() - 1));
  if (line == "quit") return State::done;
  if (line.empty() && !(whole_ && any_)) return any_ ? State::done : State::more;
  by_end_line_ = line.substr(0, 9) == "-----END ";
  any_ = true;
  const bool frame = line.substr(0, 5) == "-----";
  if (whole_ || !frame) {
    const bool fits = text_.size() + line.size() + 1 <= kMaxText && text_.append(line) && (!whole_ || text_.append("\n"));
    too_long_ = too_long_ || !fits;
  }
  return by_end_line_ ? State::done : State::more;
}

Result<Blob> PemText::take_whole() {
  if (too_long_) return Fault{Code::full, "the text is too long", 0};
  if (text_.empty()) return Fault{Code::invalid, "there is no text", 0};
  return std::move(text_);
}

Result<Blob> PemText::decode(size_t max_bytes) const {
  if (too_long_) return Fault{Code::full, "the text is too long", 0};
  if (text_.empty()) return Fault{Code::invalid, "there is no text", 0};
  return base64_decode(text_.text(), max_bytes);
}

Poll PkiDialogue::step(cli::Console& console, const std::string_view* line) {
  if (line != nullptr) {
    const bool blank = trim(*line).empty();
    quit_may_come_ = quit_may_come_ && blank;
    if (swallow_ && (blank || trim(*line) == "quit")) {
      swallow_ = false;
      if (want_ == Want::lines) console.ask_lines();
      else console.ask("");
      return Poll::pending;
    }
    swallow_ = false;
    has_answer_ = true;
    if (want_ == Want::lines) answer_ = *line;
    else answer_ = answer_buffer_.set(*line) ? answer_buffer_.view() : std::string_view();
  }
  for (;;) {
    switch (run(console)) {
      case Next::go: continue;
      case Next::wait: return Poll::pending;
      case Next::end:
        if (quit_may_come_ && console.control() != nullptr) console.control()->end_of_paste();
        return Poll::done;
    }
  }
}

bool PkiDialogue::accepts(std::string_view line) const {
  if (want_ != Want::yes_no) return true;
  const std::string_view word = trim(line);
  return read_yes_no(word) != YesNo::unclear || (swallow_ && (word.empty() || word == "quit")) ||
         (word.empty() && otherwise_ != YesNo::unclear);
}

bool PkiDialogue::ask_text(cli::Console& console, std::string_view prompt, cli::Echo echo) {
  if (want_ == Want::text && has_answer_) {
    has_answer_ = false;
    want_ = Want::nothing;
    return true;
  }
  if (want_ != Want::text) console.ask(prompt, echo);
  want_ = Want::text;
  return false;
}

bool PkiDialogue::ask_yes_no(cli::Console& console, std::string_view prompt, bool& yes, YesNo otherwise) {
  if (want_ == Want::yes_no && has_answer_) {
    has_answer_ = false;
    YesNo said = read_yes_no(answer_);
    if (said == YesNo::unclear && trim(answer_).empty()) said = otherwise;
    if (said != YesNo::unclear) {
      want_ = Want::nothing;
      yes = said == YesNo::yes;
      return true;
    }
    console.put("% Please answer 'yes' or 'no'.\n");
    want_ = Want::nothing;
  }
  if (want_ != Want::yes_no) console.ask(prompt);
  want_ = Want::yes_no;
  otherwise_ = otherwise;
  return false;
}

bool PkiDialogue::ask_lines(cli::Console& console, PemText& text) {
  if (want_ == Want::lines && has_answer_) {
    has_answer_ = false;
    if (text.feed(answer_) == PemText::State::more) return false;
    swallow_ = quit_may_come_ = text.ended_by_end_line();
    want_ = Want::nothing;
    return true;
  }
  if (want_ != Want::lines) console.ask_lines();
  want_ = Want::lines;
  return false;
}

PkiDialogue::Next PkiDialogue::no_clock(cli::Console& console, std::string_view what) {
  console.put("% The clock is not set; ").put(what).put('\n');
  return Next::end;
}

}  // namespace parley::crypto_pki
