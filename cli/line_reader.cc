// Lines from a pipe.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_reader.h"

#include <algorithm>

#include "platform/base/secret.h"

namespace parley::cli {
namespace {
constexpr uint8_t kCtrlC = 0x03, kCtrlV = 0x16, kCtrlZ = 0x1A;
}

LineReader::~LineReader() { wipe(text_, sizeof text_); }

void LineReader::begin(const LineEditor::Setup& setup) {
  command_ = setup.command;
  limit_ = std::min(setup.limit, kPastedLine);
  keep_ctrl_c_ = setup.keep_ctrl_c;
  size_ = 0;
  too_long_ = started_ = literal_ = quoted_mark_ = false;
}

LineReader::Event LineReader::byte(uint8_t b) {
  started_ = true;
  if (!literal_) {
    if (b == '\r' || b == '\n') {
      if (!command_ || too_long_ || quoted_mark_ || !text().ends_with('?')) return Event::line;
      --size_;
      return Event::help;
    }
    if (b == kCtrlZ) return Event::end_mode;
    if (b == kCtrlC && !keep_ctrl_c_ && !is_banner()) return Event::cancel;
    if (b == kCtrlV && command_) {
      literal_ = true;
      return Event::none;
    }
  }
  quoted_mark_ = literal_ && b == '?';
  literal_ = false;
  if (b == '\0') return Event::none;
  if (size_ >= limit()) {
    too_long_ = true;
    return Event::none;
  }
  text_[size_++] = static_cast<char>(b);
  if (size_ == 3 && text() == "\xEF\xBB\xBF") size_ = 0;   // byte order mark
  return Event::none;
}

bool LineReader::is_banner() const { return command_ && starts_nocase(trim(text()), "banner "); }

}  // namespace parley::cli
