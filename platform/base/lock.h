// A lock for the few objects that jobs and the scheduler share. Held for memory work, or by one job for one file.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>

namespace parley {

class Lock {
 public:
  // `Lock::Held held(lock);` until the end of the block.
  class [[nodiscard]] Held {
   public:
    explicit Held(Lock& lock) : guard_(lock.mutex_) {}

   private:
    std::lock_guard<std::mutex> guard_;
  };

 private:
  std::mutex mutex_;
};

}  // namespace parley
