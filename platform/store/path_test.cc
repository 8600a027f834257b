// Tests of path checks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/store/path.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace parley;

TEST_GROUP(StorePath){};

TEST(StorePath, SlashAfterTheColonChangesNothing) {
  CHECK(split_path("flash:a")->name == "a");
  CHECK(split_path("flash:/a/b")->name == "a/b");
  CHECK(split_path("flash:")->name.empty());
  CHECK(split_path("flash:/")->name.empty());
  CHECK_EQUAL(size_t{3}, split_path("system:/its/x")->fs);
}

TEST(StorePath, RefusesWhatLeavesTheTree) {
  const std::string bad[] = {"flash:..",     "flash:a/../b",  "flash:a//b",  "flash://a",        "flash:a/",
                             "flash:a\nb",   "flash:a\x7f",   "flash:.",     "flash:.parley-tmp", "flash:" + std::string(129, 'x'),
                             "flash:/../etc", std::string("flash:a\0b", 9), "flash:" + std::string(100, 'x') + "/" + std::string(100, 'y')};
  for (const auto& path : bad) CHECK(split_path(path).error().code == Code::denied);
  CHECK(split_path("tftp:a").error().code == Code::invalid);
  CHECK(split_path("a").error().code == Code::invalid);
  CHECK(split_path("").error().code == Code::invalid);
  CHECK(split_file_path("flash:").error().code == Code::denied);
  CHECK(split_path("flash:" + std::string(128, 'x')).has_value());
  CHECK(split_path("flash:..a").has_value());
}
