// An owned file descriptor, and faults made from errno.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "platform/base/result.h"

namespace parley::posix {

class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& o) noexcept : fd_(std::exchange(o.fd_, -1)) {}
  Fd& operator=(Fd&& o) noexcept {
    std::swap(fd_, o.fd_);
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { close(); }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  void close();

 private:
  int fd_ = -1;
};

// The Fault that an errno value means; detail is the value.
Fault fault_of(int error, const char* what);
Fault last_fault(const char* what);   // of errno

// Repeats a system call that a signal interrupted.
template <class F>
auto retry(F call) -> decltype(call());
bool interrupted();                   // errno == EINTR

template <class F>
auto retry(F call) -> decltype(call()) {
  for (;;) {
    const auto r = call();
    if (r >= 0 || !interrupted()) return r;
  }
}

}  // namespace parley::posix
