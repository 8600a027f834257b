// Certificates, banners, help and running out of memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CppUTest/TestHarness.h"
#include "cli/engine_test_tables.h"
#include "platform/base/memory.h"

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

namespace {
int verdict(const Outcome& o) { return static_cast<int>(o.verdict); }
int is(Verdict v) { return static_cast<int>(v); }
}  // namespace

TEST_GROUP(Collect) {
  Bench b;
  void ok(const char* line) { CHECK_EQUAL(is(Verdict::ok), verdict(b.run(line))); }
  void goes_on(const char* line) { CHECK_EQUAL(is(Verdict::collecting), verdict(b.run(line))); }
};

TEST(Collect, certificate) {
  ok("crypto pki certificate chain myra");
  goes_on(" certificate ca 01");
  STRCMP_EQUAL("(config-pubkey)#", std::string(b.engine.collect_prompt(b.at)).c_str());
  STRCMP_EQUAL("Enter the certificate in hexidecimal representation....\n", b.screen.text.c_str());
  goes_on("  30 22 0102 03040506 0708090A 0B0C0D0E 0F101112 13141516 1718");
  goes_on("!");
  goes_on("  191A1B1C 1D1E1F20 2122");
  ok("  quit");
  STRCMP_EQUAL("(config-cert-chain)#", b.prompt().c_str());
  const char* text = "crypto pki certificate chain myra\n certificate ca 01\n"
                     "  30220102 03040506 0708090A 0B0C0D0E 0F101112 13141516 1718191A 1B1C1D1E\n  1F202122\n  quit\n!\n";
  CHECK(b.print().find(text) != std::string::npos);
  const std::string before = b.print();
  STRCMP_EQUAL("", b.paste(before).c_str());
  STRCMP_EQUAL(before.c_str(), b.print().c_str());
  ok("crypto pki certificate chain myra");
  ok("no certificate ca 01");
  CHECK(b.print().find("3022") == std::string::npos);
}

TEST(Collect, bad_certificates_change_nothing) {
  ok("crypto pki certificate chain myra");
  for (const char* hex : {"3003", "300", "0102", "...."}) {
    goes_on("certificate 0a");
    goes_on(hex);
    const Outcome o = b.run("quit");
    CHECK_EQUAL(is(Verdict::refused), verdict(o));
    STRCMP_EQUAL("% Certificate data for serial 0A is invalid, ignored", std::string(o.text.view()).c_str());
  }
  goes_on("certificate 0A");
  goes_on("30030102");
}

TEST(Collect, line_that_is_not_hex_is_run) {
  ok("crypto pki certificate chain myra");
  goes_on("certificate 04");
  goes_on("...........");
  goes_on("certificate ca 01");                     // the first is dropped, this one begins
  CHECK(b.screen.text.find("% Certificate data for serial 04 is invalid, ignored\n") != std::string::npos);
  goes_on("3002FFFF");
  ok("quit");
  CHECK(b.print().find(" certificate ca 01\n  3002FFFF\n  quit\n") != std::string::npos);
  CHECK(b.print().find("certificate 04") == std::string::npos);
}

TEST(Collect, end_of_input_is_quit) {
  ok("crypto pki certificate chain myra");
  goes_on("certificate 05");
  goes_on("30020101");
  Outcome o = b.engine.end_collect(b.at, b.screen, b.options);
  CHECK_EQUAL(is(Verdict::ok), verdict(o));
  CHECK_EQUAL(0, b.at.collector);
}

TEST(Collect, banner) {
  goes_on("banner motd #");
  STRCMP_EQUAL("Enter TEXT message.  End with the character '#'.\n", b.screen.text.c_str());
  goes_on("! not a comment");
  goes_on("  two");
  ok("three# ignored");
  const char* text = "banner motd ^C\n! not a comment\n  two\nthree^C\n";
  CHECK(b.print().find(text) != std::string::npos);
  STRCMP_EQUAL("", b.paste(b.print()).c_str());
  CHECK(b.print().find(text) != std::string::npos);
  ok("banner motd ^Cshort one^C");
  CHECK(b.print().find("banner motd ^Cshort one^C\n") != std::string::npos);
  ok("no banner motd");
  CHECK(b.print().find("banner") == std::string::npos);
}

TEST(Collect, cancelled) {
  goes_on("banner motd #");
  b.engine.cancel_collect(b.at);
  ok("hostname A");
  CHECK(b.print().find("banner") == std::string::npos);
}

TEST_GROUP(EngineHelp) {
  Bench b;
  HelpList list;
  std::string words(const char* line) {
    list = HelpList();
    const Verdict v = b.engine.help(b.at, line, b.options, list);
    if (v != Verdict::ok) return v == Verdict::ambiguous ? "ambiguous" : "unrecognized";
    std::string all;
    for (const std::string& w : list.words) all += w + " ";
    return all + (list.cr ? "<cr>" : "");
  }
};

TEST(EngineHelp, words) {
  STRCMP_EQUAL("capf-server card control-plane controller crypto ", words("c").c_str());
  STRCMP_EQUAL("unrecognized", words("xyz").c_str());
  STRCMP_EQUAL("ambiguous", words("e 1 ").c_str());
  STRCMP_EQUAL("<1-1000> ", words("ephone ").c_str());
  STRCMP_EQUAL("selfsigned terminal url <cr>", words("enrollment ").c_str());
  STRCMP_EQUAL("exportable label modulus <cr>", words("crypto key generate rsa usage-keys ").c_str());
  STRCMP_EQUAL("exportable modulus <cr>", words("crypto key generate rsa label x ").c_str());
  STRCMP_EQUAL("debugging informational <4096-2147483647> <cr>", words("logging buffered ").c_str());
  STRCMP_EQUAL("<cr>", words("hostname x ").c_str());
}

TEST(EngineHelp, descriptions) {
  (void)words("");
  CHECK(list.texts.find("hostname=Name of this router;") != std::string::npos);
  CHECK(list.texts.find("crypto=Keys and certificates;") != std::string::npos);
  CHECK(list.texts.find("no=Negate a command or set its defaults;") != std::string::npos);
  CHECK(list.texts.find("capf-tools") == std::string::npos);
  (void)words("no ");
  CHECK(list.texts.find("hostname") != std::string::npos);
  CHECK(list.texts.find("crypto=") != std::string::npos);         // the chain can be removed
  STRCMP_EQUAL("pki ", words("no crypto ").c_str());
  STRCMP_EQUAL("all ", words("do no debug ").c_str());
  STRCMP_EQUAL("<cr>", words("no key config-key ").c_str());
}

TEST(EngineHelp, completion) {
  STRCMP_EQUAL("hostname", std::string(b.engine.complete(b.at, "host", b.options)).c_str());
  STRCMP_EQUAL("", std::string(b.engine.complete(b.at, "c", b.options)).c_str());
  STRCMP_EQUAL("chain", std::string(b.engine.complete(b.at, "crypto pki certificate ch", b.options)).c_str());
  STRCMP_EQUAL("interfaces", std::string(b.engine.complete(b.at, "do show int", b.options)).c_str());
}

TEST_GROUP(EngineMemory) {
  void teardown() override { Arena::fail_from(0); }
};

// Every allocation of a line fails once: refused, and the configuration is as before.
TEST(EngineMemory, refused_lines_change_nothing) {
  const char* lines[] = {"load x y", "ephone 9", "hostname OTHER", "logging 10.9.9.9", "line vty 3 8", "no load a", "no ephone 1", "router 1"};
  for (const char* line : lines) {
    for (uint64_t n = 1; n < 40; ++n) {
      Bench b;
      b.paste("service store-unknown\nload a b\nephone 1\n description d\nline vty 0 4\n");
      b.run("configure terminal");
      b.options.confirmed = true;
      const std::string before = b.print();
      const int applied = b.owner.applied;
      Arena::fail_from(n);
      const Outcome o = b.run(line);
      Arena::fail_from(0);
      if (o.verdict == Verdict::ok) break;
      CHECK_EQUAL(is(Verdict::refused), verdict(o));
      CHECK_EQUAL(applied, b.owner.applied);
      if (std::string(line) != "line vty 3 8") STRCMP_EQUAL(before.c_str(), b.print().c_str());
    }
  }
}
