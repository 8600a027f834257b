// Commands about the session itself.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/builtin.h"

#include "cli/engine.h"
#include "cli/login.h"
#include "cli/row.h"
#include "cli/session_control.h"

namespace parley::cli {
namespace {

struct Level { uint8_t level = 15; };
struct UserLevel { uint8_t level = 1; };
struct Number { uint16_t value = 0; };

// Without a secret the console is let in; a vty never was.
void enable(Call& call, const Level& a) {
  SessionControl* session = call.console->control();
  if (session == nullptr) return;
  if (a.level <= call.console->privilege()) {
    session->set_privilege(a.level);
    return;
  }
  const EnableKind kind = session->access().enable(a.level);
  if (kind != EnableKind::none) {
    call.start(std::make_unique<EnableDialogue>(session->access(), kind, a.level));
  } else if (session->on_console()) {
    session->set_privilege(a.level);
  } else {
    call.out().put("% No password set\n");
  }
}

void disable(Call& call, const UserLevel& a) {
  SessionControl* session = call.console->control();
  if (session != nullptr && a.level <= call.console->privilege()) session->set_privilege(a.level);
}

// `configure` alone.
class ConfigureDialogue final : public Dialogue {
 public:
  explicit ConfigureDialogue(Position& at) : at_(at) {}
  Poll step(Console& console, const std::string_view* answer) override {
    if (answer == nullptr) {
      if (!asked_) console.ask("Configuring from terminal, memory, or network [terminal]? ");
      asked_ = true;
      return Poll::pending;
    }
    if (answer->empty() || starts_nocase("terminal", *answer)) {
      console.put("Enter configuration commands, one per line.  End with CNTL/Z.\n");
      Engine::enter_config(at_);
    } else if (starts_nocase("memory", *answer)) {
      console.put("% Use 'configure memory'\n");
    } else if (starts_nocase("network", *answer)) {
      console.put("% Use 'copy <url> running-config'\n");
    } else {
      console.put("?Must be \"terminal\", \"memory\" or \"network\"\n");
    }
    return Poll::done;
  }

 private:
  Position& at_;           // of the session, which outlives its dialogue
  bool asked_ = false;
};

void configure(Call& call) {
  if (call.console->control() != nullptr && call.at != nullptr) call.start(std::make_unique<ConfigureDialogue>(*call.at));
}

void help(Call& call) {
  call.out().put(
      "A question mark shows what can come next, at any place of a command:\n"
      "  show ?      after a blank: every next word, with its meaning\n"
      "  sh?         directly behind letters: the words that begin with them\n"
      "Words may be cut to any beginning that is unique; TAB completes them.\n"
      "If nothing fits, nothing is listed: erase letters until something does.\n");
}

void terminal_length(Call& call, const Number& a) {
  if (SessionControl* s = call.console->control()) s->terminal().length = a.value;
}
void terminal_width(Call& call, const Number& a) {
  if (SessionControl* s = call.console->control()) s->terminal().width = a.value;
}
void terminal_history(Call& call, const Number& a) {
  SessionControl* s = call.console->control();
  if (s == nullptr) return;
  s->history(false).set_size(a.value);
  s->history(true).set_size(a.value);
}
template <bool kOn> void terminal_monitor(Call& call) {
  SessionControl* s = call.console->control();
  if (s == nullptr) return;
  if (s->on_console() && kOn) call.out().put("% Console already monitors\n");
  else s->terminal().monitor = kOn;
}
template <bool kOn> void terminal_paste_prompt(Call& call) {
  if (SessionControl* s = call.console->control()) s->terminal().paste_prompt = kOn;
}

void show_history(Call& call) {
  SessionControl* s = call.console->control();
  if (s == nullptr) return;
  const History& h = s->history(false);
  for (size_t i = 0; i < h.size(); ++i) call.out().put("  ").put(h.line(i)).put('\n');
}

void show_terminal(Call& call) {
  SessionControl* s = call.console->control();
  if (s == nullptr) return;
  const TerminalSettings& t = s->terminal();
  call.out().put("Line ").put(call.console->line_name()).put(", privilege level ").dec(call.console->privilege()).put('\n');
  call.out().put("Length: ").dec(t.length).put(" lines, Width: ").dec(t.width).put(" columns\n");
  call.out().put("History is ").put(s->history(false).limit() != 0 ? "enabled" : "disabled");
  call.out().put(", history size is ").dec(static_cast<int64_t>(s->history(false).limit())).put(".\n");
  if (!s->on_console()) call.out().put("Log messages are ").put(t.monitor ? "shown" : "not shown").put(" (terminal monitor)\n");
  call.out().put("Pasted prompts are ").put(t.paste_prompt ? "taken off" : "kept").put('\n');
}

void show_privilege(Call& call) {
  call.out().put("Current privilege level is ").dec(call.console->privilege()).put('\n');
}

constexpr Row kRows[] = {
    privilege(0, action<&enable>("enable [<0-15>]", "Turn on privileged commands", &Level::level)),
    privilege(0, action<&disable>("disable [<0-15>]", "Turn off privileged commands", &UserLevel::level)),
    privilege(15, action<&configure>("configure", "Enter configuration mode")),
    privilege(0, action<&help>("help", "How the help of this command line works")),
    action<&terminal_length>("terminal length <0-512>", "Lines of a page; 0: no paging", &Number::value),
    action<&terminal_width>("terminal width <0-512>", "Characters of a screen line; 0: no limit", &Number::value),
    action<&terminal_history>("terminal history size <0-256>", "How many lines are remembered", &Number::value),
    action<&terminal_monitor<true>>("terminal monitor", "Show log messages in this session"),
    action<&terminal_monitor<false>>("terminal no monitor", "Do not show log messages in this session"),
    action<&terminal_paste_prompt<true>>("terminal paste-prompt", "Take prompts off pasted lines (default)"),
    action<&terminal_paste_prompt<false>>("terminal no paste-prompt", "Take pasted lines as they are"),
    action<&show_history>("show history", "Lines typed in this session"),
    action<&show_terminal>("show terminal", "Settings of this session"),
    action<&show_privilege>("show privilege", "Current privilege level"),
};

constexpr Gloss kGlossary[] = {
    {"history", "Lines typed in this session"},
    {"no", "Turn off"},
    {"show", "Show running system information"},
    {"terminal", "Settings of this session"},
};

class Nothing final : public Instance {
 public:
  void* config() override { return &none_; }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}

 private:
  uint32_t none_ = 0;
};

std::unique_ptr<Instance> create(Env&) { return make_session_commands(); }

}  // namespace

std::unique_ptr<Instance> make_session_commands() { return std::make_unique<Nothing>(); }

const Module kSessionCommands = {
    "session", "Commands about the session itself", {}, {}, {}, kRows, {}, &create, kGlossary,
};

}  // namespace parley::cli
