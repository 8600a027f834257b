// An engine with the rows of all modules over plain records, and lines made from syntax strings.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/engine.h"
#include "cli/row.h"
#include "modules/module.h"

namespace parley::cli::test {

// The record of a module without the module: nothing is applied.
struct Records final : Instance {
  std::vector<uint64_t> memory;
  void* config() override { return memory.data(); }
  void apply() override {}
  Status start() override { return {}; }
  void stop() override {}
};

struct Paper final : Console {
  std::string text;
  void write(std::string_view s) override { text += s; }
  void ask(std::string_view, Echo) override {}
  void ask_lines() override {}
  void confirm(std::string_view) override {}
  Task& task() override { PARLEY_PANIC("no task in this test"); }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return {}; }
  std::string_view line_name() const override { return "startup"; }
  bool interactive() const override { return false; }
};

struct Router {
  Engine engine;
  std::vector<std::unique_ptr<Records>> records;
  Paper paper;
  RunOptions options;         // startup: actions do not run, records have no module behind them
  Router();
  Outcome run(Position& at, const std::string& line);
  // Lines that were not accepted, with the reason. Actions count as accepted.
  std::vector<std::string> paste(const std::string& text);
  std::string print(PrintScope scope = PrintScope::running);
};

// One line of a row: which alternatives and options are taken depends on the variant.
struct Sample {
  std::string line;
  struct Number { size_t at, length; int64_t lo, hi; };
  std::vector<Number> numbers;          // ranges in it: changed to test their edges
};
Sample sample(const Row& row, size_t variant);
size_t variants(const Row& row);

// Calls `each` for every row of every mode, with the lines that enter the mode.
struct Spot {
  const Module* module;
  const Row* row;
  const Mode* mode;                     // nullptr: (config)
  std::vector<std::string> enter;
};
void for_all_rows(const std::function<void(const Spot&)>& each);

}  // namespace parley::cli::test
