// What the commands about the session itself may do with it: enable, terminal length, show history ...
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "cli/access.h"
#include "cli/history.h"

namespace parley::cli {

struct TerminalSettings {
  uint16_t length = 24;          // 0: no paging
  uint16_t width = 80;           // 0: lines are never cut
  bool monitor = false;          // log messages on a vty
  bool paste_prompt = true;
};

class SessionControl {
 public:
  virtual ~SessionControl() = default;
  virtual void set_privilege(uint8_t level) = 0;
  virtual bool on_console() const = 0;                     // not a vty
  virtual AccessRules& access() = 0;
  virtual SessionHost& host() = 0;
  virtual TerminalSettings& terminal() = 0;                // counts from the next line of output
  virtual History& history(bool of_configuration) = 0;
  // A pasted text was complete before its `quit`: when that is the next command line, it belongs to the text.
  virtual void end_of_paste() = 0;
};

}  // namespace parley::cli
