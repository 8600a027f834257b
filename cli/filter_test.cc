// Tests of output filters.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/filter.h"

#include <string>

#include "platform/base/memory.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

namespace {
constexpr std::string_view kConfig =
    "hostname R1\n"
    "!\n"
    "interface GigabitEthernet0/0\n"
    " ip address 10.1.1.1 255.255.255.0\n"
    " duplex auto\n"
    "!\n"
    "voice service voip\n"
    " sip\n"
    "  bind all\n"
    " h323\n"
    "end\n";
}

TEST_GROUP(Filter) {
  Arena arena{"test", 1 << 20};
  Blob out;
  Filter filter{out, arena};

  std::string run(Modifier m, std::string_view expression, std::string_view text = kConfig) {
    out.clear();
    CHECK(filter.start(m, expression).has_value());
    for (size_t i = 0; i < text.size(); i += 7) filter.write(text.substr(i, 7));   // in pieces
    filter.finish();
    CHECK_FALSE(filter.active());
    return std::string(out.text());
  }
};

TEST(Filter, IncludeAndExclude) {
  STRCMP_EQUAL("hostname R1\n", run(Modifier::include, "^host").c_str());
  STRCMP_EQUAL(" sip\n  bind all\n h323\n", run(Modifier::exclude, "^[!a-z]|0\\.|duplex").c_str());
  STRCMP_EQUAL("", run(Modifier::include, "HOSTNAME").c_str());
}

TEST(Filter, BeginPrintsFromTheFirstMatch) {
  STRCMP_EQUAL(" h323\nend\n", run(Modifier::begin, "h323").c_str());
  STRCMP_EQUAL("", run(Modifier::begin, "nothing").c_str());
}

TEST(Filter, SectionPrintsTheBlockBelowAMatch) {
  STRCMP_EQUAL("voice service voip\n sip\n  bind all\n h323\n", run(Modifier::section, "^voice").c_str());
  STRCMP_EQUAL(" sip\n  bind all\n", run(Modifier::section, "sip").c_str());
  STRCMP_EQUAL("hostname R1\n!\n!\nend\n", run(Modifier::section_exclude, "^(voice|interface)").c_str());
}

TEST(Filter, Count) {
  STRCMP_EQUAL("Number of lines which match regexp = 2\n", run(Modifier::count, "!").c_str());
}

TEST(Filter, UnderscoreIsADelimiter) {   // and itself
  STRCMP_EQUAL("%SYS-5-CONFIG_I: x\n", run(Modifier::include, "CONFIG_I", "%SYS-5-CONFIG_I: x\n").c_str());
  STRCMP_EQUAL("10\n(10)\na,10 b\n", run(Modifier::include, "_10_", "10\n100\n(10)\na,10 b\nx10\n").c_str());
  STRCMP_EQUAL("a_b\n", run(Modifier::include, "a[_]b", "a_b\na b\n").c_str());
  STRCMP_EQUAL("a_b\n", run(Modifier::include, "a\\_b", "a_b\na b\n").c_str());
}

TEST(Filter, BracesAndBackReferencesAreOrdinary) {
  STRCMP_EQUAL("a{3}\n", run(Modifier::include, "a{3}", "aaa\na{3}\n").c_str());
  STRCMP_EQUAL("a1\n", run(Modifier::include, "(a)\\1", "aa\na1\n").c_str());
}

TEST(Filter, BlanksAreLiteral) {
  STRCMP_EQUAL("a  b\n", run(Modifier::include, "a  b", "a b\na  b\n").c_str());
}

TEST(Filter, ABrokenExpressionIsAFault) {
  CHECK_FALSE(filter.start(Modifier::include, "[").has_value());
  CHECK_FALSE(filter.active());
}

TEST(Filter, TeeShowsAndKeeps) {
  STRCMP_EQUAL("a\nb\n", run(Modifier::tee, "flash:x", "a\nb\n").c_str());
  STRCMP_EQUAL("a\nb\n", std::string(filter.take_file().text()).c_str());
  STRCMP_EQUAL("", run(Modifier::redirect, "flash:x", "a\nb\n").c_str());
  STRCMP_EQUAL("a\nb\n", std::string(filter.take_file().text()).c_str());
}
