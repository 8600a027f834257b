// Tests of prompts and error texts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/prompt.h"

#include <string>

#include "cli/error_text.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

TEST_GROUP(Prompt) {
  Blob out;
  void check(std::string_view want) {
    STRCMP_EQUAL(std::string(want).c_str(), std::string(out.text()).c_str());
    out.clear();
  }
};

TEST(Prompt, LongNamesAreCutAtTwenty) {
  write_prompt(out, "Router", "(config-if)#");
  check("Router(config-if)#");
  write_prompt(out, "a2345678901234567890b", ">");
  check("a2345678901234567890>");
}

TEST(Prompt, PastedPromptsAreRecognised) {
  CHECK_EQUAL(size_t{3}, pasted_prompt("R1#show run", "R1"));
  CHECK_EQUAL(size_t{4}, pasted_prompt("R1# show run", "R1"));
  CHECK_EQUAL(size_t{15}, pasted_prompt("Router(config)#hostname x", "R1"));
  CHECK_EQUAL(size_t{7}, pasted_prompt("Router>enable", "R1"));
  CHECK_EQUAL(size_t{0}, pasted_prompt("R1#", "R1"));
  CHECK_EQUAL(size_t{0}, pasted_prompt("R1#  ", "R1"));
  CHECK_EQUAL(size_t{0}, pasted_prompt("R2#show", "R1"));
  CHECK_EQUAL(size_t{0}, pasted_prompt("R1(CONFIG)#show", "R1"));
  CHECK_EQUAL(size_t{0}, pasted_prompt("R1()#show", "R1"));
  CHECK_EQUAL(size_t{0}, pasted_prompt(" R1#show", "R1"));
}

TEST(Prompt, ErrorTexts) {
  print_error(out, Verdict::invalid, {"show runing-config", 15, true});
  check("               ^\n% Invalid input detected at '^' marker.\n\n");
  print_error(out, Verdict::incomplete, {"show ip", 0, true});
  check("% Incomplete command.\n\n");
  print_error(out, Verdict::ambiguous, {"sh i", 0, true});
  check("% Ambiguous command:  \"sh i\"\n");
  print_error(out, Verdict::unknown, {"foo", 0, true});
  check("Translating \"foo\"...domain server (255.255.255.255)\n"
        "% Unknown command or computer name, or unable to find computer address\n\n");
  print_error(out, Verdict::unknown, {"foo", 0, false});
  check("Translating \"foo\"\n% Unknown command or computer name, or unable to find computer address\n\n");
  print_help_error(out, Verdict::invalid, "zzz");
  check("% Unrecognized command\n");
  print_help_error(out, Verdict::ambiguous, "sh i");
  check("% Ambiguous command:  \"sh i\"\n");
  print_too_long(out, 254);
  check("% Line is longer than 254 characters, ignored\n");
}
