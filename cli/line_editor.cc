// Line editing on a terminal.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/line_editor.h"

#include <algorithm>
#include <cstring>

#include "platform/base/secret.h"

namespace parley::cli {
namespace {

constexpr uint8_t ctrl(char c) { return static_cast<uint8_t>(c & 0x1F); }
constexpr uint8_t kEscape = 0x1B, kDelete = 0x7F;

bool is_word(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<uint8_t>(c) >= 0x80; }

}  // namespace

LineEditor::~LineEditor() { wipe(text_, sizeof text_); }

void LineEditor::begin(const Setup& setup) {
  if (echo_ == Echo::off) wipe(text_, sizeof text_);
  const size_t line_start = setup.prompt.rfind('\n') + 1;   // npos + 1 = 0
  const std::string_view prompt = setup.prompt.substr(line_start).substr(0, decltype(prompt_)::kCapacity);
  if (!prompt_.set(prompt)) prompt_.clear();
  command_ = setup.command;
  echo_ = setup.echo;
  limit_ = std::min(setup.limit, kPastedLine);
  width_ = setup.width;
  keep_ctrl_c_ = setup.keep_ctrl_c;
  history_ = setup.history;
  history_at_ = 0;
  size_ = cursor_ = 0;
  too_long_ = false;
  at_ = At::plain;
  view_.begin(cell_count(prompt_), width_);
}

void LineEditor::show() {
  if (echo_ == Echo::on) view_.update(text(), cursor_);
}

void LineEditor::redraw() {
  out_.put(prompt_.view());
  view_.begin(cell_count(prompt_), width_);
  show();
}

void LineEditor::finish(std::string_view mark) {
  if (echo_ == Echo::on) view_.to_end();
  out_.put(mark).put('\n');
}

LineEditor::Event LineEditor::key(uint8_t byte, bool pasted) {
  switch (at_) {
    case At::escape: return escape(byte);
    case At::sequence: return sequence(byte);
    case At::literal:
      at_ = At::plain;
      put(static_cast<char>(byte));
      return Event::none;
    case At::plain: break;
  }
  if (byte == '\r' || byte == '\n') return Event::line;
  if (byte == '?' && command_) return Event::help;
  if (byte < 0x20 || byte == kDelete) return control(byte, pasted);
  put(static_cast<char>(byte));
  return Event::none;
}

LineEditor::Event LineEditor::control(uint8_t byte, bool pasted) {
  switch (byte) {
    case ctrl('A'): move(0); break;
    case ctrl('B'): move(previous_cell(text(), cursor_)); break;
    case ctrl('C'):
      if (!keep_ctrl_c_ && !is_banner()) return Event::cancel;
      put(static_cast<char>(byte));
      break;
    case ctrl('D'): erase(cursor_, next_cell(text(), cursor_), false); break;
    case ctrl('E'): move(size_); break;
    case ctrl('F'): move(next_cell(text(), cursor_)); break;
    case ctrl('H'):
    case kDelete: erase(previous_cell(text(), cursor_), cursor_, false); break;
    case '\t':
      if (command_ && !pasted) return Event::complete;
      put('\t');
      break;
    case ctrl('K'): erase(cursor_, size_, true); break;
    case ctrl('L'):
    case ctrl('R'):
      out_.put('\n');
      redraw();
      break;
    case ctrl('N'): browse(-1); break;
    case ctrl('P'): browse(+1); break;
    case ctrl('T'): swap_characters(); break;
    case ctrl('U'):
    case ctrl('X'): erase(0, size_, true); break;
    case ctrl('V'): at_ = At::literal; break;
    case ctrl('W'): erase(word_left(), cursor_, true); break;
    case ctrl('Y'): insert(std::string_view(killed_, killed_size_)); break;
    case ctrl('Z'): return Event::end_mode;
    case kEscape: at_ = At::escape; break;
    default: break;                   // noise
  }
  return Event::none;
}

LineEditor::Event LineEditor::escape(uint8_t byte) {
  at_ = At::plain;
  switch (ascii_lower(static_cast<char>(byte))) {
    case 'b': move(word_left()); break;
    case 'f': move(word_right()); break;
    case 'd': erase(cursor_, word_right(), true); break;
    case '[': at_ = At::sequence; parameter_ = 0; break;
    case 'o':
      if (byte == 'O') { at_ = At::sequence; parameter_ = 0; }
      break;
    case '\x7f': erase(word_left(), cursor_, true); break;
    default: break;
  }
  return Event::none;
}

// ESC [ A and friends. ECMA-48 8.3: parameters, then one final byte from '@' to '~'.
LineEditor::Event LineEditor::sequence(uint8_t byte) {
  if (byte >= '0' && byte <= '9') parameter_ = static_cast<uint8_t>(parameter_ * 10 + (byte - '0'));
  if (byte >= 0x20 && byte < 0x40) return Event::none;
  at_ = At::plain;
  switch (byte) {
    case 'A': browse(+1); break;
    case 'B': browse(-1); break;
    case 'C': move(next_cell(text(), cursor_)); break;
    case 'D': move(previous_cell(text(), cursor_)); break;
    case 'F': move(size_); break;
    case 'H': move(0); break;
    case '~':
      if (parameter_ == 1 || parameter_ == 7) move(0);
      if (parameter_ == 4 || parameter_ == 8) move(size_);
      if (parameter_ == 3) erase(cursor_, next_cell(text(), cursor_), false);
      break;
    default:
      if (byte == '\r' || byte == '\n') return Event::line;   // a broken sequence eats no line
      break;
  }
  return Event::none;
}

size_t LineEditor::limit() const { return is_banner() ? kPastedLine : limit_; }

void LineEditor::put(char c) {
  if (c == '\0') return;
  if (size_ >= limit()) {
    if (!too_long_) out_.put('\a');
    too_long_ = true;
    return;
  }
  const bool quick = cursor_ == size_ && c >= ' ' && c < 0x7F;
  std::memmove(text_ + cursor_ + 1, text_ + cursor_, size_ - cursor_);
  text_[cursor_++] = c;
  ++size_;
  if (size_ == 3 && text() == "\xEF\xBB\xBF") size_ = cursor_ = 0;   // byte order mark
  if (echo_ == Echo::off) return;
  if (quick && view_.room_for_append()) view_.append(c);
  else show();
}

void LineEditor::insert(std::string_view text) {
  for (char c : text) put(c);
}

void LineEditor::extend(std::string_view text) {
  view_.to_end();
  const Echo echo = echo_;
  echo_ = Echo::off;
  insert(text);
  echo_ = echo;
  out_.put('\n');
  redraw();
}

void LineEditor::erase(size_t from, size_t to, bool keep) {
  if (from >= to) {
    if (!keep) out_.put('\a');
    return;
  }
  if (keep && echo_ == Echo::on) {
    killed_size_ = std::min(to - from, sizeof killed_);
    std::memcpy(killed_, text_ + from, killed_size_);
  }
  std::memmove(text_ + from, text_ + to, size_ - to);
  size_ -= to - from;
  cursor_ = from;
  if (size_ == 0) too_long_ = false;
  show();
}

void LineEditor::move(size_t to) {
  cursor_ = to;
  show();
}

void LineEditor::swap_characters() {
  if (size_ < 2 || cursor_ == 0) return;
  const size_t right = cursor_ < size_ ? cursor_ : cursor_ - 1;
  if (right == 0) return;
  std::swap(text_[right - 1], text_[right]);
  cursor_ = right + 1;
  show();
}

void LineEditor::browse(int direction) {
  if (!command_ || history_ == nullptr) return;
  if (direction > 0 ? history_at_ >= history_->size() : history_at_ == 0) {
    out_.put('\a');
    return;
  }
  history_at_ = direction > 0 ? history_at_ + 1 : history_at_ - 1;
  replace(history_at_ == 0 ? std::string_view() : history_->line(history_->size() - history_at_));
}

void LineEditor::replace(std::string_view text) {
  size_ = cursor_ = std::min(text.size(), limit());
  (void)text.copy(text_, size_);
  too_long_ = false;
  show();
}

size_t LineEditor::word_left() const {
  size_t at = cursor_;
  while (at > 0 && !is_word(text_[at - 1])) --at;
  while (at > 0 && is_word(text_[at - 1])) --at;
  return at;
}

size_t LineEditor::word_right() const {
  size_t at = cursor_;
  while (at < size_ && !is_word(text_[at])) ++at;
  while (at < size_ && is_word(text_[at])) ++at;
  return at;
}

// `banner motd <0x03>`: the delimiter may be the real control character.
bool LineEditor::is_banner() const {
  return command_ && starts_nocase(trim(text()), "banner ");
}

}  // namespace parley::cli
