// A router that only reads and writes configuration: the engine with the rows of all modules, nothing started.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/engine.h"
#include "modules/module.h"
#include "tests/support/test_env.h"

namespace parley::test {

// A line that was not taken: "file line number: verdict: text".
struct Refusal {
  size_t number = 0;
  std::string line;
  cli::Verdict verdict = cli::Verdict::ok;
  std::string text;
};

class ConfigRouter {
 public:
  ConfigRouter();
  ~ConfigRouter();

  // Each line in configuration mode, as a startup-config: rows are bound and checked, nothing acts.
  std::vector<Refusal> paste(const std::string& text);
  std::string print();
  cli::Engine& engine() { return engine_; }

 private:
  class Sink;
  void line(std::string_view text, size_t number, std::vector<Refusal>& out);

  TestEnv env_;
  std::vector<std::unique_ptr<Instance>> instances_;   // outlive the engine, which empties their tables
  cli::Engine engine_;
  std::unique_ptr<Sink> sink_;
  cli::Position at_;
  cli::RunOptions options_;
  bool collecting_ = false;
};

std::string file_text(const std::string& path);

}  // namespace parley::test
