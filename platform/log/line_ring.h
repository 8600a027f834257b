// Lines in a bounded amount of memory that is taken in pieces, only when there is something to keep.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/memory.h"

namespace parley {

class LineRing {
 public:
  static constexpr size_t kMaxLine = 480;

  LineRing(Arena& arena, size_t limit_bytes) : arena_(arena), limit_(limit_bytes) {}
  ~LineRing() { clear(); }
  LineRing(const LineRing&) = delete;
  LineRing& operator=(const LineRing&) = delete;

  // Lines over kMaxLine are cut. tag: what the owner wants to know about the line.
  bool push(std::string_view line, uint16_t tag);             // false: no room
  bool push_over_oldest(std::string_view line, uint16_t tag); // drops old lines for it; false: larger than everything
  struct Line { std::string_view text; uint16_t tag; };
  bool front(Line& line) const;                               // valid until the next change
  void pop();
  template <class F>
  void each(F f) const {
    for (const Chunk* c = first_; c != nullptr; c = c->next)
      for (size_t at = c->begin; at < c->end;) f(line_at(*c, at));
  }
  void set_limit(size_t bytes);                               // a smaller one drops the oldest lines
  size_t limit() const { return limit_; }
  size_t used() const { return used_; }                       // bytes of text, one more for each line
  size_t count() const { return count_; }
  void clear();

 private:
  struct Chunk {
    Chunk* next;
    uint32_t begin, end;
    unsigned char data[4080];
  };
  struct Head { uint16_t size, tag; };
  static Line line_at(const Chunk& c, size_t& at);            // moves `at` behind the line
  bool has_room(size_t size) const { return size + 1 <= limit_ && used_ <= limit_ - size - 1; }
  Arena& arena_;
  size_t limit_;
  size_t used_ = 0;
  size_t count_ = 0;
  Chunk* first_ = nullptr;
  Chunk* last_ = nullptr;
};

}  // namespace parley
