// Tests of screen cells.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/cells.h"

#include <string>

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

TEST_GROUP(Cells) {
  static std::string shown(std::string_view text) {
    char buffer[200];
    FixedWriter w(buffer);
    write_cells(w, text);
    return std::string(w.view());
  }
};

TEST(Cells, PlainTextIsItself) {
  STRCMP_EQUAL("show run", shown("show run").c_str());
  CHECK_EQUAL(size_t{8}, cell_count("show run"));
}

TEST(Cells, TabsAreBlanksAndNoiseIsDots) {
  STRCMP_EQUAL("a b.c..", shown("a\tb\x01" "c\x7F\xFF").c_str());
  CHECK_EQUAL(size_t{7}, cell_count("a\tb\x01" "c\x7F\xFF"));
}

TEST(Cells, Utf8IsOneCellPerCharacter) {
  STRCMP_EQUAL("\xC3\xA9\xE2\x82\xAC", shown("\xC3\xA9\xE2\x82\xAC").c_str());
  CHECK_EQUAL(size_t{2}, cell_count("\xC3\xA9\xE2\x82\xAC"));
  STRCMP_EQUAL("..", shown("\xC2\x9B").c_str());      // C1 control: never sent to a terminal
  STRCMP_EQUAL(".", shown("\xE2").c_str());
}

TEST(Cells, StepsBothWays) {
  const std::string_view text = "a\xC3\xA9z";
  CHECK_EQUAL(size_t{1}, next_cell(text, 0));
  CHECK_EQUAL(size_t{3}, next_cell(text, 1));
  CHECK_EQUAL(size_t{1}, previous_cell(text, 3));
  CHECK_EQUAL(size_t{0}, previous_cell(text, 1));
  CHECK_EQUAL(size_t{0}, previous_cell(text, 0));
}
