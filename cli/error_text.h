// The exact texts of refused lines (cli.md section 4).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string_view>

#include "cli/engine.h"

namespace parley::cli {

struct ErrorPlace {
  std::string_view line;         // as typed
  size_t caret = 0;              // screen column of the caret
  bool domain_lookup = true;
};

// invalid, incomplete, ambiguous, unknown; others print nothing.
void print_error(Writer& out, Verdict verdict, const ErrorPlace& place);

// `?` that finds nothing, or several words.
void print_help_error(Writer& out, Verdict verdict, std::string_view line);

void print_too_long(Writer& out, size_t limit);

}  // namespace parley::cli
