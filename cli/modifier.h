// Output modifiers: the part of a show command behind '|'.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "cli/engine.h"

namespace parley::cli {

enum class Modifier : uint8_t { none, include, exclude, begin, section, section_exclude, count, redirect, tee, append };
constexpr bool writes_file(Modifier m) { return m == Modifier::redirect || m == Modifier::tee || m == Modifier::append; }

struct ModifiedLine {
  std::string_view command;            // the line up to the bar
  bool has_bar = false;
  Modifier modifier = Modifier::none;
  std::string_view argument;           // expression, or file
  Verdict verdict = Verdict::ok;       // invalid (offset inside the whole line) or incomplete
  uint16_t offset = 0;
};

// Splits at the first bar that follows a blank. The caller knows whether the command is one that can have modifiers.
ModifiedLine split_modifier(std::string_view line);

// `show x | ?`, `show x | inc?`: line up to the question mark, with its bar.
Verdict help_on_modifier(std::string_view line, HelpSink& sink);
// The keyword that the last word becomes; empty: none or several.
std::string_view complete_modifier(std::string_view line);

}  // namespace parley::cli
