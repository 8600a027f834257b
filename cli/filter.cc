// Filters of command output.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/filter.h"

namespace parley::cli {
namespace {

size_t indentation(std::string_view line) {
  size_t n = 0;
  while (n < line.size() && line[n] == ' ') ++n;
  return n;
}

bool is_special(char c) { return std::string_view("^$.[]()|*+?{}\\").find(c) != std::string_view::npos; }

// Copies a bracket expression as it is: inside, '_' and braces are ordinary. Returns its length.
size_t copy_brackets(std::string_view s, FixedWriter& to) {
  size_t end = 1;
  if (end < s.size() && s[end] == '^') ++end;
  if (end < s.size() && s[end] == ']') ++end;
  while (end < s.size() && s[end] != ']') ++end;
  end = end < s.size() ? end + 1 : end;
  to.write(s.substr(0, end));
  return end;
}

}  // namespace

bool to_posix(std::string_view typed, FixedWriter& to) {
  for (size_t i = 0; i < typed.size(); ++i) {
    const char c = typed[i];
    if (c == '[') {
      i += copy_brackets(typed.substr(i), to) - 1;
    } else if (c == '\\' && i + 1 < typed.size()) {
      const char next = typed[++i];
      if (is_special(next)) to.put('\\');
      to.put(next);
    } else if (c == '_') {
      to.put("(^|$|[ ,{}()_])");           // itself too: CONFIG_I finds CONFIG_I
    } else if (c == '{' || c == '}') {
      to.put('\\').put(c);
    } else {
      to.put(c);
    }
  }
  return to.ok();
}

Status Filter::start(Modifier modifier, std::string_view argument) {
  modifier_ = Modifier::none;
  line_.clear();
  file_.clear();
  begun_ = false;
  count_ = 0;
  if (!writes_file(modifier)) {
    char pattern[1000];
    FixedWriter to(pattern);
    if (!to_posix(argument, to)) return Fault{Code::invalid, "expression is too long", 0};
    TRY(regex_.compile(to.view()));
  }
  modifier_ = modifier;
  return {};
}

void Filter::write(std::string_view s) {
  if (writes_file(modifier_)) {
    file_.write(s);
    if (modifier_ == Modifier::tee) next_.write(s);
    return;
  }
  while (!s.empty()) {
    const size_t end = s.find('\n');
    const std::string_view part = s.substr(0, end);
    if (end == std::string_view::npos || !line_.empty()) line_.write(part);
    if (end == std::string_view::npos) return;
    if (line_.empty()) {
      line(part);
    } else {
      line(line_.text());
      line_.clear();
    }
    s.remove_prefix(end + 1);
  }
}

bool Filter::wanted(std::string_view text) {
  switch (modifier_) {
    case Modifier::include: return regex_.matches(text);
    case Modifier::exclude: return !regex_.matches(text);
    case Modifier::begin:
      begun_ = begun_ || regex_.matches(text);
      return begun_;
    case Modifier::section:
    case Modifier::section_exclude: {
      const size_t indent = indentation(text);
      if (!begun_ || indent <= indent_) {
        begun_ = regex_.matches(text);
        indent_ = indent;
      }
      return begun_ == (modifier_ == Modifier::section);
    }
    case Modifier::count:
      if (regex_.matches(text)) ++count_;
      return false;
    default: return true;
  }
}

void Filter::line(std::string_view text) {
  if (wanted(text)) next_.put(text).put('\n');
}

void Filter::cancel() {
  modifier_ = Modifier::none;
  line_.clear();
  file_.clear();
}

void Filter::finish() {
  if (!line_.empty()) {
    line(line_.text());
    line_.clear();
  }
  if (modifier_ == Modifier::count)
    next_.put("Number of lines which match regexp = ").dec(static_cast<int64_t>(count_)).put('\n');
  modifier_ = Modifier::none;
}

}  // namespace parley::cli
