// Mailbox: bounded queue of small messages to one task.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstddef>

#include "platform/base/result.h"
#include "platform/sched/task.h"

namespace parley {

template <class T, size_t N>
class Mailbox {
 public:
  explicit Mailbox(Task& owner) : owner_(owner) {}
  Status post(T message) {  // Fault full: the sender decides what is lost; counted
    if (used_ == N) { ++refused_; return Fault{Code::full, "mailbox is full", 0}; }
    slots_[(first_ + used_++) % N] = std::move(message);
    owner_.wake();
    return {};
  }
  bool take(T& out) {
    if (used_ == 0) return false;
    out = std::move(slots_[first_]);
    first_ = (first_ + 1) % N;
    --used_;
    return true;
  }
  size_t size() const { return used_; }
  uint64_t refused() const { return refused_; }

 private:
  Task& owner_;
  std::array<T, N> slots_{};
  size_t first_ = 0;
  size_t used_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace parley
