// The running-config as text: head, sections of the engine, `end`; partial views; the startup-config (cli.md 12).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/engine.h"
#include "platform/base/time.h"

namespace parley::cli {

constexpr uint32_t kNvramBytes = 262136;   // of "Using N out of 262136 bytes"

// Times of the comment lines, printed by the clock's owner in its time zone: "12:00:01 UTC Sat Nov 21 2026".
struct RunningHead {
  std::string_view version = "1.0";
  Text<64> changed_at;        // empty: no change since the last restart
  Text<64> changed_by;        // empty: nobody logged in
  Text<64> saved_at;          // empty: not saved
  Text<64> saved_by;
};

// From the first '!' to `end` with its line end: what `write memory` stores.
// Fault full: no memory.
Status render_running(Engine& engine, const RunningHead& head, PrintScope scope, Blob& to);

// The same in pieces, for tasks. When somebody changes the configuration meanwhile, it begins again: a reader never holds up
// one who configures, and never sees a mixture. Who is overtaken kMostRestarts times writes the rest in one step.
class RunningText {
 public:
  static constexpr size_t kLinesPerStep = 500, kMostRestarts = 8;
  RunningText(Engine& engine, PrintScope scope) : engine_(engine), scope_(scope) {}
  // True: `to` is complete, or it has no room (ok() is false).
  bool step(const RunningHead& head, Blob& to, size_t lines = kLinesPerStep);

 private:
  Engine& engine_;
  PrintScope scope_;
  PrintCursor at_;
  uint64_t changes_ = 0;
  size_t starts_ = 0;
};

// "Building configuration...", empty line, size.
void show_size(Writer& out, size_t size);
// `show running-config interface X` of a whole text: header_line is the first line of the block as written ("interface
// GigabitEthernet0/0"). False: there is no such block.
bool show_block(std::string_view text, std::string_view header_line, Writer& out);

// `show startup-config`; text: the file, nullptr: it is missing.
void show_startup(const std::string_view* text, Writer& out);

// The block of a configuration text that begins with this line, without its '!'; empty: none.
std::string_view find_block(std::string_view text, std::string_view header_line);

}  // namespace parley::cli
