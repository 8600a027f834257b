// Tests of the layouts of `?`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/help_view.h"

#include <string>

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

TEST_GROUP(HelpView) {
  HelpView view{general_arena()};
  Blob out;
  void check(std::string_view want) { STRCMP_EQUAL(std::string(want).c_str(), std::string(out.text()).c_str()); }
};

TEST(HelpView, WordsInColumns) {
  view.item({"configure", "Enter configuration mode", false});
  view.item({"connect", "Open a connection", false});
  view.print_words(out, 80);
  check("configure  connect  \n");
}

TEST(HelpView, ColumnsBreakAtTheWidth) {
  for (const char* w : {"one", "two", "three", "four", "five"}) view.item({w, "", false});
  view.print_words(out, 21);
  check("one    two    three  \nfour   five  \n");
}

TEST(HelpView, LinesWithDescriptions) {
  view.item({"secondary", "Make it a second address", false});
  view.item({"<1-25>", "A number", true});
  view.complete();
  view.print_lines(out);
  check("  secondary  Make it a second address\n  <1-25>     A number\n  <cr>\n");
}
