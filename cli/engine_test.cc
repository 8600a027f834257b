// The engine with small tables: matcher, caret, climbing, no / default, blocks, texts, printing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "CppUTest/TestHarness.h"
#include "cli/engine_test_tables.h"

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

namespace {
int verdict(const Outcome& o) { return static_cast<int>(o.verdict); }
int is(Verdict v) { return static_cast<int>(v); }
void be_quiet(Call& call) { call.out().put("less talk\n"); }
constexpr Row kQuiet[] = {action<&be_quiet>("quiet", "Less talk")};
const Module kMore = {"more", "a module with one command", {}, {}, {}, kQuiet, {}, nullptr, {}};
}  // namespace

TEST_GROUP(Engine) {
  Bench b;
  void ok(const char* line) {
    const Outcome out = b.run(line);
    if (out.verdict != Verdict::ok) FAIL((std::string(line) + ": " + std::string(out.text.view())).c_str());
  }
  void prints(const char* line) {
    const std::string text = "\n" + b.print();
    if (text.find("\n" + std::string(line) + "\n") == std::string::npos) FAIL((std::string(line) + " is not in" + text).c_str());
  }
  void prints_not(const char* part) {
    if (b.print().find(part) != std::string::npos) FAIL((std::string(part) + " is in\n" + b.print()).c_str());
  }
};

TEST(Engine, words_without_text_are_found) {
  Blob report;
  CHECK_FALSE(b.engine.check_tables(&report).has_value());
  const std::string text(report.text());
  CHECK(text.find("test: ip address {A.B.C.D MASK|dhcp}: no help text for 'dhcp'\n") != std::string::npos);
  CHECK(text.find("'hostname'") == std::string::npos);       // the row's own text
  CHECK(text.find("'crypto'") == std::string::npos);         // in the glossary
  CHECK(text.find("'addr'") == std::string::npos);           // never shown
}

TEST(Engine, fresh_router_prints_what_is_always_written) {
  STRCMP_EQUAL("encrypt password\nboot-start-marker\n!\ncontrol-plane\n!\n", b.print().c_str());
}

TEST(Engine, value_abbreviation_and_case) {
  ok("HOSTn Cube-1");
  prints("hostname Cube-1");
  CHECK_EQUAL(1, b.owner.applied);
  ok("no hostn");
  prints_not("hostname");
}

TEST(Engine, block_prints_one_blank_and_always_rows) {
  ok("capf-server");
  STRCMP_EQUAL("(config-capf-server)#", b.prompt().c_str());
  ok("auth-mode null");
  ok("source-addr addr 10.1.1.1");
  ok("trustpoint-label  tp1");
  CHECK(b.print().find("capf-server\n port 3804\n auth-mode null-string\n trustpoint-label tp1\n source-addr 10.1.1.1\n!\n") !=
        std::string::npos);
  ok("no auth-mode");
  prints_not("auth-mode");
  ok("no capf-server");
  STRCMP_EQUAL("(config)#", b.prompt().c_str());
  prints_not("capf-server");
}

TEST(Engine, errors_with_caret) {
  ok("capf-server");
  Outcome o = b.run(" port 1999");
  CHECK_EQUAL(is(Verdict::invalid), verdict(o));
  CHECK_EQUAL(6, o.offset);
  CHECK_EQUAL(is(Verdict::incomplete), verdict(b.run("port")));
  o = b.run("auth-mode nurse");
  CHECK_EQUAL(is(Verdict::invalid), verdict(o));
  CHECK_EQUAL(12, o.offset);                       // "nu" is shared with null-string
  o = b.run("port 2000 extra");
  CHECK_EQUAL(10, o.offset);
  o = b.run("zzz");
  CHECK_EQUAL(0, o.offset);
  o = b.run("auth-mode n");
  CHECK_EQUAL(is(Verdict::ambiguous), verdict(o));
  STRCMP_EQUAL("(config-capf-server)#", b.prompt().c_str());
}

TEST(Engine, exec_errors) {
  b.at.depth = 0;
  CHECK_EQUAL(is(Verdict::ambiguous), verdict(b.run("sh i")));
  CHECK_EQUAL(is(Verdict::incomplete), verdict(b.run("show")));
  CHECK_EQUAL(is(Verdict::unknown), verdict(b.run("foo")));
  Outcome o = b.run("zzz bar");
  CHECK_EQUAL(is(Verdict::invalid), verdict(o));
  CHECK_EQUAL(0, o.offset);
  o = b.run("show runing");
  CHECK_EQUAL(5, o.offset);
  CHECK_EQUAL(is(Verdict::ok), verdict(b.run("show ip")));
  STRCMP_EQUAL("shown\n", b.screen.text.c_str());
  CHECK_EQUAL(is(Verdict::ok), verdict(b.run("no debug all")));
  o = b.run("traceroute 10.1.1.1");
  CHECK_EQUAL(is(Verdict::refused), verdict(o));
  STRCMP_EQUAL("% 'traceroute' is not in this image", std::string(o.text.view()).c_str());
}

TEST(Engine, privilege_hides_commands) {
  b.at.depth = 0;
  b.options.privilege = 1;
  CHECK_EQUAL(is(Verdict::unknown), verdict(b.run("reload")));
  CHECK_EQUAL(is(Verdict::invalid), verdict(b.run("configure terminal")));
  CHECK_EQUAL(is(Verdict::ok), verdict(b.run("show ip")));
  b.options.privilege = 15;
  CHECK_EQUAL(is(Verdict::ok), verdict(b.run("conf t")));
  STRCMP_EQUAL("(config)#", b.prompt().c_str());
}

TEST(Engine, built_in_commands) {
  ok("voice service voip");
  ok("h323");
  STRCMP_EQUAL("(conf-serv-h323)#", b.prompt().c_str());
  ok("do show ip");
  STRCMP_EQUAL("(conf-serv-h323)#", b.prompt().c_str());
  ok("exit");
  STRCMP_EQUAL("(conf-voi-serv)#", b.prompt().c_str());
  ok("configure terminal");
  STRCMP_EQUAL("(config)#", b.prompt().c_str());
  CHECK_EQUAL(is(Verdict::left), verdict(b.run("exit")));
  STRCMP_EQUAL("#", b.prompt().c_str());
  CHECK_EQUAL(is(Verdict::left), verdict(b.run("logout")));
}

TEST(Engine, noise_and_comments) {
  for (const char* line : {"", "   ", "!", " ! text", "Building configuration...", "Current configuration : 123 bytes", "version 12.4",
                           "boot-end-marker", "\xef\xbb\xbf!"})
    CHECK_EQUAL(is(Verdict::empty), verdict(b.run(line)));
  CHECK_EQUAL(is(Verdict::ok), verdict(b.run("\xef\xbb\xbfhostname X\t \r")));
  prints("hostname X");
}

TEST(Engine, control_characters_are_no_text) {   // R-9.7
  const auto refused_at = [this](std::string_view line, size_t offset) {
    const Outcome out = b.run(line);
    CHECK(out.verdict == Verdict::invalid);
    LONGS_EQUAL(offset, out.offset);
  };
  b.paste("ephone 1\n");
  const std::string before = b.print();
  refused_at(std::string_view("speed-dial 1 22 labe\t\0x", 23), 21);
  refused_at(std::string_view("description a\0b", 15), 13);
  refused_at("description a\x1b[2J", 13);
  refused_at("description a\x7f", 13);
  b.paste("control-plane\n");
  refused_at(std::string_view(" free\0text", 10), 5);
  b.paste("service store-unknown\n");
  refused_at(std::string_view("router\0ospf", 11), 6);
  b.paste("no service store-unknown\nno control-plane\n");
  STRCMP_EQUAL(before.c_str(), b.print().c_str());
  STRCMP_EQUAL("", b.paste("banner motd \x03hello\x03\n").c_str());
}

TEST(Engine, climbs_when_the_parent_accepts_the_whole_line) {
  ok("dial-peer voice 1 voip");
  ok("voice service voip");
  ok("h323");
  ok("codec preference 2 g711u");
  STRCMP_EQUAL("(conf-voi-serv)#", b.prompt().c_str());
  CHECK_EQUAL(is(Verdict::invalid), verdict(b.run("codec preference 2 g722")));
  STRCMP_EQUAL("(conf-voi-serv)#", b.prompt().c_str());
  ok("hostname Y");
  STRCMP_EQUAL("(config)#", b.prompt().c_str());
}

TEST(Engine, lists_replace_remove_sort) {
  ok("load 7960-7940 P003");
  ok("load 7970 SCCP70");
  ok("load 7960-7940 P004");
  CHECK(b.print().find("load 7960-7940 P004\nload 7970 SCCP70\n") != std::string::npos);
  ok("no load 7960-7940");
  prints_not("7960");
  ok("voice service voip");
  ok("codec preference 8 g729r8");
  ok("codec preference 1 g711alaw");
  CHECK(b.print().find(" codec preference 1 g711alaw\n codec preference 8 g729r8\n") != std::string::npos);
}

TEST(Engine, flags) {
  ok("no encrypt password");
  prints("no encrypt password");
  ok("default encrypt password");
  prints("encrypt password");
  ok("voice service voip");
  ok("no supplementary-service h450.2");
  prints(" no supplementary-service h450.2");
  ok("srtp passthru");
  prints(" srtp pass-thru");
  ok("srtp");
  prints(" srtp");
  ok("no srtp fallback");
  prints_not("srtp");
  ok("revocation-check ocsp none");
  prints("revocation-check ocsp none");
  Outcome o = b.run("revocation-check crl crl");
  CHECK_EQUAL(is(Verdict::invalid), verdict(o));
  CHECK_EQUAL(21, o.offset);
  prints("revocation-check ocsp none");
}

TEST(Engine, groups_of_the_syntax) {
  ok("enrollment url http://10.1.1.1:80 pem");
  prints("enrollment url http://10.1.1.1:80 pem");
  ok("enrollment term pem");
  prints("enrollment terminal");
  ok("logging buffered debugging");
  prints_not("logging buffered");
  ok("logging buffered informational");
  prints("logging buffered 4096 informational");
  ok("logging buffered 9999");
  prints("logging buffered 9999 debugging");
  ok("key-options usage exportable modulus 1024 label a");
  prints("key-options usage label a modulus 1024 exportable");
  CHECK_EQUAL(is(Verdict::invalid), verdict(b.run("key-options usage label a label b")));
}

TEST(Engine, entries_of_blocks) {
  ok("ephone  2");
  ok("mac 00:0c:ce:3a:81:7c");
  ok("button 1:2 6o3,4");
  ok("password 0 Abc123");
  ok("ephone 1");
  ok("description  with  blanks inside ");
  CHECK(b.print().find("ephone  1\n description with  blanks inside\n!\nephone  2\n mac-address 000C.CE3A.817C\n button  1:2 6o3,4\n password 0 "
                       "Abc123\n!\n") != std::string::npos);
  CHECK_EQUAL(is(Verdict::invalid), verdict(b.run("dial-peer voice 3")));     // no type: the error of this mode
  STRCMP_EQUAL("(config-ephone)#", b.prompt().c_str());
  ok("exit");
  CHECK_EQUAL(is(Verdict::incomplete), verdict(b.run("dial-peer voice 3")));
  ok("dial-peer voice 3 pots");
  ok("destination-pattern .T");
  ok("dial-peer voice 3");
  prints("dial-peer voice 3 pots");
  prints(" destination-pattern .T");
  ok("no dial-peer voice 3");
  prints_not("dial-peer");
}

TEST(Engine, texts) {
  ok("card type e1 1 1");
  ok("card ty t1 2 2");
  prints("card type t1 2 2");
  prints_not("e1");
  ok("logging host 10.1.1.1");
  ok("logging 10.1.1.2");
  CHECK(b.print().find("logging 10.1.1.1\nlogging 10.1.1.2\n") != std::string::npos);
  ok("no logging 10.1.1.1");
  prints_not("10.1.1.1");
  ok("no network-clock-participate slot 1");
  prints("no network-clock-participate slot 1");
  ok("network-clock slot 1");
  prints_not("network");
  ok("interface gi0/0");
  ok("h323-gateway voip id GK1 ipaddr 10.1.1.1 1719");
  ok("h323-gateway voip id GK1 ipaddr 10.1.1.9");
  prints(" h323-gateway voip id GK1 ipaddr 10.1.1.9");
  prints_not("1719");
  ok("no interface GigabitEthernet 0/0");
  ok("interface gi0/0");
  prints_not("h323-gateway");
}

TEST(Engine, interfaces) {
  ok("interface g0/1");
  ok("ip address 10.1.1.1 255.255.255.0");
  ok("interface Loopback 0");
  ok("interface serial1/0:15");
  ok("interface gi0/0.10");
  STRCMP_EQUAL("(config-subif)#", b.prompt().c_str());
  CHECK(b.print().find("interface Loopback0\n no ip address\n!\ninterface GigabitEthernet0/0.10\n no ip address\n!\ninterface GigabitEthernet0/1\n "
                       "ip address 10.1.1.1 255.255.255.0\n!\ninterface Serial1/0:15\n no ip address\n!\n") != std::string::npos);
  Outcome o = b.run("ip address 10.1.1.1 255.0.255.0");
  CHECK_EQUAL(is(Verdict::refused), verdict(o));
  STRCMP_EQUAL("% Bad mask 0xFF00FF00 for address 10.1.1.1", std::string(o.text.view()).c_str());
}

TEST(Engine, refusal_changes_nothing) {
  ok("capf-server");
  ok("port 5000");
  const std::string before = b.print();
  Outcome o = b.run("port 6666");
  CHECK_EQUAL(is(Verdict::refused), verdict(o));
  STRCMP_EQUAL("% port was 5000", std::string(o.text.view()).c_str());
  o = b.run("forbidden 13");
  CHECK_EQUAL(is(Verdict::refused), verdict(o));
  STRCMP_EQUAL("% 13 is forbidden", std::string(o.text.view()).c_str());
  STRCMP_EQUAL("(config-capf-server)#", b.prompt().c_str());
  STRCMP_EQUAL(before.c_str(), b.print().c_str());
}

TEST(Engine, notices) {
  Outcome o = b.run("forbidden 12");
  CHECK_EQUAL(is(Verdict::ok), verdict(o));
  STRCMP_EQUAL("% Note: 'forbidden' is stored; its function is not in this image", std::string(o.text.view()).c_str());
  o = b.run("log password x");
  STRCMP_EQUAL("% Warning: the command 'log password' is deprecated and has no effect", std::string(o.text.view()).c_str());
  Blob pending;
  b.engine.print_pending(pending);
  CHECK(pending.text().find("forbidden <1-20>") != std::string_view::npos);
}

// `quit` is hidden in EXEC: it must not make the beginning of a shown command ambiguous.
TEST(Engine, hidden_rows_give_way) {
  b.at.depth = 0;
  b.engine.add(kMore, b.owner);
  ok("qu");
  CHECK(b.screen.text.find("less talk") != std::string::npos);
}

// Found by cli_line_fuzz: a line without any word.
TEST(Engine, nothing_is_completed_from_blanks) {
  for (const char* line : {"\r", "\t", " \r", ""}) CHECK(b.engine.complete(b.at, line, b.options).empty());
}

TEST(Engine, ranges_of_lines) {
  ok("line vty 0 4");
  ok("login");
  ok("line vty 5 15");
  ok("exec-timeout 5");
  ok("transport input none");
  const std::string two = "line vty 0 4\n!\nline vty 5 15\n exec-timeout 5\n transport input none\n!\n";
  CHECK(b.print().find(two) != std::string::npos);
  ok("line vty 2 3");
  ok("exec-timeout 7");
  CHECK(b.print().find("line vty 0 1\n!\nline vty 2 3\n exec-timeout 7\n!\nline vty 4\n!\nline vty 5 15\n") != std::string::npos);
  ok("default exec-timeout");
  CHECK(b.print().find(two) != std::string::npos);
  ok("line vty 0 15");
  ok("no login");
  CHECK(b.print().find("line vty 0 4\n no login\n!\nline vty 5 15\n no login\n") != std::string::npos);
  ok("line con 0");
  CHECK(b.print().find("line con 0\n!\nline vty 0 4\n") != std::string::npos);
  ok("login");
  prints(" login");
  ok("no line vty 5 15");
  prints_not("15");
}

TEST(Engine, free_bodies) {
  b.paste("controller E1 1/0\n pri-group timeslots 1-31\n  deeper 1\n description x\n no clock\ncontrol-plane\n service-policy a\nhostname Z\n");
  const std::string text = b.print();
  CHECK(text.find("controller E1 1/0\n pri-group timeslots 1-31\n  deeper 1\n description x\n no clock\n!\ncontrol-plane\n service-policy "
                  "a\n!\n") != std::string::npos);
  CHECK(text.find("hostname Z") != std::string::npos);
  b.paste(text);
  STRCMP_EQUAL(text.c_str(), b.print().c_str());
  b.paste("controller E1 1/0\nno description x\nframing crc4\n");    // without indentation
  CHECK(b.print().find("  deeper 1\n no clock\n framing crc4\n") != std::string::npos);
}

TEST(Engine, unknown_blocks_are_stored_on_request) {
  CHECK_EQUAL(is(Verdict::invalid), verdict(b.run("router ospf 1")));
  ok("service store-unknown");
  b.paste("router ospf 1\n network 10.0.0.0\n  area 0\nrouter bgp 2\nhostname A\n");
  CHECK(b.print().find("router ospf 1\n network 10.0.0.0\n  area 0\n!\nrouter bgp 2\n!\n") != std::string::npos);
  prints("hostname A");
  const std::string before = b.print();
  b.paste(before);
  STRCMP_EQUAL(before.c_str(), b.print().c_str());
  ok("no router ospf 1");
  prints_not("ospf");
}

TEST(Engine, actions) {
  ok("crypto key generate rsa exportable label CUBE modulus 1024");
  STRCMP_EQUAL("CUBE/1024x0", b.owner.last.c_str());
  ok("crypto key gen rsa usage");
  STRCMP_EQUAL("/20482", b.owner.last.c_str());
  ok("capf-server");
  ok("port 4444");
  ok("capf-tools");
  ok("regenerate");
  STRCMP_EQUAL("4444", b.owner.last.c_str());
  CHECK_EQUAL(is(Verdict::invalid), verdict(b.run("no regenerate")));
}

TEST(Engine, question_before_a_line_takes_effect) {
  ok("ephone 1");
  Outcome o = b.run("no ephone 1");
  CHECK(o.dialogue != nullptr);
  CHECK(o.dialogue->step(b.screen, nullptr) == Poll::pending);
  std::string_view answer = "no";
  CHECK(o.dialogue->step(b.screen, &answer) == Poll::done);
  prints("ephone  1");
  o = b.run("no ephone 1");
  CHECK(o.dialogue->step(b.screen, nullptr) == Poll::pending);
  answer = "yes";
  CHECK(o.dialogue->step(b.screen, &answer) == Poll::done);
  prints_not("ephone");
}

TEST(Engine, configure_is_like_a_typed_line) {
  ok("ephone 1");
  CHECK(b.engine.configure("ephone 1", "description set by us").has_value());
  prints(" description set by us");
  CHECK_FALSE(b.engine.configure("ephone 1", "descr").has_value());
  CHECK_FALSE(b.engine.configure("", "forbidden 13").has_value());
  STRCMP_EQUAL("(config-ephone)#", b.prompt().c_str());
}

TEST(Engine, startup_binds_all_then_applies_once) {
  b.options.startup = b.options.loading = true;
  ok("hostname A");
  ok("forbidden 13");
  ok("capf-server");
  CHECK_EQUAL(0, b.owner.applied);
  b.engine.finish_load(b.screen);
  CHECK_EQUAL(1, b.owner.applied);
  STRCMP_EQUAL("% 13 is forbidden\n", b.screen.text.c_str());
}

TEST(Engine, startup_entries_are_not_new_but_keep_the_rules) {
  const auto refused = [this](const char* line, const char* why) {
    const Outcome out = b.run(line);
    CHECK(out.verdict == Verdict::refused);
    STRCMP_EQUAL(why, std::string(out.text.view()).c_str());
  };
  refused("ephone 101", "% No phone 101");
  b.options.startup = b.options.loading = true;
  ok("ephone 101");
  refused("ephone 66", "% No phone 66");
  b.options.startup = b.options.loading = false;
  ok("ephone 101");
  ok("description was there");
}

TEST(Engine, position_survives_removal_by_another_session) {
  ok("ephone 1");
  Position other = b.at;
  CHECK(b.engine.configure("", "no ephone 1").has_value());
  Outcome o = b.engine.run(other, "hostname B", b.screen, b.options);
  CHECK_EQUAL(is(Verdict::ok), verdict(o));
  STRCMP_EQUAL("(config)#", std::string(b.engine.prompt(other)).c_str());
}

TEST(Engine, full_print_is_a_fixed_point) {
  b.paste("hostname A\nno encrypt password\nrevocation-check crl none\nenrollment url http://a/b pem\nlogging 10.1.1.1\n"
          "capf-server\n port 2222\nload a b\nload c d\nvoice service voip\n srtp fallback\n h323\n  emptycapability\n"
          "ephone 7\n mac 000c.ce3a.817c\n speed-dial 2 123 label some text\n codec g711\ndial-peer voice 5 voip\n no digit-strip\n"
          "interface gi0/0\n ip address dhcp\n shutdown\nline vty 0 4\n exec-timeout 0\nno network-clock-participate slot 1\n");
  const std::string once = b.print();
  Bench other;
  STRCMP_EQUAL("", other.paste(once).c_str());
  STRCMP_EQUAL(once.c_str(), other.print().c_str());
  STRCMP_EQUAL("", other.paste(once).c_str());
  STRCMP_EQUAL(once.c_str(), other.print().c_str());
  Blob block;
  Position at;
  Engine::enter_config(at);
  b.engine.run(at, "ephone 7", b.screen, b.options);
  b.engine.print_block(block, at, PrintScope::running);
  STRCMP_EQUAL("ephone  7\n mac-address 000C.CE3A.817C\n codec g711ulaw\n speed-dial 2 123 label some text\n!\n", std::string(block.text()).c_str());
}

TEST(Engine, all_shows_defaults) {
  ok("capf-server");
  const std::string all = b.print(PrintScope::all);
  CHECK(all.find("\n auth-mode none\n") != std::string::npos);
  CHECK(all.find("logging buffered 4096 debugging\n") != std::string::npos);
  CHECK(all.find("no service store-unknown\n") != std::string::npos);
}

TEST(Engine, a_list_that_is_given_replaces_its_default) {
  b.owner.values.checks.count = 1;                     // as a default of the record would
  ok("revocation-check none crl");
  prints("revocation-check none crl");
}

TEST(Engine, exact_word_of_a_parent_beats_an_abbreviation) {
  ok("ephone 1");
  ok("ephone-t 4");
  ok("ephone  2");
  prints(" ephone-template 4");
  prints("ephone  2");
  ok("no ephone-t");
  prints(" ephone-template 4");                       // of the other phone
  ok("ephone 1");
  ok("no ephone-t");
  prints_not("template");
}
