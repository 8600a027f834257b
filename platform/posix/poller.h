// What the scheduler sleeps on: epoll over sockets and terminals, and a wake-up for other threads and signals.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "platform/posix/fd.h"
#include "platform/sched/scheduler.h"

namespace parley::posix {

// Edge-triggered: an fd that said `busy` is reported once when that changes.
class Poller final : public Waiter {
 public:
  class Watch {
   public:
    // Only wakes tasks; must not add or remove watches.
    virtual void ready(uint32_t epoll_events) = 0;

   protected:
    ~Watch() = default;
  };

  static Result<std::unique_ptr<Poller>> make();
  // Fault denied: this kind of file is always ready (regular files, /dev/null).
  Status add(int fd, Watch& watch);
  void remove(int fd);
  void wait(Millis at_most) override;
  void interrupt() override;          // also from signal handlers

 private:
  Poller(Fd epoll, Fd event) : epoll_(std::move(epoll)), event_(std::move(event)) {}
  Fd epoll_;
  Fd event_;
};

}  // namespace parley::posix
