// Words that were probably meant: by edit distance, and letters that only look like ASCII.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "platform/base/text.h"

namespace parley::system {

// Letters to put in, take out or change; more than `most` counts as most + 1.
size_t edit_distance(std::string_view a, std::string_view b, size_t most);

struct LookAlike {
  uint32_t code_point = 0;   // the first character outside ASCII; 0: none
  char looks_like = 0;       // 0: like nothing in ASCII
};
// plain: the word with look-alikes replaced by what they look like, other characters outside ASCII by '?'.
LookAlike find_look_alike(std::string_view word, Writer& plain);

}  // namespace parley::system
