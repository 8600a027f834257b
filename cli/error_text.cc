// The exact texts of refused lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/error_text.h"

#include "cli/cells.h"

namespace parley::cli {
namespace {

void print_ambiguous(Writer& out, std::string_view line) {
  out.put("% Ambiguous command:  \"");
  write_cells(out, trim(line));
  out.put("\"\n");
}

}  // namespace

void print_error(Writer& out, Verdict verdict, const ErrorPlace& place) {
  switch (verdict) {
    case Verdict::invalid:
      out.pad(place.caret).put("^\n% Invalid input detected at '^' marker.\n\n");
      break;
    case Verdict::incomplete: out.put("% Incomplete command.\n\n"); break;
    case Verdict::ambiguous: print_ambiguous(out, place.line); break;
    case Verdict::unknown:
      out.put("Translating \"");
      write_cells(out, trim(place.line));
      out.put(place.domain_lookup ? "\"...domain server (255.255.255.255)\n" : "\"\n");
      out.put("% Unknown command or computer name, or unable to find computer address\n\n");
      break;
    default: break;
  }
}

void print_help_error(Writer& out, Verdict verdict, std::string_view line) {
  if (verdict == Verdict::ambiguous) print_ambiguous(out, line);
  else out.put("% Unrecognized command\n");
}

void print_too_long(Writer& out, size_t limit) {
  out.put("% Line is longer than ").dec(static_cast<int64_t>(limit)).put(" characters, ignored\n");
}

}  // namespace parley::cli
