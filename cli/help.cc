// `?` and TAB: the places that may come next, with their texts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/impl.h"

namespace parley::cli {
namespace {

const char* gloss(std::span<const Gloss> glossary, std::string_view word) {
  size_t lo = 0, hi = glossary.size();
  while (lo < hi) {
    const size_t mid = (lo + hi) / 2;
    const int c = std::string_view(glossary[mid].word).compare(word);
    if (c == 0) return glossary[mid].text;
    if (c < 0) lo = mid + 1;
    else hi = mid;
  }
  return nullptr;
}

// Words that several modules share: a module needs no text of its own for them.
constexpr Gloss kCommon[] = {
    {"clear", "Reset a function"},           {"configure", "Enter configuration mode"}, {"crypto", "Keys and certificates"},
    {"debug", "Debugging messages"},         {"error", "Errors"},                       {"ip", "Internet protocol"},
    {"no", "Negate a command"},              {"server", "Servers"},                     {"service", "Services of this router"},
    {"show", "Show what the router knows"},  {"voice", "Voice configuration"},
};

int compare_nocase(std::string_view a, std::string_view b) {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i) {
    const char x = ascii_lower(a[i]), y = ascii_lower(b[i]);
    if (x != y) return x < y ? -1 : 1;
  }
  return a.size() == b.size() ? 0 : (a.size() < b.size() ? -1 : 1);
}

}  // namespace

bool in_hidden_group(const char* syntax, size_t at) {
  size_t depth = 0, hidden = 0;
  for (size_t i = 0;;) {
    const Lexeme x = lexeme_at(syntax, i);
    if (x.part == Part::end || x.at >= at) return hidden != 0;
    if (opens(x.part)) {
      ++depth;
      if (x.part == Part::hidden && hidden == 0) hidden = depth;
    }
    if (x.part == Part::close && depth-- == hidden) hidden = 0;
    i = x.next;
  }
}

// A number or a word says nothing by itself: the first one of a row is what the row is about.
bool speaks_for_the_row(const char* syntax, const Lexeme& value) {
  const Value v = value_named(text_of(syntax, value));
  if (v != Value::range && v != Value::word && v != Value::string && v != Value::line) return false;
  for (size_t at = 0;;) {
    const Lexeme x = lexeme_at(syntax, at);
    if (x.part == Part::value) return x.at == value.at;
    at = x.next;
  }
}

const char* Engine::Impl::text_of_word(const Next& n, std::string_view word) const {
  if (n.lexeme.part == Part::value) {
    const char* own = n.module < modules.size() ? gloss(modules[n.module].module->glossary, text_of(n.row->syntax, n.lexeme)) : nullptr;
    if (own == nullptr && speaks_for_the_row(n.row->syntax, n.lexeme)) return n.row->help;
    return own != nullptr ? own : kind_of(value_named(text_of(n.row->syntax, n.lexeme))).help;
  }
  if (n.leading) return n.row->help;
  const char* text = n.module < modules.size() ? gloss(modules[n.module].module->glossary, word) : nullptr;
  for (size_t i = 0; i < modules.size() && text == nullptr; ++i) text = gloss(modules[i].module->glossary, word);
  return text != nullptr ? text : gloss(kCommon, word);
}

// Adds in order; a word that is there already keeps the better text (that of a row whose command ends with it).
void Engine::Impl::add_item(ItemList& items, const HelpItem& item, bool leading) const {
  size_t i = 0;
  while (i < items.count) {
    const HelpItem& at = items.items[i];
    const int c = at.placeholder != item.placeholder ? (item.placeholder ? -1 : 1) : compare_nocase(at.word, item.word);
    if (c == 0) {
      if (at.text.empty() || (leading && !items.leading[i])) {
        items.items[i].text = item.text;
        items.leading[i] = leading;
      }
      return;
    }
    if (c > 0) break;
    ++i;
  }
  if (items.count == ItemList::kMax) return;
  for (size_t k = items.count; k > i; --k) { items.items[k] = items.items[k - 1]; items.leading[k] = items.leading[k - 1]; }
  items.items[i] = item;
  items.leading[i] = leading;
  ++items.count;
}

// What can follow, as the matcher stands. own_no: only rows written with their own `no`. True: there was such a row.
bool Engine::Impl::add_next(ItemList& items, std::string_view start, bool typing, bool own_no) {
  bool any = false;
  for (size_t i = 0; i < matcher.next_count(); ++i) {
    Next n;
    const bool more = matcher.next(i, n);
    if (own_no && !std::string_view(n.row->syntax).starts_with("no ")) continue;
    any = true;
    if (!more || n.row->is(kHidden) || in_hidden_group(n.row->syntax, n.lexeme.at)) continue;
    std::string_view word = text_of(n.row->syntax, n.lexeme);
    const bool placeholder = n.lexeme.part == Part::value;
    if (!placeholder) {
      word = keyword_main(word);
      if (!starts_nocase(word, start)) continue;
    } else if (typing) {
      ParseContext c;
      c.spec = word;
      const ValueKind& kind = kind_of(value_named(word));
      if (kind.priority > 3 || kind.parse(nullptr, 0, start, c) == Parsed::no) continue;   // free words are not completed
    }
    const char* text = text_of_word(n, word);
    add_item(items, HelpItem{word, text == nullptr ? std::string_view() : std::string_view(text), placeholder}, n.leading);
  }
  return any;
}

// The line as help sees it: rows to look at, where its words begin, and what the last word is a beginning of.
Matched Engine::Impl::look(const Position& position, std::string_view line, const RunOptions& options, Words& words, ItemList& items,
                           bool& can_end) {
  words.split(line);
  const bool typing = words.count != 0 && !line.empty() && line.back() != ' ' && line.back() != '\t';
  size_t count = words.count - (typing ? 1u : 0u);
  Position at = position;
  trim(at);
  bool exec = !at.in_config();
  size_t first = 0;
  Sense sense = Sense::plain;
  if (!exec && count > 0) {
    const std::string_view word = words.raw(0);
    if (equal_nocase(word, "do")) { exec = true; first = 1; }
    else if (equal_nocase(word, "no")) { sense = Sense::no; first = 1; }
    else if (word.size() >= 3 && starts_nocase("default", word)) { sense = Sense::defaults; first = 1; }
  }
  const RowSet& rows = exec ? exec_rows : rows_at(at, at.depth - 1u);
  matcher.set_privilege(options.privilege, exec ? 1 : 15);
  const std::string_view start = typing ? words.raw(words.count - 1u) : std::string_view();
  Matched m = matcher.explore(rows, words, first, count, sense, can_end);
  if (m == Matched::complete) add_next(items, start, typing, false);
  if (sense == Sense::no) {                            // rows that are written with their own `no`
    bool own_end = false;
    if (matcher.explore(rows, words, 0, count, Sense::plain, own_end) == Matched::complete && add_next(items, start, typing, true)) {
      can_end = (m == Matched::complete && can_end) || own_end;
      m = Matched::complete;
    }
  }
  if (m != Matched::complete) return m;
  if (!exec && first == 0 && count == 0)
    for (const std::string_view word : {"no", "default"})
      if (starts_nocase(word, start))
        add_item(items, HelpItem{word, word == "no" ? "Negate a command or set its defaults" : "Set a command to its defaults", false}, true);
  if (typing) can_end = false;
  return items.count == 0 && !can_end && typing ? Matched::invalid : Matched::complete;
}

Verdict Engine::help(const Position& at, std::string_view line, const RunOptions& options, HelpSink& sink) {
  Words words;
  Impl::ItemList items;
  bool can_end = false;
  switch (impl_->look(at, line, options, words, items, can_end)) {
    case Matched::ambiguous: return Verdict::ambiguous;
    case Matched::complete: break;
    default: return Verdict::invalid;
  }
  for (size_t i = 0; i < items.count; ++i) sink.item(items.items[i]);
  if (can_end) sink.complete();
  return Verdict::ok;
}

bool Engine::exec_keyword(std::string_view word) const {
  const RowSet& rows = impl_->exec_rows;
  for (size_t i = 0; i < rows.size(); ++i) {
    const char* syntax = rows[i].row->syntax;
    const Lexeme first = lexeme_at(syntax, 0);
    if (first.part == Part::keyword && keyword_exact(text_of(syntax, first), word)) return true;
  }
  return false;
}

std::string_view Engine::complete(const Position& at, std::string_view line, const RunOptions& options) {
  Words words;
  Impl::ItemList items;
  bool can_end = false;
  if (line.empty() || line.back() == ' ' || line.back() == '\t') return {};
  if (impl_->look(at, line, options, words, items, can_end) != Matched::complete || words.count == 0) return {};   // "\r": no word
  const HelpItem* only = nullptr;
  for (size_t i = 0; i < items.count; ++i) {
    if (items.items[i].placeholder) continue;
    if (only != nullptr) {                          // an exact word is complete although longer ones begin with it
      const std::string_view typed = words.raw(words.count - 1u);
      if (equal_nocase(only->word, typed)) break;
      return {};
    }
    only = &items.items[i];
  }
  if (only == nullptr || !impl_->completion.set(only->word)) return {};
  return impl_->completion.view();
}

}  // namespace parley::cli
