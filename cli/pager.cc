// Shows output a page at a time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/pager.h"

#include <algorithm>

#include "cli/cells.h"
#include "cli/filter.h"

namespace parley::cli {
namespace {

constexpr std::string_view kMore = " --More-- ";
// As the original does it: nine back, eight blanks (the first column is blank already), nine back.
constexpr std::string_view kErase = "\b\b\b\b\b\b\b\b\b        \b\b\b\b\b\b\b\b\b";
constexpr uint8_t kCtrlC = 3, kBackspace = 8, kDelete = 0x7F;

}  // namespace

bool TextQueue::push(std::string_view s) {
  if (taken_ > 65536 && taken_ > bytes_.size() / 2) {       // move the rest to the front
    const size_t left = size();
    std::copy(bytes_.data() + taken_, bytes_.data() + bytes_.size(), bytes_.data());
    if (!bytes_.resize(left)) return false;
    taken_ = 0;
  }
  return bytes_.append(s).has_value();
}

void TextQueue::pop(size_t n) {
  taken_ += std::min(n, size());
  if (empty()) clear();
}

void Pager::new_page() {
  rows_left_ = length_ > 1 ? length_ - 1 : 1;
  dropping_ = searching_ = typing_search_ = cut_ = false;
  column_ = 0;
}

void Pager::write(std::string_view s) {
  if (dropping_) return;
  if (length_ == 0 && waiting_.empty()) {
    out_.write(s);
    return;
  }
  const bool at_once = waiting_.empty() && !holding_;
  if (at_once) s.remove_prefix(show(s));
  if (!s.empty() && !waiting_.push(s)) cut_ = true;
  if (!at_once) pump();
}

void Pager::pump() {
  if (!holding_) waiting_.pop(show(waiting_.front()));
}

// Puts text on the screen until a page is full. Returns the bytes it took.
size_t Pager::show(std::string_view text) {
  size_t taken = 0;
  while (taken < text.size()) {
    if (rows_left_ == 0) {
      hold();
      break;
    }
    const std::string_view rest = text.substr(taken);
    const size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
    if (searching_) {
      if (end == std::string_view::npos) break;             // the rest of the line decides
      searching_ = !search_.matches(line.substr(0, end));
    }
    if (!searching_) show_line(line);
    taken += line.size();
  }
  return taken;
}

void Pager::show_line(std::string_view line) {
  out_.write(line);
  const bool ended = line.back() == '\n';
  column_ += cell_count(ended ? line.substr(0, line.size() - 1) : line);
  if (!ended) return;
  const size_t rows = width_ == 0 || column_ == 0 ? 1 : (column_ + width_ - 1) / width_;
  rows_left_ -= std::min(rows, rows_left_);
  column_ = 0;
}

void Pager::hold() {
  holding_ = true;
  out_.write(kMore);
}

void Pager::erase_prompt() {
  out_.write(kErase);
  holding_ = false;
}

void Pager::quit() {
  if (typing_search_) out_.put('\n');
  else if (holding_) erase_prompt();
  holding_ = typing_search_ = false;
  waiting_.clear();
  dropping_ = true;
}

void Pager::key(uint8_t byte) {
  if (typing_search_) {
    search_key(byte);
    return;
  }
  switch (byte) {
    case ' ':
      erase_prompt();
      rows_left_ = length_ > 1 ? length_ - 1 : 1;
      pump();
      break;
    case '\r':
    case '\n':
      erase_prompt();
      rows_left_ = 1;
      pump();
      break;
    case '/':
      erase_prompt();
      holding_ = typing_search_ = true;
      search_text_.clear();
      out_.put('/');
      break;
    default: quit(); break;
  }
}

void Pager::search_key(uint8_t byte) {
  const std::string_view text = search_text_;
  if (byte == kCtrlC) {
    quit();
  } else if (byte == '\r' || byte == '\n') {
    out_.put('\n');
    holding_ = typing_search_ = false;
    char pattern[1000];
    FixedWriter to(pattern);
    if (text.empty() || !to_posix(text, to) || !search_.compile(to.view())) {
      out_.put("% Failed to compile regular expression.\n");
      rows_left_ = 0;
    } else {
      out_.put("filtering...\n");
      searching_ = true;
      rows_left_ = length_ > 1 ? length_ - 1 : 1;
    }
    pump();
  } else if (byte == kBackspace || byte == kDelete) {
    if (!text.empty()) {
      search_text_ = Text<80>(text.substr(0, text.size() - 1));
      out_.put("\b \b");
    }
  } else if (byte >= ' ' && byte < 0x7F && text.size() < decltype(search_text_)::kCapacity) {
    search_text_.data[text.size()] = static_cast<char>(byte);
    out_.put(static_cast<char>(byte));
  }
}

}  // namespace parley::cli
