// The two layouts of `?`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/help_view.h"

#include <algorithm>

namespace parley::cli {

void HelpView::item(const HelpItem& item) {
  Piece p;
  p.at = static_cast<uint32_t>(texts_.size());
  p.word = static_cast<uint32_t>(item.word.size());
  p.text = static_cast<uint32_t>(item.text.size());
  // Out of memory: the entry is missing from the list, nothing else.
  if (texts_.append(item.word) && texts_.append(item.text)) (void)items_.push(p).has_value();
}

size_t HelpView::widest() const {
  size_t most = 0;
  for (const Piece& p : items_) most = std::max<size_t>(most, p.word);
  return most;
}

void HelpView::print_words(Writer& out, size_t width) const {
  const size_t column = widest() + 2;
  const size_t columns = std::max<size_t>(1, width / column);
  for (size_t i = 0; i < items_.size(); ++i) {
    const bool last = i + 1 == items_.size() || (i + 1) % columns == 0;
    if (last) out.put(word(items_[i])).put("  \n");
    else out.left(word(items_[i]), column);
  }
}

void HelpView::print_lines(Writer& out) const {
  const size_t column = widest() + 2;
  for (const Piece& p : items_) {
    if (p.text == 0) out.put("  ").put(word(p)).put('\n');
    else out.put("  ").left(word(p), column).put(text(p)).put('\n');
  }
  if (complete_) out.put("  <cr>\n");
}

}  // namespace parley::cli
