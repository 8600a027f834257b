// The command engine: all modes and rows of all modules, one line at a time. No terminal in here (cli/session.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "cli/command.h"
#include "platform/base/bytes.h"
#include "platform/base/result.h"

namespace parley {
struct Module;
}

namespace parley::cli {

struct Mode;
struct Row;
class PasswordRules;
enum class PasswordKind : uint8_t;
struct Password;

// Where a session is: EXEC, or a stack of configuration modes. Entries are kept by id, not by pointer: another session may
// insert or remove entries. Copyable.
struct Position {
  static constexpr size_t kDepth = 5;
  struct Level {
    const Mode* mode = nullptr;
    const Row* row = nullptr;  // the block row that entered this level; nullptr = (config)
    uint32_t owner = 0;        // id of the block instance (record.id); 0 = (config) or EXEC
    uint32_t last = 0;         // ranged blocks: id of the last entry
    uint16_t module = 0;       // engine's number of the module that owns the row
    uint16_t indent = 0;       // blanks in front of the header line as typed (free bodies, R-9.13)
  };
  Level levels[kDepth];
  uint8_t depth = 0;           // 0 = EXEC
  uint8_t collector = 0;       // open multi-line value, 0 = none
  bool in_config() const { return depth != 0; }
};

enum class Verdict : uint8_t {
  ok,
  empty,        // nothing on the line, a comment, or known noise of a captured configuration (R-9.1, R-9.5)
  invalid,      // R-4.1; offset says where
  incomplete,   // R-4.2
  ambiguous,    // R-4.3
  unknown,      // EXEC, one unknown word: R-4.4
  refused,      // text says why (R-4.15)
  collecting,   // a multi-line value is open: next lines go to Engine::collect
  left,         // EXEC: `exit`, `logout`, `quit` end the session. Configuration: `exit` / `end` went back to EXEC
};

struct Outcome {
  Verdict verdict = Verdict::ok;
  uint16_t offset = 0;                  // byte offset inside the line as given, for the caret
  // refused: the text; DEPRECATED and pending rows: the notice (verdict ok). Printed as it is; the last line end is left out.
  Text<400> text;
  std::unique_ptr<Dialogue> dialogue;   // an action that goes on: the session runs it
};

struct RunOptions {
  uint8_t privilege = 15;
  bool loading = false;       // startup-config or a file: no questions, password policy off for startup
  bool startup = false;       // bind only; finish_load() verifies and applies once per module
  bool confirmed = false;     // the confirm question of this line was answered (Engine's own use)
};

// One entry of `?`.
struct HelpItem {
  std::string_view word;          // keyword or placeholder
  std::string_view text;
  bool placeholder = false;
};
class HelpSink {
 public:
  virtual ~HelpSink() = default;
  virtual void item(const HelpItem& item) = 0;   // sorted: keywords, then placeholders
  virtual void complete() = 0;                   // <cr>
};

enum class PrintScope : uint8_t { running, all, concealed };   // all: defaults too; concealed: no passwords (`show tech-support`)

// Where Engine::print_some stands. Worthless after a change of the configuration (Engine::changes).
struct PrintCursor {
  PrintScope scope = PrintScope::running;
  size_t section = 0, row = 0, entry = 0;
  uint32_t text = 0;
  size_t lines = 0, before = 0;
  size_t group = 0, group_begin = 0;
  bool inside = false;     // the row at the cursor was begun
  bool bang = false;
};

void print_pending(Writer& out, const Module& module);   // rows of one module whose function is not built

class Engine {
 public:
  Engine();
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void set_password_rules(PasswordRules* rules);       // default: PlainPasswords
  // `service store-unknown` (R-9.6): looked at for each unknown line; nullptr = off. stored: one log line per line kept.
  void set_store_unknown(const bool* on, void (*stored)(void* context, std::string_view line) = nullptr, void* context = nullptr);

  // Registration, in module order, before the first line. The instance's config() is bound to the module's sections.
  void add(const Module& module, Instance& instance);
  Status check_tables(Writer* report = nullptr);   // missing help texts, unsorted glossary...: mistakes of the tables
  // The row of the current mode that accepts the line; count: how many do, more than one is a mistake of the tables. For tests.
  const Row* accepting(const Position& at, std::string_view line, const RunOptions& options, size_t& count);
  static void enter_config(Position& at);          // what `configure terminal` does

  // Runs one line. Handles no / default / do, exit, end, climbing to parents (R-9.2), free bodies, `configure terminal`
  // inside configuration. Everything about terminals, prompts, paging and passwords asked is the session's.
  Outcome run(Position& at, std::string_view line, Console& console, const RunOptions& options);

  // After Verdict::collecting: raw lines until the verdict is another one. Verdict::invalid with text: the value was
  // dropped (text says so) and this line is to be run as a command (R-6.4). end_collect: end of input. cancel_collect: Ctrl-C.
  Outcome collect(Position& at, std::string_view raw_line, Console& console, const RunOptions& options);
  Outcome end_collect(Position& at, Console& console, const RunOptions& options);
  void cancel_collect(Position& at);
  std::string_view collect_prompt(const Position& at) const;   // mode text of the collector, e.g. "(config-pubkey)#"; empty: no prompt

  void finish_load(Console& console);        // after a startup load: verify and apply once per module

  // `?` and TAB on a partial line (without the '?').
  Verdict help(const Position& at, std::string_view line, const RunOptions& options, HelpSink& sink);
  // The one keyword that the last word can become; empty: none or several.
  std::string_view complete(const Position& at, std::string_view line, const RunOptions& options);

  bool exec_keyword(std::string_view word) const;       // an EXEC command begins with exactly this word
  std::string_view prompt(const Position& at) const;    // "(config-telephony)#", "#" for EXEC (the session makes '>')
  std::string_view title(const Position& at) const;     // "CTL client configuration commands:"

  // Configuration text without the head lines and without `end` (R-12.2, R-12.3).
  void print(Writer& out, PrintScope scope);
  // The same in pieces of about most_lines lines. True: the end was reached.
  bool print_some(Writer& out, PrintCursor& at, size_t most_lines);
  // `show running-config interface X`, `| section`: the block at a position.
  void print_block(Writer& out, const Position& at, PrintScope scope);
  void print_pending(Writer& out);           // `make pending`: one line per pending row

  // An action changes a setting (e.g. auth-string generate): the line is bound, verified, committed and applied as if it had
  // been typed in that mode, without output. `line` may hold a multi-line value: its further lines follow after '\n'.
  Status configure(std::string_view mode_line, std::string_view line);

  // Every password that is set, of all modules; may be changed in place (re-keying). passwords_walk.cc
  using EachPassword = void (*)(void* context, PasswordKind kind, Password& password);
  void each_password(EachPassword each, void* context);

  // Dry run and replacement (swap.cc). scratch(): an engine with the same rows over empty records, where actions and apply()
  // do nothing. swap(): the two configurations change places, ids included; the caller verifies and applies. Nothing may
  // have changed here since scratch() was called.
  std::unique_ptr<Engine> scratch();
  void swap(Engine& scratch);
  const char* verify_with(Engine& scratch);  // what the modules say to that configuration: nullptr, or the first sentence
  void apply_all();

  // `configure exclusive`: lines of other sessions are refused until the owner leaves configuration mode or ends.
  bool lock(Position& at, Console& owner, Writer& refusal);
  void unlock(const SessionControl* owner);

  uint64_t changes() const;                  // counts committed lines: "configuration has been modified"

 struct Impl;      // cli/impl.h

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley::cli
