// Tests of sessions: batch and interactive, errors, dialogues, paste, paging.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/session_test_bench.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;
using bench::Bench;

namespace {
constexpr const char* kInvalid = "% Invalid input detected at '^' marker.\n\n";
std::string blanks(size_t n) { return std::string(n, ' '); }
}

TEST_GROUP(BatchSession) {
  Bench b;
  void setup() override {
    b.begin(true);
    STRCMP_EQUAL("Router>", b.terminal.take().c_str());
  }
  void check(std::string_view keys, std::string_view want) {
    STRCMP_EQUAL(std::string(want).c_str(), b.type(keys).c_str());
  }
  void enable() { check("enable\n", "enable\nRouter#"); }
  void configure() {
    enable();
    check("conf t\n", "conf t\nEnter configuration commands, one per line.  End with CNTL/Z.\nRouter(config)#");
  }
};

TEST(BatchSession, LooksLikeAConsoleLog) {
  configure();
  check("hostname R1\ninterface gi0/0\nshutdown\n",
        "hostname R1\nRouter(config)#interface gi0/0\nRouter(config-if)#shutdown\nRouter(config-if)#");
  check("exit\nend\n", "exit\nRouter(config)#end\n%SYS-5-CONFIG_I: Configured from console by console\nRouter#");
  LONGS_EQUAL(1, b.host.configured_count);
  b.terminal.close();
  b.world.settle();
  STRCMP_EQUAL("\n", b.terminal.take().c_str());
  CHECK(b.session->ended());
  LONGS_EQUAL(1, b.host.closed_count);
  b.session->message("last words");       // of a router that stops: no step follows
  STRCMP_EQUAL("last words\n", b.terminal.take().c_str());
}

TEST(BatchSession, ErrorTextsAndCarets) {
  enable();
  check("show runing-config\n", "show runing-config\n" + blanks(12) + "^\n" + kInvalid + "Router#");
  check("sh i\n", "sh i\n% Ambiguous command:  \"sh i\"\nRouter#");
  check("show\n", "show\n% Incomplete command.\n\nRouter#");
  check("foo\n", "foo\nTranslating \"foo\"...domain server (255.255.255.255)\n"
                 "% Unknown command or computer name, or unable to find computer address\n\nRouter#");
  b.host.lookup = false;
  check("foo\n", "foo\nTranslating \"foo\"\n% Unknown command or computer name, or unable to find computer address\n\nRouter#");
  check("zzz bar\n", "zzz bar\n" + blanks(7) + "^\n" + kInvalid + "Router#");
  check("  zzz bar\n", "  zzz bar\n" + blanks(9) + "^\n" + kInvalid + "Router#");
  check("\tzzz\tbar\r\n", " zzz bar\n" + blanks(8) + "^\n" + kInvalid + "Router#");
}

TEST(BatchSession, AliasIsTheFirstWordOfAnExecCommand) {
  enable();
  b.host.alias_name = "sl";
  b.host.alias_line = "show lines";
  const std::string want = b.type("show lines 2\n");
  check("sl 2\n", "sl 2" + want.substr(want.find('\n')));
  check("sl 3 | include 1\n", "sl 3 | include 1\nline 1\nRouter#");
  check("slx 2\n", "slx 2\n" + blanks(8) + "^\n" + kInvalid + "Router#");
  check("sl x\n", "sl x\n" + blanks(10) + "^\n" + kInvalid + "Router#");      // below the wrong word as typed
  b.host.alias_line = "show nothing of this";
  check("sl x\n", "sl x\n" + blanks(7) + "^\n" + kInvalid + "Router#");
  b.host.alias_name = "show";                                                   // a command keeps its own word
  check("show lines 2\n", want);
  b.host.alias_name = "sl";
  b.host.alias_line = "show lines";
  check("conf t\n", "conf t\nEnter configuration commands, one per line.  End with CNTL/Z.\nRouter(config)#");
  std::string in_config = want.substr(want.find('\n'));
  in_config.replace(in_config.rfind("Router#"), 7, "Router(config)#");
  check("do sl 2\n", "do sl 2" + in_config);
  check("sl 2\n", "sl 2\n" + blanks(16) + "^\n" + kInvalid + "Router(config)#");
}

TEST(BatchSession, CaretOfTheSpecification) {
  configure();
  check("logging 0255.255.1\n", "logging 0255.255.1\n" + blanks(23) + "^\n" + kInvalid + "Router(config)#");
}

TEST(BatchSession, LineEndsOfAllKinds) {
  check("enable\r\n\renable\r\r\n", "enable\nRouter#\nRouter#enable\nRouter#\nRouter#");
}

TEST(BatchSession, ByteOrderMarkAndNoise) {
  check("\xEF\xBB\xBF" "enable\n", "enable\nRouter#");
  check("en\x01" "able x\n", "en.able x\n" + blanks(9) + "^\n" + kInvalid + "Router#");
}

TEST(BatchSession, LongLinesAreDroppedWhole) {   // R-3.11
  configure();
  const std::string text(64 * 1024, 'a');
  b.type("description " + text + "\n");
  check("hostname R1\n", "hostname R1\nRouter(config)#");
  b.type("interface gi0/0\n");
  const std::string shown = b.type(text + "\n");
  CHECK(shown.ends_with("\n% Line is longer than 254 characters, ignored\nRouter(config-if)#"));
}

TEST(BatchSession, PastedPromptsAreTakenOff) {
  enable();
  check("Router#show privilege\n", "Router#show privilege\nCurrent privilege level is 15\nRouter#");
  check("Router# zzz bar\n", "Router# zzz bar\n" + blanks(15) + "^\n" + kInvalid + "Router#");
  check("terminal no paste-prompt\n", "terminal no paste-prompt\nRouter#");
  check("Router#show privilege\n", "Router#show privilege\n" + blanks(8) + "^\n" + kInvalid + "Router#");
}

TEST(BatchSession, HelpIsNotRun) {
  enable();
  check("show lines ?\n", "show lines ?\n  <1-1000>  Some lines\n\nRouter#");
  check("rel?\n", "rel?\nreload  \n\nRouter#");
  check("zz?\n", "zz?\n% Unrecognized command\nRouter#");
  check("show lines 3 ?\n", "show lines 3 ?\n  |  Output modifiers\n  <cr>\n\nRouter#");
  const std::string all = b.type("?\n");
  CHECK(all.starts_with("?\nExec commands:\n  ask"));
}

TEST(BatchSession, Modifiers) {
  enable();
  check("show lines 12 | include 1$\n", "show lines 12 | include 1$\nline 1\nline 11\nRouter#");
  check("sh lines 12 | c _1\n", "sh lines 12 | c _1\nNumber of lines which match regexp = 4\nRouter#");
  check("show lines 12 | frob 1\n", "show lines 12 | frob 1\n" + blanks(23) + "^\n" + kInvalid + "Router#");
  check("show lines 12 |\n", "show lines 12 |\n% Incomplete command.\n\nRouter#");
  check("show lins 12 | i x\n", "show lins 12 | i x\n" + blanks(15) + "^\n" + kInvalid + "Router#");
  check("show lines 2 | redirect flash:x\n", "show lines 2 | redirect flash:x\nRouter#");
  STRCMP_EQUAL("flash:x=line 1\nline 2\n", b.host.saved.c_str());
  check("show lines 2 | tee tftp:x\n", "show lines 2 | tee tftp:x\nline 1\nline 2\n%Error opening tftp:x (No such file system)\nRouter#");
  b.type("conf t\n");
  check("do show lines 1 | i 1\n", "do show lines 1 | i 1\nline 1\nRouter(config)#");
}

TEST(BatchSession, AnswersFollowInThePaste) {
  enable();
  check("ask\nyes\nshow privilege\n",
        "ask\n% Do you accept this certificate? [yes/no]: yes\nTrustpoint CA certificate accepted.\n"
        "Router#show privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(BatchSession, ThirdLineThatIsNoAnswerIsACommand) {
  enable();
  check("ask\nshow ip\nshow ip\nshow privilege\n",
        "ask\n% Do you accept this certificate? [yes/no]: show ip\n% Please answer 'yes' or 'no'.\n"
        "% Do you accept this certificate? [yes/no]: show ip\n% Please answer 'yes' or 'no'.\n"
        "% Do you accept this certificate? [yes/no]: show privilege\n% Command cancelled\n"
        "Router#show privilege\nCurrent privilege level is 15\nRouter#");
  STRCMP_EQUAL("cancelled", b.worker.last.c_str());
}

TEST(BatchSession, PasswordsAreNotShown) {
  enable();
  check("secret\n hush \nshow history\n",
        "secret\nPassword: \nRouter#show history\n  enable\n  secret\n  show history\nRouter#");
  STRCMP_EQUAL(" hush ", b.worker.last.c_str());
}

TEST(BatchSession, LinesForADialogue) {
  enable();
  check("pem\nMIIB\n\n?x?\nquit\n", "pem\nEnter the base 64 encoded CA certificate.\nMIIB\n\n?x?\nquit\nRouter#");
  STRCMP_EQUAL("MIIB||?x?|", b.worker.last.c_str());
}

TEST(BatchSession, ConfirmTakesTheFirstLetter) {
  enable();
  check("sure\nyes\n", "sure\nProceed with reload? [confirm]yes\nRouter#");
  STRCMP_EQUAL("y", b.worker.last.c_str());
  check("sure\n\n", "sure\nProceed with reload? [confirm]\nRouter#");
  STRCMP_EQUAL("Enter", b.worker.last.c_str());
}

TEST(BatchSession, InputWaitsWhileACommandWorks) {
  enable();
  check("work\nshow privilege\n", "work\n");
  b.worker.worked = true;
  b.session->wake();
  check("", "worked\nRouter#show privilege\nCurrent privilege level is 15\nRouter#");
}

TEST(BatchSession, EndOfInputInADialogue) {
  enable();
  b.type("ask\n");
  b.terminal.close();
  b.world.settle();
  CHECK(b.session->ended());
  STRCMP_EQUAL("cancelled", b.worker.last.c_str());
}

TEST(BatchSession, CertificateText) {
  configure();
  b.type("crypto pki certificate chain X\n");
  check("certificate 01\n30020500\n quit\n",
        "certificate 01\nEnter the certificate in hexidecimal representation....\n"
        "Router(config-pubkey)#30020500\nRouter(config-pubkey)# quit\nRouter(config-cert-chain)#");
  check("certificate 02\n3002\nhostname R1\n",
        "certificate 02\nEnter the certificate in hexidecimal representation....\n"
        "Router(config-pubkey)#3002\nRouter(config-pubkey)#hostname R1\n"
        "% Certificate data for serial 02 is invalid, ignored\nRouter(config)#");
}

TEST(BatchSession, QuitBehindACompletePasteIsNoCommand) {
  enable();
  check("pem\nMIIB\n-END-\n\nquit\n", "pem\nEnter the base 64 encoded CA certificate.\nMIIB\n-END-\nRouter#\nRouter#quit\nRouter#");
  check("pem\nMIIB\n-END-\nshow lines 1\n", "pem\nEnter the base 64 encoded CA certificate.\nMIIB\n-END-\nRouter#show lines 1\nline 1\nRouter#");
  check("quit\n", "quit\nRouter con0 is now available\n\nPress RETURN to get started.\nRouter>");
}

TEST(BatchSession, BannerText) {
  configure();
  check("banner motd #\n! hello ?\n#\n",
        "banner motd #\nEnter TEXT message.  End with the character '#'.\n! hello ?\n#\nRouter(config)#");
}

TEST(BatchSession, ControlZRunsTheLineAndLeaves) {
  configure();
  check("hostname R1\x1A", "hostname R1^Z\n%SYS-5-CONFIG_I: Configured from console by console\nRouter#");
  STRCMP_EQUAL("R1", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(BatchSession, ExitStartsAgain) {
  enable();
  check("exit\n", "exit\nRouter con0 is now available\n\nPress RETURN to get started.\nRouter>");
}

TEST(BatchSession, OutputFasterThanTheTerminal) {
  b.terminal.chunk = 3;
  enable();
  CHECK(b.type("show lines 1000\n").ends_with("line 999\nline 1000\nRouter#"));
}

TEST(BatchSession, MessagesBetween) {
  enable();
  b.session->message("%TEST-5-X: hello");
  check("", "\n%TEST-5-X: hello\nRouter#");
}

TEST(BatchSession, ConfigureAsks) {
  enable();
  check("configure\n\nend\n",
        "configure\nConfiguring from terminal, memory, or network [terminal]? \n"
        "Enter configuration commands, one per line.  End with CNTL/Z.\nRouter(config)#end\n"
        "%SYS-5-CONFIG_I: Configured from console by console\nRouter#");
}
