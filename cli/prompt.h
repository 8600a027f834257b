// Prompts: making them, and taking pasted ones off a line.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "platform/base/text.h"

namespace parley::cli {

// Hostname (of a longer one the first 20 characters), then the mode text with its mark: "Router", "(config-if)#".
void write_prompt(Writer& out, std::string_view hostname, std::string_view mode_text);

// EXEC: '>' below privilege 2.
inline std::string_view exec_mark(uint8_t privilege) { return privilege > 1 ? "#" : ">"; }

// Length of a prompt of this router (or of one called "Router") at the start of a pasted line, with the blank behind it;
// 0: there is none, or nothing follows it (R-9.8).
size_t pasted_prompt(std::string_view line, std::string_view hostname);

}  // namespace parley::cli
