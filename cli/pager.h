// Shows output a page at a time: --More-- (R-8.4).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/regex.h"

namespace parley::cli {

// Text waiting to go out. Bytes are taken from the front; memory is given back when it is empty.
class TextQueue {
 public:
  explicit TextQueue(Arena& arena) : bytes_(arena) {}
  bool push(std::string_view s);         // false: no memory, the text is lost
  std::string_view front() const { return bytes_.text().substr(taken_); }
  void pop(size_t n);
  void clear() { bytes_.clear(); taken_ = 0; }
  size_t size() const { return bytes_.size() - taken_; }
  bool empty() const { return size() == 0; }

 private:
  Blob bytes_;
  size_t taken_ = 0;
};

class Pager final : public Writer {
 public:
  Pager(Writer& out, Arena& arena) : out_(out), waiting_(arena) {}

  void set_screen(size_t length, size_t width) { length_ = length; width_ = width; }   // length 0: never stops
  void new_page();                        // a line was typed: counting starts again, a quit is forgotten
  void write(std::string_view s) override;
  bool holding() const { return holding_; }
  void key(uint8_t byte);                 // only while holding()
  void quit();                            // drops what waits and what the command still prints
  bool cut() const { return cut_; }       // no memory: some output was lost

 private:
  void pump();
  size_t show(std::string_view text);
  void show_line(std::string_view line);
  void hold();
  void erase_prompt();
  void search_key(uint8_t byte);

  Writer& out_;
  TextQueue waiting_;
  Regex search_;
  bool searching_ = false;                // lines are dropped until one matches
  bool typing_search_ = false;
  Text<80> search_text_;
  size_t length_ = 24;
  size_t width_ = 80;
  size_t rows_left_ = 23;
  size_t column_ = 0;                     // cells of the unfinished line on the screen
  bool holding_ = false;
  bool dropping_ = false;
  bool cut_ = false;
};

}  // namespace parley::cli
