// Tests of the history.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/history.h"

#include <string>

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

TEST_GROUP(History) {
  Arena arena{"test", 1 << 20};
  History history{arena};
  std::string all() {
    std::string s;
    for (size_t i = 0; i < history.size(); ++i) s += std::string(history.line(i)) + ";";
    return s;
  }
};

TEST(History, KeepsTheLastTenOnceEach) {
  for (int i = 0; i < 12; ++i) {
    history.add(std::to_string(i));
    history.add(std::to_string(i));
  }
  history.add("  ");
  STRCMP_EQUAL("2;3;4;5;6;7;8;9;10;11;", all().c_str());
}

TEST(History, SizeCanChange) {
  for (int i = 0; i < 5; ++i) history.add(std::to_string(i));
  history.set_size(2);
  STRCMP_EQUAL("3;4;", all().c_str());
  history.set_size(0);
  history.add("x");
  STRCMP_EQUAL("", all().c_str());
  history.set_size(1000);
  CHECK_EQUAL(History::kMost, history.limit());
}
