// What all dialogues of crypto-pki share: yes/no questions, pasted PEM text, waiting for one job.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pem_text.h"

namespace parley::crypto_pki {

enum class YesNo : uint8_t { yes, no, unclear };
YesNo read_yes_no(std::string_view answer);      // "y", "Ye", "no" ...; anything else: unclear

// "       Fingerprint MD5: ..." and "      Fingerprint SHA1: ..." (cli.md)
void print_fingerprints(Bytes der, Writer& out);

// base 64 with or without BEGIN and END lines, ended by `quit`, a blank line or the END line.
class PemText {
 public:
  enum class State : uint8_t { more, done };
  enum class Form : uint8_t { base64, whole };   // whole: with all its lines (a private key has headers and a blank line)
  explicit PemText(Form form = Form::base64) : whole_(form == Form::whole) {
    if (whole_) text_.mark_secret();
  }
  State feed(std::string_view line);
  // After an END line a blank line or `quit` may still come; it belongs to the text.
  bool ended_by_end_line() const { return by_end_line_; }
  Result<Blob> decode(size_t max_bytes) const;
  Result<Blob> take_whole();

 private:
  static constexpr size_t kMaxText = 32 * 1024;
  Blob text_;
  bool whole_;
  bool any_ = false, by_end_line_ = false, too_long_ = false;
};

// A dialogue is a list of states; each step() runs states until one waits for an answer or a job.
class PkiDialogue : public cli::Dialogue {
 public:
  explicit PkiDialogue(Pki& pki) : pki_(pki) {}
  ~PkiDialogue() override { wipe(&answer_buffer_, sizeof answer_buffer_); }   // may be a password
  Poll step(cli::Console& console, const std::string_view* answer) final;
  bool accepts(std::string_view line) const override;
  bool accepted() const override { return accepted_; }

 protected:
  enum class Next : uint8_t { go, wait, end };
  virtual Next run(cli::Console& console) = 0;

  // A state asks once, then gets the answer in answer_. `wait` until it came.
  // yes/no: repeats the question itself; `otherwise`: the answer for an empty line (unclear: none).
  bool ask_yes_no(cli::Console& console, std::string_view prompt, bool& yes, YesNo otherwise = YesNo::unclear);
  bool ask_text(cli::Console& console, std::string_view prompt, cli::Echo echo = cli::Echo::on);
  bool ask_lines(cli::Console& console, PemText& text);   // a `quit` behind an END line is no answer and no command
  std::string_view answer() const { return answer_; }
  void refuse() { accepted_ = false; }         // confirm functions: the line takes no effect
  Next say(cli::Console& console, std::string_view line) { console.put(line).put('\n'); return Next::end; }
  Next no_clock(cli::Console& console, std::string_view what);
  Next busy(cli::Console& console) { return say(console, "% The router is busy, try again"); }
  Context& context() { return pki_.context(); }

  Pki& pki_;

 private:
  enum class Want : uint8_t { nothing, yes_no, text, lines };
  Want want_ = Want::nothing;
  bool accepted_ = true;
  bool swallow_ = false;          // a blank line or `quit` behind an END line is no answer
  bool quit_may_come_ = false;    // ... and it has not come yet
  bool has_answer_ = false;
  Text<512> answer_buffer_;
  std::string_view answer_;
  YesNo otherwise_ = YesNo::unclear;
};

// crypto pki authenticate, as part of another dialogue.
std::unique_ptr<cli::Dialogue> authenticate_dialogue(Pki& pki, const TrustpointSettings& t);
// `no shutdown` of a server below another one: CA certificate, own certificate and challenge are asked before `last` starts it.
std::unique_ptr<cli::Dialogue> start_below(Pki& pki, std::string_view label, bool interactive, std::unique_ptr<cli::Dialogue> last);

}  // namespace parley::crypto_pki
