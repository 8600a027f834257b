// Words of a line, keywords, and the rows of a mode ordered by first letter.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/matcher.h"

namespace parley::cli {

namespace {
bool blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
}  // namespace

void Words::split(std::string_view line) {
  text = line;
  count = 0;
  too_many = false;
  size_t last = line.size();
  while (last > 0 && blank(line[last - 1])) --last;
  end = static_cast<uint16_t>(last);
  if (last > 0xff00) { too_many = true; end = 0; return; }
  for (size_t i = 0; i < last;) {
    if (blank(line[i])) { ++i; continue; }
    if (count == kMax) { too_many = true; return; }
    Word& w = words[count++];
    w = Word{static_cast<uint16_t>(i), 0, false};
    size_t stop = i;
    if (line[i] == '"') {                        // "a b" is one word
      const size_t quote = line.find('"', i + 1);
      if (quote != std::string_view::npos && quote < last && (quote + 1 == last || blank(line[quote + 1]))) {
        w.quoted = true;
        stop = quote + 1;
      }
    }
    if (!w.quoted)
      while (stop < last && !blank(line[stop])) ++stop;
    w.length = static_cast<uint16_t>(stop - i);
    i = stop;
  }
}

std::string_view Words::value(size_t i) const {
  const std::string_view r = raw(i);
  return words[i].quoted ? r.substr(1, r.size() - 2) : r;
}

size_t RowSet::bucket(char c) {
  const char l = ascii_lower(c);
  return l >= 'a' && l <= 'z' ? static_cast<size_t>(l - 'a' + 1) : 27;
}

size_t RowSet::bucket_of(const Row& row) {
  const Lexeme x = lexeme_at(row.syntax, 0);
  if (x.part != Part::keyword || text_of(row.syntax, x).find('=') != std::string_view::npos) return 0;
  return bucket(row.syntax[x.at]);
}

Status RowSet::add(const Row& row, uint16_t module) { return refs_.push(RowRef{&row, module}); }

void RowSet::index() {                           // stable insertion by bucket; once per mode at start
  for (size_t i = 1; i < refs_.size(); ++i) {
    const RowRef moving = refs_[i];
    const size_t b = bucket_of(*moving.row);
    size_t k = i;
    for (; k > 0 && bucket_of(*refs_[k - 1].row) > b; --k) refs_[k] = refs_[k - 1];
    refs_[k] = moving;
  }
  size_t at = 0;
  for (size_t b = 0; b <= kBuckets; ++b) {
    while (at < refs_.size() && bucket_of(*refs_[at].row) < b) ++at;
    first_[b] = static_cast<uint16_t>(at);
  }
}

uint16_t last_leading(const char* syntax) {
  uint16_t last = 0xffff;
  for (size_t at = 0;;) {
    const Lexeme x = lexeme_at(syntax, at);
    if (x.part != Part::keyword) return last;
    last = x.at;
    at = x.next;
  }
}

size_t common_prefix(std::string_view a, std::string_view b) {
  size_t n = 0;
  while (n < a.size() && n < b.size() && ascii_lower(a[n]) == ascii_lower(b[n])) ++n;
  return n;
}

std::string_view keyword_main(std::string_view keyword) { return keyword.substr(0, keyword.find('=')); }

bool keyword_exact(std::string_view keyword, std::string_view word) {
  for (;;) {
    const size_t sign = keyword.find('=');
    if (equal_nocase(keyword.substr(0, sign), word)) return true;
    if (sign == std::string_view::npos) return false;
    keyword.remove_prefix(sign + 1);
  }
}

bool keyword_prefix(std::string_view keyword, std::string_view word) {
  for (;;) {
    const size_t sign = keyword.find('=');
    if (starts_nocase(keyword.substr(0, sign), word)) return true;
    if (sign == std::string_view::npos) return false;
    keyword.remove_prefix(sign + 1);
  }
}

}  // namespace parley::cli
