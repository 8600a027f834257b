// Tests of configuration text that nobody types, and of the running-config text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/feed.h"

#include "cli/session_test_bench.h"
#include "cli/show_running.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;
using bench::Bench;

namespace {
struct Idle final : Task {
  explicit Idle(Scheduler& s) : Task(s, "idle") {}
  Poll step() override { return Poll::pending; }
};
}

TEST_GROUP(Feed) {
  Bench b;
  Idle task{b.world.scheduler};
  Blob report;
  uint32_t refused = 0;

  std::string feed(std::string_view text, bool startup = false) {
    report.clear();
    FeedOptions options;
    options.startup = startup;
    options.hostname = "R1";
    Feed f(b.engine, task, text, report, options);
    while (f.run(3) == Poll::again) {}
    refused = f.refused();
    return std::string(report.text());
  }
  std::string running() {
    Blob text;
    CHECK(render_running(b.engine, RunningHead{}, PrintScope::running, text).has_value());
    return std::string(text.text());
  }
};

TEST(Feed, GoodLinesAreSilent) {
  STRCMP_EQUAL("", feed("!\r\nhostname R1\r\n\r\ninterface gi0/0\n shutdown\nend\n!\n").c_str());
  CHECK(running().find("interface GigabitEthernet0/0\n no ip address\n shutdown\n!\n") != std::string::npos);
  LONGS_EQUAL(0, refused);
}

TEST(Feed, ErrorsNameTheLine) {
  STRCMP_EQUAL(("Line 2: zoo bar\n" + std::string(8, ' ') + "^\n% Invalid input detected at '^' marker.\n\n"
                "Line 3: hostname\n% Incomplete command.\n\n").c_str(),
               feed("\xEF\xBB\xBF!\rzoo bar\rhostname\rhostname R2").c_str());
  LONGS_EQUAL(2, refused);
  STRCMP_EQUAL("R2", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(Feed, CapturedPromptsAreTakenOff) {
  STRCMP_EQUAL("", feed("R1(config)#hostname X\n").c_str());
  STRCMP_EQUAL("X", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(Feed, LinesBehindEndAreNotRun) {
  STRCMP_EQUAL("Line 3: hostname X\n% Lines behind 'end' are ignored\n", feed("hostname A\nend\nhostname X\nhostname Y\n").c_str());
  STRCMP_EQUAL("A", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(Feed, CertificateWithoutQuitGoesOnWithTheNextCommand) {
  STRCMP_EQUAL("Line 4: hostname A\n% Certificate data for serial 01 is invalid, ignored\n",
               feed("crypto pki certificate chain X\n certificate 01\n  3002\nhostname A\n").c_str());
  STRCMP_EQUAL("A", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(Feed, NothingIsAsked) {
  STRCMP_EQUAL("Line 2: do ask\n% Command cancelled\n", feed("hostname A\ndo ask\nhostname B\n").c_str());
  STRCMP_EQUAL("B", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(Feed, VeryLongLinesAreDropped) {
  STRCMP_EQUAL("Line 1: % Line is longer than 4096 characters, ignored\n",
               feed("hostname " + std::string(65536, 'x') + "\nhostname B\n").c_str());
  STRCMP_EQUAL("B", std::string(b.owner.values.hostname.view()).c_str());
}

TEST(Feed, StartupVerifiesOnceAtTheEnd) {
  const std::string text = feed("forbidden 13\nhostname A\n", true);
  CHECK(text.ends_with("% 13 is forbidden\n"));
  LONGS_EQUAL(1, b.owner.applied);
}

TEST(Feed, RunningConfigIsReadBack) {
  feed("hostname A\nephone 1\n description two  blanks\n mac-address 0012.4302.A7CC\nbanner motd #\nline one\n! two\n#\n");
  const std::string once = running();
  STRCMP_EQUAL("", feed(once).c_str());
  STRCMP_EQUAL(once.c_str(), running().c_str());
}

TEST(Feed, RunningConfigHead) {
  feed("hostname A\ninterface gi0/0\nexit\n");
  RunningHead head;
  head.changed_at = Text<64>("12:00:01 UTC Sat Nov 21 2026");
  head.changed_by = Text<64>("admin");
  Blob body, shown, block;
  CHECK(render_running(b.engine, head, PrintScope::running, body).has_value());
  CHECK(body.text().starts_with("!\n! Last configuration change at 12:00:01 UTC Sat Nov 21 2026 by admin\n!\nversion 1.0\n"));
  CHECK(body.text().ends_with("\nend\n"));
  RunningText pieces(b.engine, PrintScope::running);
  while (!pieces.step(head, shown, 1)) continue;
  STRCMP_EQUAL(std::string(body.text()).c_str(), std::string(shown.text()).c_str());
  CHECK(show_block(body.text(), "interface GigabitEthernet0/0", block));
  STRCMP_EQUAL("Building configuration...\n\nCurrent configuration : 50 bytes\n!\ninterface GigabitEthernet0/0\n no ip address\nend\n",
               std::string(block.text()).c_str());
  CHECK_FALSE(show_block(body.text(), "interface Loopback0", block));
}

TEST(Feed, StartupConfig) {
  show_startup(nullptr, report);
  STRCMP_EQUAL("startup-config is not present\n", std::string(report.text()).c_str());
  report.clear();
  const std::string_view text = "!\nend\n";
  show_startup(&text, report);
  STRCMP_EQUAL("Using 6 out of 262136 bytes\n!\nend\n", std::string(report.text()).c_str());
}
