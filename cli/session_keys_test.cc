// Tests of sessions at a keyboard: RETURN, login, editing with help, paging, Ctrl-C, pastes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session_test_bench.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;
using bench::Bench;

#define MORE " --More-- "
#define ERASE "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"

TEST_GROUP(KeySession) {
  Bench b;
  void setup() override {
    b.rules.settings.privilege = 15;
    b.begin(false);
  }
  void check(std::string_view keys, std::string_view want) {
    STRCMP_EQUAL(std::string(want).c_str(), b.type(keys).c_str());
  }
  void open() { check("\r", "\nRouter#"); }
};

TEST(KeySession, ReturnBeginsTheSession) {
  CHECK(b.terminal.raw());
  b.session->notice("\nPress RETURN to get started!\n");
  check("", "\nPress RETURN to get started!\n");
  open();
  check("exit\r", "exit\nRouter con0 is now available\n\nPress RETURN to get started.\n");
  check("\r", "\nRouter#");
}

TEST(KeySession, NothingTypedBeforeReturnIsLost) {
  check("show privilege\rshow privilege\r", "\nRouter#show privilege\nCurrent privilege level is 15\n"
        "Router#show privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(KeySession, HelpRepeatsTheLine) {   // R-5.1
  open();
  check("show li?", "show li?\nlines  \n\nRouter#show li");
  check("nes ?", "nes ?\n  <1-1000>  Some lines\n\nRouter#show lines ");
  check("1\r", "1\nline 1\nRouter#");
}

TEST(KeySession, TabCompletes) {   // R-5.7
  open();
  check("show pr\t", "show pr\nRouter#show privilege ");
  check("\r", "\nCurrent privilege level is 15\nRouter#");
  check("show \t", "show \a");
  check("\x15", "\b\b\b\b\b     \b\b\b\b\b");
  check("more flash:sta\t", "more flash:sta\nRouter#more flash:start.cfg ");
}

TEST(KeySession, ControlCAndControlZ) {
  open();
  check("show\x03", "show^C\nRouter#");
  check("conf t\r", "conf t\nEnter configuration commands, one per line.  End with CNTL/Z.\nRouter(config)#");
  check("hostname R1\x1A", "hostname R1^Z\n%SYS-5-CONFIG_I: Configured from console by console\nRouter#");
  STRCMP_EQUAL("R1", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(KeySession, HistoriesOfExecAndConfigurationAreApart) {
  open();
  b.type("show privilege\rconf t\rhostname R1\r");
  check("\x10\r", "hostname R1\nRouter(config)#");
  b.type("end\r");
  check("\x10\x10\r", "conf t\b\b\b\b\b\bshow privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(KeySession, LongOutputIsPaged) {   // R-8.4
  b.rules.settings.length = 4;
  open();
  check("show lines 8\r", "show lines 8\nline 1\nline 2\nline 3\n" MORE);
  check("\r", ERASE "line 4\n" MORE);
  check(" ", ERASE "line 5\nline 6\nline 7\n" MORE);
  check("q", ERASE "Router#");
  check("show lines 4\r", "show lines 4\nline 1\nline 2\nline 3\n" MORE);
  check("\x03", ERASE "Router#");
  check("terminal length 0\r", "terminal length 0\nRouter#");
  CHECK(b.type("show lines 200\r").ends_with("line 200\nRouter#"));
}

TEST(KeySession, APasteBehindAPagedCommandIsNotEaten) {
  b.rules.settings.length = 4;
  open();
  const std::string shown = b.type("show lines 8\rshow privilege\r");
  CHECK(shown.ends_with("line 3\n" MORE ERASE "Router#show privilege\nCurrent privilege level is 15\nRouter#"));
}

TEST(KeySession, ConfirmIsOneKey) {
  open();
  check("sure\r", "sure\nProceed with reload? [confirm]");
  check("\r", "\nRouter#");
  STRCMP_EQUAL("Enter", b.worker.last.c_str());
  b.type("sure\r");
  check("y", "y\nRouter#");
  STRCMP_EQUAL("y", b.worker.last.c_str());
  b.type("sure\r");
  check("no\r", "n\nRouter#");                     // a pasted line counts as its first letter
  STRCMP_EQUAL("n", b.worker.last.c_str());
}

TEST(KeySession, QuestionsKnowNoHelpAndNoHistory) {   // R-6.7
  open();
  check("ask\r", "ask\n% Do you accept this certificate? [yes/no]: ");
  check("?\x10\t\r", "? \n% Please answer 'yes' or 'no'.\n% Do you accept this certificate? [yes/no]: ");
}

TEST(KeySession, ControlCCancelsAQuestion) {   // R-6.7
  open();
  b.type("ask\r");
  check("ye\x03", "ye^C\n\nRouter#");
  STRCMP_EQUAL("cancelled", b.worker.last.c_str());
}

TEST(KeySession, ControlCReachesAWorkingCommand) {
  open();
  check("work\rtyped ahead", "work\n");
  check("\x03show privilege\r", "\nRouter#show privilege\nCurrent privilege level is 15\nRouter#");
  STRCMP_EQUAL("cancelled", b.worker.last.c_str());
}

TEST(KeySession, TypedAheadIsKept) {
  open();
  check("work\rshow privilege\r", "work\n");
  b.worker.worked = true;
  b.session->wake();
  check("", "worked\nRouter#show privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(KeySession, PasswordsAreNotEchoed) {
  open();
  check("secret\r", "secret\nPassword: ");
  check("hush\x7F!\r", "\nRouter#");
  STRCMP_EQUAL("hus!", b.worker.last.c_str());
}

TEST(KeySession, MessagesRepeatTheLineWhenTheLineWantsIt) {   // R-8.8
  open();
  b.type("show");
  b.session->message("%TEST-5-X: hello");
  check("", "\n%TEST-5-X: hello\n");
  b.type("\x15show");
  b.rules.settings.logging_synchronous = true;
  b.session->message("%TEST-5-X: hello");
  check(" privilege\r", "\n%TEST-5-X: hello\nRouter#show privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(KeySession, ScrolledLinesMoveTheCaret) {   // R-4.11
  b.rules.settings.width = 30;
  open();
  const std::string shown = b.type("show privilege and several more words\r");
  // the caret stands below the '$' at the left: the first extra word has left the screen
  CHECK(shown.find("\n       ^\n% Invalid input") != std::string::npos);
}

TEST(KeySession, TabsInAPasteAreBlanks) {
  open();
  check("show\tprivilege\r", "show privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(KeySession, ABigPasteArrivesComplete) {
  open();
  std::string paste = "conf t\r";
  for (int i = 1; i <= 1000; ++i) paste += "load M" + std::to_string(i) + " file" + std::to_string(i) + "\r\n";
  b.terminal.chunk = 100;
  b.type(paste);
  LONGS_EQUAL(1000, b.owner.values.loads.size());
}

TEST(KeySession, AStuckTerminalStopsReading) {
  open();
  b.terminal.stuck = true;
  for (int i = 0; i < 50; ++i) b.type("show lines 1000\r");
  CHECK(session_arena().used() < 512 * 1024);
  b.terminal.stuck = false;
  b.session->wake();
  std::string shown = b.type("");
  for (int i = 0; i < 200 && !shown.empty(); ++i) shown = b.type("");
}

TEST(KeySession, IdleSessionsEnd) {
  b.rules.settings.exec_timeout = Seconds(60);
  open();
  b.world.run_for(Seconds(59));
  STRCMP_EQUAL("", b.terminal.take().c_str());
  b.world.run_for(Seconds(2));
  STRCMP_EQUAL("\nRouter con0 is now available\n\nPress RETURN to get started.\n", b.terminal.take().c_str());
}

TEST_GROUP(Login) {
  Bench b;
  void check(std::string_view keys, std::string_view want) {
    STRCMP_EQUAL(std::string(want).c_str(), b.type(keys).c_str());
  }
};

TEST(Login, UserAndPassword) {
  b.rules.kind = LoginKind::local;
  b.host.banner_text = "Welcome\n";
  b.begin(false);
  check("\r", "\nWelcome\n\nUser Access Verification\n\nUsername: ");
  check("admin\r", "admin\nPassword: ");
  check("wrong\r", "\n% Login invalid\n\nUsername: ");
  check("admin\r", "admin\nPassword: ");
  b.rules.slow = true;
  check("right\r", "\n");
  b.rules.slow = false;
  b.session->wake();
  check("", "Router#");                              // R-1.5
  STRCMP_EQUAL("admin", std::string(b.session->user()).c_str());
}

TEST(Login, ThreeFailuresCloseTheLine) {
  b.rules.kind = LoginKind::password;
  b.begin(false, false);
  b.type("\r");
  check("a\rb\rc\r", "\nPassword: \nPassword: \n% Bad passwords\n");
  CHECK(b.session->ended());
  LONGS_EQUAL(1, b.host.closed_count);
}

TEST(Login, AVtyWithoutPasswordIsRefused) {   // R-1.3
  b.rules.kind = LoginKind::no_password;
  b.begin(false, false);
  check("\r", "\n\nPassword required, but none set\n");
  CHECK(b.session->ended());
}

TEST(Login, EnableAsksForTheSecret) {
  b.rules.enable_kind = EnableKind::secret;
  b.begin(false);
  b.type("\r");
  check("enable\r", "enable\nPassword: ");
  check("x\ry\rz\r", "\nPassword: \nPassword: \n% Bad secrets\nRouter>");
  b.type("enable\r");
  check("right\r", "\nRouter#");
  check("disable\r", "disable\nRouter>");
}

TEST(Login, EnableOnAVtyWithoutSecret) {   // R-1.2
  b.begin(false, false);
  b.type("\r");
  check("enable\r", "enable\n% No password set\nRouter>");
}

TEST(Login, CommandsAboveTheLevelDoNotExist) {
  b.begin(false);
  b.type("\r");
  check("reload\r", "reload\nTranslating \"reload\"...domain server (255.255.255.255)\n"
        "% Unknown command or computer name, or unable to find computer address\n\nRouter>");
}
