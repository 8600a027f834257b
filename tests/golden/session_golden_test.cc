// Console logs byte for byte: tests/golden/session/*.in -> *.out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "cli/session_test_bench.h"

#include "CppUTest/TestHarness.h"

using namespace parley;
using namespace parley::cli;

namespace {

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string console_log(const std::string& input) {
  bench::Bench b;
  b.worker.worked = true;
  b.host.follow = &b.owner.values.hostname;
  b.begin(true);
  std::string log = b.type(input);
  b.terminal.close();
  b.world.settle();
  return log + b.terminal.take();
}

}  // namespace

TEST_GROUP(Golden){};

TEST(Golden, ConsoleLogs) {
  const std::filesystem::path folder = "tests/golden/session";
  if (!std::filesystem::exists(folder)) FAIL("run the tests from the top of the tree");
  size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".in") continue;
    ++seen;
    std::filesystem::path out = entry.path();
    out.replace_extension(".out");
    const std::string log = console_log(read_file(entry.path()));
    if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(out, std::ios::binary) << log;
    STRCMP_EQUAL_TEXT(read_file(out).c_str(), log.c_str(), entry.path().c_str());
  }
  CHECK(seen >= 4);
}
