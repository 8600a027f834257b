// The chunks of a LineRing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/log/line_ring.h"

#include <cstring>
#include <utility>

namespace parley {

LineRing::Line LineRing::line_at(const Chunk& c, size_t& at) {
  Head h;
  std::memcpy(&h, c.data + at, sizeof h);
  const Line line{std::string_view(reinterpret_cast<const char*>(c.data) + at + sizeof h, h.size), h.tag};
  at += sizeof h + h.size;
  return line;
}

bool LineRing::push(std::string_view line, uint16_t tag) {
  line = line.substr(0, kMaxLine);
  if (!has_room(line.size())) return false;
  const Head h{static_cast<uint16_t>(line.size()), tag};
  if (last_ == nullptr || last_->end + sizeof h + line.size() > sizeof last_->data) {
    auto* c = static_cast<Chunk*>(arena_.allocate(sizeof(Chunk)));
    if (c == nullptr) return false;
    c->next = nullptr;
    c->begin = c->end = 0;
    (last_ != nullptr ? last_->next : first_) = c;
    last_ = c;
  }
  std::memcpy(last_->data + last_->end, &h, sizeof h);
  if (!line.empty()) std::memcpy(last_->data + last_->end + sizeof h, line.data(), line.size());
  last_->end += static_cast<uint32_t>(sizeof h + line.size());
  used_ += line.size() + 1;
  ++count_;
  return true;
}

bool LineRing::push_over_oldest(std::string_view line, uint16_t tag) {
  while (!push(line, tag)) {
    if (count_ == 0) return false;
    pop();
  }
  return true;
}

bool LineRing::front(Line& line) const {
  if (count_ == 0) return false;
  size_t at = first_->begin;
  line = line_at(*first_, at);
  return true;
}

void LineRing::pop() {
  if (count_ == 0) return;
  size_t at = first_->begin;
  used_ -= line_at(*first_, at).text.size() + 1;
  --count_;
  first_->begin = static_cast<uint32_t>(at);
  if (first_->begin < first_->end) return;
  Chunk* empty = std::exchange(first_, first_->next);
  if (first_ == nullptr) last_ = nullptr;
  arena_.release(empty, sizeof(Chunk));
}

void LineRing::set_limit(size_t bytes) {
  limit_ = bytes;
  while (count_ > 0 && used_ > limit_) pop();
}

void LineRing::clear() {
  while (count_ > 0) pop();
}

}  // namespace parley
