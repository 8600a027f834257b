// Tests of paging.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pager.h"

#include <string>

#include "platform/base/memory.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

#define MORE " --More-- "
#define ERASE "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b"

TEST_GROUP(Pager) {
  Arena arena{"test", 1 << 20};
  Blob out;
  Pager pager{out, arena};
  void setup() override {
    pager.set_screen(4, 10);       // three lines, then the question
    pager.new_page();
  }
  void check(std::string_view want) {
    STRCMP_EQUAL(std::string(want).c_str(), std::string(out.text()).c_str());
    out.clear();
  }
  void key(char c) { pager.key(static_cast<uint8_t>(c)); }
};

TEST(Pager, AFullPageAsksOnlyWhenMoreComes) {
  pager.write("1\n2\n3\n");
  CHECK_FALSE(pager.holding());
  check("1\n2\n3\n");
  pager.write("4");
  CHECK(pager.holding());
  check(MORE);
}

TEST(Pager, BlankIsAPageEnterIsALine) {
  pager.write("1\n2\n3\n4\n5\n6\n7\n8\n");
  check("1\n2\n3\n" MORE);
  key('\r');
  check(ERASE "4\n" MORE);
  key(' ');
  check(ERASE "5\n6\n7\n" MORE);
  key(' ');
  check(ERASE "8\n");
  CHECK_FALSE(pager.holding());
}

TEST(Pager, QuitDropsTheRestOfTheCommand) {
  pager.write("1\n2\n3\n4\n");
  check("1\n2\n3\n" MORE);
  key('q');
  pager.write("5\n");
  check(ERASE);
  pager.new_page();
  pager.write("6\n");
  check("6\n");
}

TEST(Pager, LongLinesTakeSeveralRows) {
  pager.write("0123456789abcde\n1\n2\n");
  check("0123456789abcde\n1\n" MORE);
}

TEST(Pager, SearchGoesOnAtTheMatch) {
  pager.write("1\n2\n3\n4\n5\nsix\n7\n8\n9\n");
  check("1\n2\n3\n" MORE);
  key('/');
  key('s');
  key('x');
  key('\b');
  key('i');
  key('\r');
  check(ERASE "/sx\b \bi\nfiltering...\nsix\n7\n8\n" MORE);
}

TEST(Pager, SearchWithoutMatchEndsTheOutput) {
  pager.write("1\n2\n3\n4\n");
  key('/');
  key('x');
  key('\r');
  CHECK_FALSE(pager.holding());
  out.clear();
  pager.write("5\nx6\n7\n");
  check("x6\n7\n");
}

TEST(Pager, LengthZeroNeverAsks) {
  pager.set_screen(0, 10);
  pager.write("1\n2\n3\n4\n5\n");
  check("1\n2\n3\n4\n5\n");
}

TEST(Pager, NoMemoryCutsOutputAndSaysSo) {
  Arena tiny{"tiny", 64};
  Pager p{out, tiny};
  p.set_screen(2, 80);
  p.new_page();
  p.write("1\n2\n");
  for (int i = 0; i < 100; ++i) p.write("many more lines\n");
  CHECK(p.cut());
}
