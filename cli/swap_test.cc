// A second configuration beside the running one: dry run, exchange; printing in pieces.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/show_running.h"

#include "cli/engine_test_tables.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::cli;
using namespace parley::cli::test;

TEST_GROUP(Swap) {
  Bench b;
  void typed(Engine& engine, std::initializer_list<const char*> lines) {
    Position at;
    RunOptions options;
    options.loading = true;
    Engine::enter_config(at);
    for (const char* line : lines)
      if (engine.run(at, line, b.screen, options).verdict != Verdict::ok) FAIL(line);
  }
  static std::string print(Engine& engine) {
    Blob out;
    engine.print(out, PrintScope::running);
    return std::string(out.text());
  }
};

TEST(Swap, DryRunTouchesNothing) {
  typed(b.engine, {"hostname A", "capf-server", "auth-mode null"});
  const std::string before = b.print();
  const int applied = b.owner.applied;
  const uint64_t changes = b.engine.changes();
  {
    auto other = b.engine.scratch();
    CHECK(other != nullptr);
    typed(*other, {"hostname B", "ephone 7"});
    CHECK(print(*other).find("hostname B") != std::string::npos);
    CHECK(print(*other).find("capf-server") == std::string::npos);
    POINTERS_EQUAL(nullptr, b.engine.verify_with(*other));
  }
  STRCMP_EQUAL(before.c_str(), b.print().c_str());
  CHECK_EQUAL(applied, b.owner.applied);
  CHECK(changes == b.engine.changes());
}

TEST(Swap, ThereAndBackByteForByte) {
  typed(b.engine, {"hostname A", "capf-server", "auth-mode null", "ephone 2"});
  const std::string before = b.print();
  auto other = b.engine.scratch();
  typed(*other, {"hostname B", "ephone 7", "ephone 8"});
  const std::string wanted = print(*other);
  b.engine.swap(*other);
  b.engine.apply_all();
  STRCMP_EQUAL(wanted.c_str(), b.print().c_str());
  typed(b.engine, {"hostname C", "no ephone 7"});                      // and it goes on from there
  CHECK(b.print().find("ephone 7") == std::string::npos);
  b.engine.swap(*other);
  STRCMP_EQUAL(before.c_str(), b.print().c_str());
}

TEST(Swap, PiecesAreTheWhole) {
  for (int i = 1; i < 30; ++i) typed(b.engine, {("ephone " + std::to_string(i)).c_str()});
  Blob whole, pieces;
  CHECK(render_running(b.engine, RunningHead{}, PrintScope::running, whole).has_value());
  RunningText text(b.engine, PrintScope::running);
  size_t steps = 1;
  while (!text.step(RunningHead{}, pieces, 1)) ++steps;
  CHECK(steps > 20);
  STRCMP_EQUAL(std::string(whole.text()).c_str(), std::string(pieces.text()).c_str());
}

TEST(Swap, AChangeBetweenPiecesBeginsAgain) {
  typed(b.engine, {"hostname A", "ephone 1", "ephone 2", "ephone 3"});
  RunningText text(b.engine, PrintScope::running);
  Blob pieces, whole;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(text.step(RunningHead{}, pieces, 1));
  typed(b.engine, {"hostname B", "no ephone 1"});
  while (!text.step(RunningHead{}, pieces, 1)) continue;
  CHECK(render_running(b.engine, RunningHead{}, PrintScope::running, whole).has_value());
  STRCMP_EQUAL(std::string(whole.text()).c_str(), std::string(pieces.text()).c_str());
}
