// Lines from a pipe (--batch): no editing, no echo; the same events as the editor.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/line_editor.h"

namespace parley::cli {

class LineReader {
 public:
  using Event = LineEditor::Event;
  ~LineReader();

  void begin(const LineEditor::Setup& setup);      // an empty line
  // Event::help: the line ended with an unquoted '?', which is not part of text(). It is a wish for help and nothing else.
  Event byte(uint8_t b);
  std::string_view text() const { return std::string_view(text_, size_); }
  bool too_long() const { return too_long_; }
  size_t limit() const { return is_banner() ? kPastedLine : limit_; }
  bool empty() const { return size_ == 0 && !too_long_; }
  bool started() const { return started_; }        // something of a line has come

 private:
  bool is_banner() const;
  char text_[kPastedLine];
  size_t size_ = 0;
  size_t limit_ = kTypedLine;
  bool command_ = true;
  bool keep_ctrl_c_ = false;
  bool too_long_ = false;
  bool started_ = false;
  bool literal_ = false;           // Ctrl-V was read
  bool quoted_mark_ = false;       // the last character is a '?' behind Ctrl-V
};

}  // namespace parley::cli
