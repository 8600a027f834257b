// Regular expressions of the command line. The implementation is the C library's (platform/posix/regex.cc).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "platform/base/result.h"

namespace parley {

// POSIX extended expression, case sensitive, not anchored.
class Regex {
 public:
  Regex();
  ~Regex();
  Regex(const Regex&) = delete;
  Regex& operator=(const Regex&) = delete;

  Status compile(std::string_view pattern);        // Fault invalid: no expression; detail = the library's error
  bool matches(std::string_view text) const;       // its first 4096 bytes; false before a successful compile()

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace parley
