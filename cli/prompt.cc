// Prompts: making them, recognising pasted ones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/prompt.h"

namespace parley::cli {
namespace {

constexpr size_t kLongestName = 20;

bool is_mode_character(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; }

// ^<name>(\([a-z0-9-]+\))?[>#] ?  -> its length, or 0
size_t prompt_of(std::string_view line, std::string_view name) {
  if (name.empty() || !line.starts_with(name)) return 0;
  size_t at = name.size();
  if (at < line.size() && line[at] == '(') {
    size_t end = at + 1;
    while (end < line.size() && is_mode_character(line[end])) ++end;
    if (end == at + 1 || end >= line.size() || line[end] != ')') return 0;
    at = end + 1;
  }
  if (at >= line.size() || (line[at] != '>' && line[at] != '#')) return 0;
  ++at;
  return at < line.size() && line[at] == ' ' ? at + 1 : at;
}

}  // namespace

void write_prompt(Writer& out, std::string_view hostname, std::string_view mode_text) {
  out.put(hostname.substr(0, kLongestName)).put(mode_text);
}

size_t pasted_prompt(std::string_view line, std::string_view hostname) {
  for (const std::string_view name : {hostname, hostname.substr(0, kLongestName), std::string_view("Router")}) {
    const size_t length = prompt_of(line, name);
    if (length > 0 && !trim(line.substr(length)).empty()) return length;
  }
  return 0;
}

}  // namespace parley::cli
