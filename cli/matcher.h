// Matches a line against all rows of a mode at once, word by word (rows.md 4 and 5).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "cli/row.h"
#include "platform/base/memory.h"

namespace parley::cli {

struct Word {
  uint16_t at = 0;
  uint16_t length = 0;      // quotes included
  bool quoted = false;
};

// A line and its words. Views into the caller's text.
struct Words {
  static constexpr size_t kMax = 128;
  std::string_view text;
  uint16_t end = 0;         // without blanks at the end
  uint8_t count = 0;
  bool too_many = false;
  Word words[kMax];

  void split(std::string_view line);
  std::string_view raw(size_t i) const { return text.substr(words[i].at, words[i].length); }
  std::string_view value(size_t i) const;      // without quotes
  std::string_view rest(size_t i) const { return text.substr(words[i].at, static_cast<size_t>(end - words[i].at)); }
};

// The rows of one mode, ordered by the first letter of their first word.
struct RowRef {
  const Row* row = nullptr;
  uint16_t module = 0;
};
class RowSet {
 public:
  explicit RowSet(Arena& arena) : refs_(arena) {}
  Status add(const Row& row, uint16_t module);
  void index();                                // after the last add()
  size_t size() const { return refs_.size(); }
  const RowRef& operator[](size_t i) const { return refs_[i]; }
  static constexpr size_t kBuckets = 28;       // 0 = starts with a group, 1..26 letters, 27 = other signs
  static size_t bucket(char c);
  uint16_t begin(size_t b) const { return first_[b]; }
  uint16_t end(size_t b) const { return first_[b + 1]; }

 private:
  static size_t bucket_of(const Row& row);
  List<RowRef> refs_;
  uint16_t first_[kBuckets + 1] = {};
};

enum class Sense : uint8_t { plain, no, defaults };
enum class Matched : uint8_t { complete, invalid, incomplete, ambiguous };

// One word of the line and the place in the syntax that took it.
struct Step {
  uint16_t leaf = 0;
  uint8_t word = 0;
  uint8_t phase = 0;
};

struct Match {
  Matched result = Matched::invalid;
  RowRef ref;
  bool partial = false;          // ended early: `no` after the leading words, or a block named by its key only
  uint16_t collector = 0xffff;   // leaf of a multi-line value that comes now
  uint16_t offset = 0;           // invalid: caret, offset in the text
  uint8_t count = 0;
  uint8_t rows = 0;              // how many rows accept: more than one is a mistake of the tables
  Step steps[Words::kMax];
};

// What may come next: used by help and completion.
struct Next {
  const Row* row;
  Lexeme lexeme;
  uint16_t module;
  bool leading;                  // the last of the row's leading keywords
};

class Matcher {
 public:
  void set_privilege(uint8_t level, uint8_t default_level) { privilege_ = level; default_level_ = default_level; }
  // Words from `first` on. With sense no / defaults, a line may end early.
  void match(const RowSet& rows, const Words& words, size_t first, Sense sense, Match& out);

  // Walks the first `count` words, then calls `take` for each place that may come next; returns the state of the walk.
  // can_end: a row accepts what is there.
  Matched explore(const RowSet& rows, const Words& words, size_t first, size_t count, Sense sense, bool& can_end);
  size_t next_count() const { return now_count_; }
  bool next(size_t i, Next& out) const;        // false: the end of a row

 private:
  static constexpr size_t kPlaces = 1024;
  static constexpr size_t kNodes = 2048;
  static constexpr uint16_t kEnd = 0xffff;
  static constexpr uint16_t kNone = 0xffff;
  struct Node { uint16_t leaf; uint16_t parent; uint8_t word; uint8_t phase; };
  struct Place { uint16_t ref; uint16_t leaf; uint16_t node; uint8_t mask; uint8_t phase; Lexeme lexeme; };   // lexeme: that at leaf
  struct Rank { uint8_t priority = 0xff; bool more = false; bool rest = false; };

  void start(const RowSet& rows, const Words& words, size_t first, Sense sense);
  bool allowed(const RowRef& ref, Sense sense) const;
  Matched step(const Words& words, size_t word, uint16_t& offset, bool& rest);
  Rank rank(const Place& p, const Words& words, size_t word, const Lexeme& x) const;
  bool prefer_visible();
  std::string_view main_of(const Place& p) const;
  uint16_t caret(const Words& words, size_t word) const;
  void expand(uint16_t ref, size_t at, uint8_t mask, uint16_t node);
  void parts(uint16_t ref, size_t open_next, uint8_t mask, uint16_t node);
  void alternatives(uint16_t ref, size_t open_next, uint8_t mask, uint16_t node);
  void emit(uint16_t ref, uint16_t leaf, const Lexeme& lexeme, uint8_t mask, uint16_t node);
  void finish(Sense sense, Match& out) const;
  bool may_end(const Place& p, Sense sense, bool& partial) const;
  const char* syntax(uint16_t ref) const { return (*rows_)[ref].row->syntax; }

  const RowSet* rows_ = nullptr;
  uint8_t privilege_ = 15;
  uint8_t default_level_ = 15;
  size_t first_emitted_ = 0;
  size_t now_count_ = 0, then_count_ = 0, node_count_ = 0;
  Place places_[2][kPlaces];
  Place* now_ = places_[0];
  Place* then_ = places_[1];
  Node nodes_[kNodes];
  Rank ranks_[kPlaces];          // of now_; here, because filling it for each word costs more than the words
};

uint16_t last_leading(const char* syntax);    // offset of the last leading keyword; 0xffff = none
size_t common_prefix(std::string_view a, std::string_view b);
bool keyword_exact(std::string_view keyword, std::string_view word);    // "main=alias": both
bool keyword_prefix(std::string_view keyword, std::string_view word);
std::string_view keyword_main(std::string_view keyword);

}  // namespace parley::cli
