// What a command sees of the session that runs it: output, questions, long-running commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "platform/base/text.h"
#include "platform/sched/task.h"

namespace parley {
class Instance;  // modules/module.h
}

namespace parley::cli {

class SessionControl;  // cli/session_control.h

enum class Echo : uint8_t { on, off };  // off: password; neither echoed nor kept in history

// The output side of a session. Lines end with '\n'; the terminal makes CR LF of it. Output of a command is
// filtered (| include ...) and paged by the session, the command does not know.
class Console : public Writer {
 public:
  // For a Dialogue: shows the prompt (no line end added); the next input line is its answer.
  virtual void ask(std::string_view prompt, Echo echo = Echo::on) = 0;
  // Collects lines without a prompt (PEM): each input line comes as an answer until the Dialogue is done.
  virtual void ask_lines() = 0;
  // For [confirm] questions: one key is enough on a terminal; a pasted line counts as its first letter, empty = Enter.
  virtual void confirm(std::string_view prompt) = 0;
  virtual Task& task() = 0;                 // owner for timers, sockets and jobs of a Dialogue
  virtual uint8_t privilege() const = 0;
  virtual std::string_view user() const = 0;   // empty: nobody logged in
  virtual std::string_view line_name() const = 0;  // "con0", "vty1", "startup" ...
  virtual bool interactive() const = 0;     // false while a file is loaded: no question can be asked there
  virtual SessionControl* control() { return nullptr; }   // of a session on a line; nullptr while a file is loaded
};

// A command that needs answers, jobs or time. Owned by the session, which runs no other line meanwhile.
class Dialogue {
 public:
  virtual ~Dialogue() = default;            // destruction cancels everything it waits for
  // Called at start, for each answer and whenever the session task is woken. Poll::done ends the command.
  // answer: nullptr unless a question or ask_lines() got a line.
  virtual Poll step(Console& console, const std::string_view* answer) = 0;
  // Ctrl-C, or three non-answers in a paste. The text is printed by the session.
  virtual void cancelled(Console& console) { (void)console; }
  // Would this input line be a sensible answer to the open question? (R-9.9: a pasted command is not a yes or no.)
  virtual bool accepts(std::string_view line) const { (void)line; return true; }
  // Of a row's confirm function, after Poll::done: may the line take effect?
  virtual bool accepted() const { return true; }
};

struct Position;

// One run of an `action` row.
struct Call {
  Instance* instance = nullptr;             // of the module that owns the row
  void* record = nullptr;                   // record of the current mode (sub-mode actions), else the module's Config
  Console* console = nullptr;
  std::string_view line;                    // as typed, without prompt
  Position* at = nullptr;                   // of the session: an action may enter configuration mode (Engine::enter_config)
  bool negated = false;                     // confirm function: the line began with `no`
  std::unique_ptr<Dialogue> dialogue;       // set by start()
  Text<300> refusal;                        // set by refuse()

  Writer& out() { return *console; }
  template <class M> M& module() { return *static_cast<M*>(instance); }
  void start(std::unique_ptr<Dialogue> d) { dialogue = std::move(d); }
  void refuse(std::string_view text) { (void)refusal.set(text); }   // "% ...": printed, nothing happens
};

}  // namespace parley::cli
