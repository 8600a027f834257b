// Line editing on a terminal: bytes of keys in, finished lines and requests out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/command.h"
#include "cli/history.h"
#include "cli/line_view.h"

namespace parley::cli {

// Longest line that is accepted; longer ones are read to their end and dropped.
constexpr size_t kTypedLine = 254;
constexpr size_t kPastedLine = 4096;   // certificate text, PEM, banner

class LineEditor {
 public:
  enum class Event : uint8_t {
    none,
    line,        // Enter
    end_mode,    // Ctrl-Z: the line, then `end`
    cancel,      // Ctrl-C
    help,        // '?'
    complete,    // TAB
  };
  struct Setup {
    std::string_view prompt;          // already on the screen; kept for redraw()
    bool command = true;              // '?', TAB and history work; false: an answer or a line of a longer text
    Echo echo = Echo::on;
    size_t limit = kTypedLine;
    size_t width = 80;
    bool keep_ctrl_c = false;         // banner text whose delimiter is the real 0x03
    History* history = nullptr;
  };

  explicit LineEditor(Writer& out) : out_(out), view_(out) {}
  ~LineEditor();

  void begin(const Setup& setup);     // an empty line; the cursor stands behind the prompt
  // pasted: more bytes of the same burst follow, so a tab is a blank and not a wish.
  Event key(uint8_t byte, bool pasted);
  void redraw();                      // prompt and line on an empty screen line
  void finish(std::string_view mark); // mark ("^Z") and line end behind the line; text() stays until begin()
  void insert(std::string_view text);
  void extend(std::string_view text); // inserts, and shows the whole line again on a new screen line

  std::string_view text() const { return std::string_view(text_, size_); }
  std::string_view before_cursor() const { return std::string_view(text_, cursor_); }
  bool too_long() const { return too_long_; }
  size_t limit() const;
  size_t first_visible() const { return echo_ == Echo::on ? view_.first_visible() : 0; }

 private:
  Event control(uint8_t byte, bool pasted);
  Event escape(uint8_t byte);
  Event sequence(uint8_t byte);
  void put(char c);
  void erase(size_t from, size_t to, bool keep);   // keep: for Ctrl-Y
  void move(size_t to);
  void swap_characters();
  void browse(int direction);
  void replace(std::string_view text);
  size_t word_left() const;
  size_t word_right() const;
  bool is_banner() const;
  void show();

  enum class At : uint8_t { plain, escape, sequence, literal };
  Writer& out_;
  LineView view_;
  At at_ = At::plain;
  uint8_t parameter_ = 0;             // of ESC [ n ~
  bool command_ = true;
  bool keep_ctrl_c_ = false;
  bool too_long_ = false;
  Echo echo_ = Echo::on;
  size_t limit_ = kTypedLine;
  size_t width_ = 80;
  History* history_ = nullptr;
  size_t history_at_ = 0;             // lines from the end; 0 = the new line
  Text<200> prompt_;
  size_t size_ = 0;
  size_t cursor_ = 0;
  size_t killed_size_ = 0;
  char killed_[256];
  char text_[kPastedLine];
};

}  // namespace parley::cli
