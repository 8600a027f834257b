// Lines of a configuration file against a scratch engine: a finding for each that is not simply accepted (commands.md 1.1).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/engine.h"
#include "modules/system/findings.h"

namespace parley::system {

class LineCheck final : public cli::Console {
 public:
  // The text must outlive the check.
  LineCheck(cli::Engine& scratch, Task& owner, std::string_view text, std::string_view hostname);
  ~LineCheck() override;
  bool run(size_t most_lines);        // true: the end was reached and the findings are sorted
  void factory(std::string_view lines);   // lines every router begins with

  const List<Finding>& findings() const { return findings_; }
  List<Finding>& findings() { return findings_; }
  uint32_t lines() const { return number_; }
  uint32_t count(FindingKind kind) const;
  uint32_t accepted() const;          // lines without error or warning

  // Console: nobody is there.
  void write(std::string_view) override {}
  void ask(std::string_view, cli::Echo) override {}
  void ask_lines() override {}
  void confirm(std::string_view) override {}
  Task& task() override { return owner_; }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return {}; }
  std::string_view line_name() const override { return "check"; }
  bool interactive() const override { return false; }

 private:
  struct Reference { uint32_t line, column; Text<32> subject; Text<64> label; };
  bool next_line(std::string_view& line);
  void run_line(std::string_view line);
  void judge(const cli::Outcome& outcome, const cli::Position& before, std::string_view line);
  void invalid(Writer& to, const cli::Position& before, std::string_view line, size_t offset);
  void note_trustpoints(std::string_view line, bool global);
  void finish();
  void add(uint32_t line, size_t column, FindingKind kind, std::string_view text);

  cli::Engine& engine_;
  Task& owner_;
  std::string_view left_;
  std::string_view hostname_;
  cli::RunOptions options_;
  cli::Position at_;
  uint32_t number_ = 0;
  bool collecting_ = false, ended_ = false;
  List<Finding> findings_{general_arena()};
  List<Reference> references_{general_arena()};
  List<Text<64>> trustpoints_{general_arena()};
};

}  // namespace parley::system
