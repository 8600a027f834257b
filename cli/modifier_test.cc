// Tests of output modifiers as text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/modifier.h"

#include <string>

#include "cli/help_view.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

TEST_GROUP(Modifier) {
  static std::string argument(std::string_view line) { return std::string(split_modifier(line).argument); }
};

TEST(Modifier, EachWordMayBeCut) {
  CHECK(split_modifier("show run | i x").modifier == Modifier::include);
  CHECK(split_modifier("show run | EXC x").modifier == Modifier::exclude);
  CHECK(split_modifier("show run |b x").modifier == Modifier::begin);
  CHECK(split_modifier("show run | c x").modifier == Modifier::count);
  CHECK(split_modifier("show run | a flash:x").modifier == Modifier::append);
  STRCMP_EQUAL("show run ", std::string(split_modifier("show run | i x").command).c_str());
}

TEST(Modifier, TheRestIsTheExpression) {
  STRCMP_EQUAL("ip  address | foo", argument("show run | i  ip  address | foo ").c_str());
  STRCMP_EQUAL("h323", argument("show run | section h323").c_str());
  CHECK(split_modifier("show run | s e h323").modifier == Modifier::section_exclude);
  STRCMP_EQUAL("h323", argument("show run | s inc h323").c_str());
  STRCMP_EQUAL("include", argument("show run | section include").c_str());
}

TEST(Modifier, MistakesHaveTheirPlace) {
  CHECK(split_modifier("show run |").verdict == Verdict::incomplete);
  CHECK(split_modifier("show run | include").verdict == Verdict::incomplete);
  const ModifiedLine m = split_modifier("show run | inx foo");
  CHECK(m.verdict == Verdict::invalid);
  CHECK_EQUAL(13, m.offset);
  CHECK_FALSE(split_modifier("show run|i x").has_bar);
}

TEST(Modifier, HelpAndTab) {
  HelpView all(general_arena()), some(general_arena()), behind(general_arena());
  CHECK(help_on_modifier("show run | ", all) == Verdict::ok);
  Blob text;
  all.print_words(text, 80);
  STRCMP_EQUAL("append    begin     count     exclude   include   redirect  section   tee  \n", std::string(text.text()).c_str());
  CHECK(help_on_modifier("show run | x", some) == Verdict::invalid);
  CHECK(help_on_modifier("show run | s ", behind) == Verdict::ok);
  STRCMP_EQUAL("include", std::string(complete_modifier("show run | in")).c_str());
  STRCMP_EQUAL("", std::string(complete_modifier("show run | in ")).c_str());
}
