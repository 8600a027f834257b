// A filter between the output of a command and the pager: `| include`, `| section` ....
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/modifier.h"
#include "platform/base/bytes.h"
#include "platform/base/regex.h"

namespace parley::cli {

// Expression as typed -> POSIX: '_' is a delimiter (start, end, blank, comma, braces, parentheses), braces are ordinary
// characters, `\1` is not a back reference. False: `to` is full.
bool to_posix(std::string_view typed, FixedWriter& to);

class Filter final : public Writer {
 public:
  Filter(Writer& next, Arena& arena) : next_(next), line_(arena), file_(arena) {}

  // Fault invalid: not a regular expression. For files the argument is the caller's business.
  Status start(Modifier modifier, std::string_view argument);
  bool active() const { return modifier_ != Modifier::none; }
  Modifier modifier() const { return modifier_; }
  void write(std::string_view s) override;
  // The command has ended: the last line, the count. Afterwards the filter is off.
  void finish();
  void cancel();                          // the command failed: nothing of it is shown
  Blob take_file() { return static_cast<Blob&&>(file_); }   // redirect, tee, append: what was collected

 private:
  void line(std::string_view text);       // without its end
  bool wanted(std::string_view text);

  Writer& next_;
  Blob line_;                             // the part of a line that has come
  Blob file_;
  Regex regex_;
  Modifier modifier_ = Modifier::none;
  bool begun_ = false;                    // begin: matched; section: inside
  size_t indent_ = 0;                     // of the section's first line
  uint64_t count_ = 0;
};

}  // namespace parley::cli
