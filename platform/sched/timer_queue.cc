// The pairing heap of running timers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/sched/timer_queue.h"

#include <utility>

namespace parley {

// Links: child_ = first child; next_ = next sibling; prev_ = previous sibling, or the parent for a first child.
Timer* TimerQueue::meld(Timer* a, Timer* b) {
  if (a == nullptr) return b;
  if (b == nullptr) return a;
  if (b->due_ < a->due_) std::swap(a, b);
  b->next_ = a->child_;
  if (b->next_ != nullptr) b->next_->prev_ = b;
  b->prev_ = a;
  a->child_ = b;
  return a;
}

// Two passes without recursion: pairs from the left are collected on a stack, which is then melded into one.
Timer* TimerQueue::meld_siblings(Timer* first) {
  Timer* pairs = nullptr;
  while (first != nullptr) {
    Timer* a = first;
    Timer* b = a->next_;
    first = b != nullptr ? b->next_ : nullptr;
    a->next_ = a->prev_ = nullptr;
    if (b != nullptr) b->next_ = b->prev_ = nullptr;
    Timer* pair = meld(a, b);
    pair->next_ = pairs;
    pairs = pair;
  }
  Timer* all = nullptr;
  while (pairs != nullptr) {
    Timer* pair = pairs;
    pairs = pair->next_;
    pair->next_ = nullptr;
    all = meld(all, pair);
  }
  return all;
}

void TimerQueue::insert(Timer& t) {
  t.child_ = t.next_ = t.prev_ = nullptr;
  root_ = meld(root_, &t);
}

void TimerQueue::remove(Timer& t) {
  Timer* orphans = meld_siblings(std::exchange(t.child_, nullptr));
  if (&t == root_) {
    root_ = orphans;
    return;
  }
  if (t.prev_->child_ == &t) t.prev_->child_ = t.next_; else t.prev_->next_ = t.next_;
  if (t.next_ != nullptr) t.next_->prev_ = t.prev_;
  t.next_ = t.prev_ = nullptr;
  root_ = meld(root_, orphans);
}

}  // namespace parley
