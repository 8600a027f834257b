// Output of a session on its way to the terminal.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/screen.h"

namespace parley::cli {

// Without memory the text is lost: the session stays usable.
void Screen::write(std::string_view s) {
  if (s.empty()) return;
  at_line_start_ = s.back() == '\n';
  (void)waiting_.push(s);
}

bool Screen::flush() {
  while (!waiting_.empty()) {
    const Result<size_t> n = terminal_.write(as_bytes(waiting_.front()));
    if (!n) return n.error().code == Code::busy;
    waiting_.pop(*n);
  }
  return true;
}

}  // namespace parley::cli
