// A session: everything between a terminal and the command engine.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "cli/engine.h"
#include "cli/filter.h"
#include "cli/line_editor.h"
#include "cli/line_reader.h"
#include "cli/login.h"
#include "cli/screen.h"
#include "cli/session_control.h"
#include "platform/base/memory.h"

namespace parley::cli {

Arena& session_arena();   // "CLI sessions" of `show memory`: waiting output, histories, help lists

struct SessionOptions {
  Text<16> line_name{"con0"};
  bool batch = false;      // lines come from a pipe or file: no editing, no paging
  bool console = true;     // ends with "Press RETURN to get started."; a vty is closed
  bool stop_key = false;   // Ctrl-\ is the end of input: console of the native program
};

// One person (or script) at one terminal.
//
//   closed_line --RETURN--> login --granted--> open --exit--> closed_line        (a batch starts without RETURN)
//
// Inside `open` the next input belongs to, in this order: the pager (--More--), the question of a Dialogue, the open
// multi-line value of the engine, the command line. A Dialogue without question lets input wait in the terminal.
// Output of commands: Filter -> Pager -> Screen; prompts and log messages go to the Screen directly.
class Session final : public Task, public Console, public SessionControl {
 public:
  Session(Scheduler& scheduler, Engine& engine, Terminal& terminal, SessionHost& host, AccessRules& access, const SessionOptions& options);
  ~Session() override;

  Poll step() override;
  // A line of log output, without its end. The caller decides whether this line wants it.
  void message(std::string_view line);
  void notice(std::string_view text);          // complete lines at boot, before anybody pressed RETURN
  bool ended() const { return ended_; }        // end of input, or the vty was closed
  const Position& position() const { return at_; }

  // Console
  void write(std::string_view s) override;
  void ask(std::string_view prompt, Echo echo) override;
  void ask_lines() override;
  void confirm(std::string_view prompt) override;
  Task& task() override { return *this; }
  uint8_t privilege() const override { return privilege_; }
  std::string_view user() const override { return user_; }
  std::string_view line_name() const override { return options_.line_name; }
  bool interactive() const override { return true; }
  SessionControl* control() override { return this; }

  // SessionControl
  void set_privilege(uint8_t level) override { privilege_ = level; }
  bool on_console() const override { return options_.console; }
  AccessRules& access() override { return access_; }
  SessionHost& host() override { return host_; }
  TerminalSettings& terminal() override { return settings_; }
  History& history(bool of_configuration) override { return of_configuration ? config_history_ : exec_history_; }
  void end_of_paste() override { paste_ended_ = true; }

 private:
  using Event = LineEditor::Event;
  static constexpr size_t kPromptSize = 120;
  enum class At : uint8_t { closed_line, login, open };
  enum class Asking : uint8_t { nothing, answer, lines, key };
  // Where the line that is run stands on the screen.
  struct Typed {
    std::string_view text;
    size_t column = 0;             // of its first visible character
    size_t first_visible = 0;      // byte that stands there
  };

  // session.cc: input and its owners
  Poll advance();
  bool fill();
  bool next_byte(uint8_t& b);
  bool next_event(Event& event);
  Poll page();
  bool looks_pasted() const;
  Poll wait_for_input();
  std::string_view ready_prompt(FixedWriter& to) const;
  void write_ready_prompt();
  void prepare_input();
  void take(Event event);
  void take_closed_line(Event event);
  Poll end_of_input();
  void show_taken(Event event);

  // session_open.cc: begin and end of a session, login
  void begin_session();
  void open(uint8_t privilege, std::string_view user);
  void end_session();
  void load_settings();
  void restart_idle_timer();

  // session_run.cc: one line
  void run_line(const Typed& typed);
  void run_shown(std::string_view text);
  bool begin_filter(const ModifiedLine& line);
  void settle(Outcome& outcome, const Position& before, const Typed& typed, size_t skipped);
  void take_collected(std::string_view text);
  void end_command();
  void leave_by_ctrl_z();
  bool takes_modifier(std::string_view line) const;
  struct Alias {                   // of the first word of a command line
    size_t at = 0, typed = 0, meant = 0;   // its place; its length as typed and in full, 0: no alias
  };
  Alias expand_alias(std::string_view line, Blob& to) const;
  RunOptions run_options() const;

  // session_ask.cc: dialogues, help and completion
  Poll run_dialogue(const std::string_view* answer);
  void end_dialogue();
  void cancel_dialogue();
  bool interrupted();
  void take_answer(std::string_view text);
  void take_key(uint8_t key);
  void begin_question(std::string_view prompt, Asking kind, Echo echo);
  void help(std::string_view line);
  void complete_word();

  std::string_view line_text() const { return options_.batch ? reader_.text() : editor_.text(); }
  bool line_too_long() const { return options_.batch ? reader_.too_long() : editor_.too_long(); }

  Engine& engine_;
  Terminal& terminal_;
  SessionHost& host_;
  AccessRules& access_;
  const SessionOptions options_;
  TerminalSettings settings_;
  Screen screen_;
  Pager pager_;
  Filter filter_;
  History exec_history_;
  History config_history_;
  LineEditor editor_;
  LineReader reader_;
  Timer idle_;

  At state_ = At::closed_line;
  Position at_;
  uint8_t privilege_ = 1;
  Text<64> user_;

  std::array<uint8_t, 4096> input_;
  size_t input_at_ = 0, input_end_ = 0;
  bool input_closed_ = false;      // end of input was read
  bool skip_newline_ = false;      // a CR was the line end: LF behind it is not another
  bool prompted_ = false;          // prompt and line are on the screen
  bool resume_ = false;            // the edited line is to be shown again below output of `?`
  size_t prompt_cells_ = 0;

  std::unique_ptr<Dialogue> dialogue_;
  LoginDialogue* login_ = nullptr;         // dialogue_, when it is the login
  bool dialogue_due_ = false;              // the task was woken: the dialogue looks at its jobs and timers
  Asking asking_ = Asking::nothing;
  Text<200> question_;
  Echo question_echo_ = Echo::on;
  int refusals_ = 0;               // answers in a row that were none
  bool collecting_ = false;        // a multi-line value is open in the engine
  bool literal_ctrl_c_ = false;    // of a banner whose delimiter is the real 0x03
  bool paste_ended_ = false;       // a `quit` may follow that is no command
  bool end_after_ = false;         // Ctrl-Z: `end` after the dialogue
  Text<256> file_;                 // of | redirect, tee, append
  bool ended_ = false;
};

}  // namespace parley::cli
