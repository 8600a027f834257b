// Output modifiers: reading what stands behind '|'.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/modifier.h"

#include <algorithm>

namespace parley::cli {
namespace {

struct Name {
  std::string_view word;
  Modifier modifier;
  std::string_view help;
};
constexpr Name kNames[] = {
    {"append", Modifier::append, "Append the output to a file"},
    {"begin", Modifier::begin, "Begin with the line that matches"},
    {"count", Modifier::count, "Count lines that match"},
    {"exclude", Modifier::exclude, "Leave out lines that match"},
    {"include", Modifier::include, "Show only lines that match"},
    {"redirect", Modifier::redirect, "Write the output to a file"},
    {"section", Modifier::section, "Show sections whose first line matches"},
    {"tee", Modifier::tee, "Show the output and write it to a file"},
};
constexpr Name kSection[] = {
    {"exclude", Modifier::section_exclude, "Leave out these sections"},
    {"include", Modifier::section, "Show these sections"},
};

struct Word {
  std::string_view text;
  size_t at = 0;      // offset in the line
};

Word first_word(std::string_view line, size_t from) {
  while (from < line.size() && (line[from] == ' ' || line[from] == '\t')) ++from;
  size_t end = from;
  while (end < line.size() && line[end] != ' ' && line[end] != '\t') ++end;
  return Word{line.substr(from, end - from), from};
}

const Name* find(std::string_view word) {
  if (word.empty()) return nullptr;
  for (const Name& n : kNames)
    if (starts_nocase(n.word, word)) return &n;      // first letters differ
  return nullptr;
}

size_t shared_beginning(std::string_view word) {
  size_t most = 0;
  for (const Name& n : kNames) {
    size_t same = 0;
    while (same < word.size() && same < n.word.size() && ascii_lower(word[same]) == n.word[same]) ++same;
    most = std::max(most, same);
  }
  return most;
}

size_t find_bar(std::string_view line) {
  for (size_t i = 1; i < line.size(); ++i)
    if (line[i] == '|' && (line[i - 1] == ' ' || line[i - 1] == '\t')) return i;
  return std::string_view::npos;
}

std::string_view rest_behind(std::string_view line, const Word& word) {
  return trim(line.substr(word.at + word.text.size()));
}

}  // namespace

ModifiedLine split_modifier(std::string_view line) {
  ModifiedLine m;
  m.command = line;
  const size_t bar = find_bar(line);
  if (bar == std::string_view::npos) return m;
  m.has_bar = true;
  m.command = line.substr(0, bar);
  const Word word = first_word(line, bar + 1);
  if (word.text.empty()) {
    m.verdict = Verdict::incomplete;
    return m;
  }
  const Name* name = find(word.text);
  if (name == nullptr) {
    m.verdict = Verdict::invalid;
    m.offset = static_cast<uint16_t>(word.at + shared_beginning(word.text));
    return m;
  }
  m.modifier = name->modifier;
  m.argument = rest_behind(line, word);
  if (m.modifier == Modifier::section) {
    const Word second = first_word(line, word.at + word.text.size());
    for (const Name& s : kSection)
      // A lone word is the expression: `section include` looks for "include".
      if (!second.text.empty() && starts_nocase(s.word, second.text) && !rest_behind(line, second).empty()) {
        m.modifier = s.modifier;
        m.argument = rest_behind(line, second);
        break;
      }
  }
  if (m.argument.empty()) m.verdict = Verdict::incomplete;
  return m;
}

Verdict help_on_modifier(std::string_view line, HelpSink& sink) {
  const size_t bar = find_bar(line);
  if (bar == std::string_view::npos) return Verdict::invalid;
  const Word word = first_word(line, bar + 1);
  const bool at_word = word.at + word.text.size() == line.size();      // no blank behind it yet
  if (at_word) {
    bool any = false;
    for (const Name& n : kNames)
      if (starts_nocase(n.word, word.text)) {
        sink.item(HelpItem{n.word, n.help, false});
        any = true;
      }
    return any ? Verdict::ok : Verdict::invalid;
  }
  const Name* name = find(word.text);
  if (name == nullptr) return Verdict::invalid;
  const Word second = first_word(line, word.at + word.text.size());
  if (name->modifier == Modifier::section)
    for (const Name& n : kSection)
      if (starts_nocase(n.word, second.text)) sink.item(HelpItem{n.word, n.help, false});
  if (writes_file(name->modifier)) sink.item(HelpItem{"URL", "File, for example flash:output.txt", true});
  else sink.item(HelpItem{"LINE", "Regular expression", true});
  if (!second.text.empty()) sink.complete();
  return Verdict::ok;
}

std::string_view complete_modifier(std::string_view line) {
  const size_t bar = find_bar(line);
  if (bar == std::string_view::npos) return {};
  const Word word = first_word(line, bar + 1);
  if (word.text.empty() || word.at + word.text.size() != line.size()) return {};
  const Name* name = find(word.text);
  return name == nullptr ? std::string_view() : name->word;
}

}  // namespace parley::cli
