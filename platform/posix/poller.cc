// epoll and eventfd.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/poller.h"

#include <algorithm>
#include <cerrno>

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace parley::posix {

Result<std::unique_ptr<Poller>> Poller::make() {
  Fd epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll) return last_fault("epoll is not available");
  Fd event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC));
  if (!event) return last_fault("eventfd is not available");
  epoll_event e{};
  e.events = EPOLLIN;
  e.data.ptr = nullptr;  // the only watch without an object
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, event.get(), &e) != 0) return last_fault("epoll");
  return std::unique_ptr<Poller>(new Poller(std::move(epoll), std::move(event)));
}

Status Poller::add(int fd, Watch& watch) {
  epoll_event e{};
  e.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  e.data.ptr = &watch;
  if (::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &e) != 0) return last_fault("cannot wait for this file");
  return {};
}

void Poller::remove(int fd) { (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr); }

void Poller::wait(Millis at_most) {
  epoll_event events[64];
  const auto ms = static_cast<int>(std::clamp<Millis::rep>(at_most.count(), 0, 3'600'000));
  const int n = ::epoll_wait(epoll_.get(), events, 64, ms);
  for (int i = 0; i < n; ++i) {
    if (events[i].data.ptr != nullptr) {
      static_cast<Watch*>(events[i].data.ptr)->ready(events[i].events);
      continue;
    }
    uint64_t count = 0;
    (void)!::read(event_.get(), &count, sizeof count);
  }
}

void Poller::interrupt() {
  const int saved = errno;  // may run inside a signal handler
  const uint64_t one = 1;
  (void)!::write(event_.get(), &one, sizeof one);
  errno = saved;
}

}  // namespace parley::posix
