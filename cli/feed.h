// Configuration text that nobody types: startup-config, `copy x running-config`, `configure replace`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "cli/engine.h"

namespace parley::cli {

struct FeedOptions {
  std::string_view line_name = "startup";   // Console::line_name()
  std::string_view user;
  std::string_view hostname;                // for pasted prompts
  bool startup = false;                     // lines are bound only; verified and applied once at the end
};

// Runs the lines of a text in (config). A refused line is printed with its number, then the error; the rest goes on.
// After `end` only blank lines and comments may follow. Nothing can be asked: an action that asks is cancelled.
class Feed final : public Console {
 public:
  static constexpr size_t kLongestLine = 4096;

  // text, and the views in options, must outlive the feed. report: error texts and output of actions.
  Feed(Engine& engine, Task& owner, std::string_view text, Writer& report, const FeedOptions& options);
  ~Feed() override;

  // Runs at most so many lines. again: lines are left. pending: a line waits for a job, the owner is woken. done: the end was
  // reached; after a startup load everything was verified and applied.
  Poll run(size_t most_lines);
  uint32_t lines() const { return number_; }
  uint32_t refused() const { return refused_; }

  // Console
  void write(std::string_view s) override;
  void ask(std::string_view, Echo) override { asked_ = true; }
  void ask_lines() override { asked_ = true; }
  void confirm(std::string_view) override { asked_ = true; }
  Task& task() override { return owner_; }
  uint8_t privilege() const override { return 15; }
  std::string_view user() const override { return options_.user; }
  std::string_view line_name() const override { return options_.line_name; }
  bool interactive() const override { return false; }

 private:
  bool next_line();
  void run_line(std::string_view line);
  void settle(Outcome& outcome, std::string_view line, size_t skipped);
  bool run_dialogue();
  void show_line();
  void finish();

  Engine& engine_;
  Task& owner_;
  std::string_view left_;           // text not read yet
  Writer& report_;
  const FeedOptions options_;
  RunOptions run_;
  Position at_;
  std::string_view line_;
  uint32_t number_ = 0;             // of line_, from 1
  uint32_t refused_ = 0;
  bool shown_ = false;              // line_ was printed
  bool collecting_ = false;
  bool ended_ = false;              // `end` was read
  bool asked_ = false;
  bool finished_ = false;
  std::unique_ptr<Dialogue> dialogue_;
};

}  // namespace parley::cli
