// Output of a session on its way to the terminal, which makes CR LF of line ends. Keeps what it could not take yet.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>

#include "cli/pager.h"
#include "platform/net/terminal.h"

namespace parley::cli {

class Screen final : public Writer {
 public:
  Screen(Terminal& terminal, Arena& arena) : terminal_(terminal), waiting_(arena) {}
  void write(std::string_view s) override;
  void fresh_line() { if (!at_line_start_) put('\n'); }
  bool at_line_start() const { return at_line_start_; }
  bool flush();                          // false: the other side is gone
  size_t backlog() const { return waiting_.size(); }

 private:
  Terminal& terminal_;
  TextQueue waiting_;
  bool at_line_start_ = true;
};

}  // namespace parley::cli
