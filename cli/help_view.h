// The two layouts of `?`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "cli/engine.h"
#include "platform/base/memory.h"

namespace parley::cli {

class HelpView final : public HelpSink {
 public:
  explicit HelpView(Arena& arena) : arena_(arena), items_(arena), texts_(arena) {}
  void item(const HelpItem& item) override;
  void complete() override { complete_ = true; }

  bool completes() const { return complete_; }
  bool empty() const { return items_.empty() && !complete_; }
  void print_words(Writer& out, size_t width) const;     // `con?`
  void print_lines(Writer& out) const;                   // `con ?`

 private:
  struct Piece {
    uint32_t at = 0;
    uint32_t word = 0;
    uint32_t text = 0;
  };
  std::string_view word(const Piece& p) const { return texts_.text().substr(p.at, p.word); }
  std::string_view text(const Piece& p) const { return texts_.text().substr(p.at + p.word, p.text); }
  size_t widest() const;

  Arena& arena_;
  List<Piece> items_;
  Blob texts_;             // words and descriptions; the sink's views do not live longer than the call
  bool complete_ = false;
};

}  // namespace parley::cli
