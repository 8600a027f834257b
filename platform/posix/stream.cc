// TCP connections and listeners.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cerrno>

#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "platform/posix/socket.h"

namespace parley::posix {

void PosixStream::set_owner(Task& owner) {
  owner_ = &owner;
  owner.wake();  // what came for the former owner
}

void PosixStream::ready(uint32_t events) {
  if (connecting_ && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0) {
    // Not SO_ERROR: QEMU's user emulation hands it out with the host's numbers, which differ on MIPS.
    uint8_t peeked = 0;
    const bool failed = ::recv(fd_.get(), &peeked, 1, MSG_PEEK | MSG_DONTWAIT) < 0;
    error_ = failed && errno != EAGAIN && errno != EINTR ? errno : 0;
    connecting_ = false;
  }
  owner_->wake();
}

Status PosixStream::usable() const {
  if (connecting_) return Fault{Code::busy, "connecting", 0};
  if (error_ != 0) return fault_of(error_, "cannot connect");
  return {};
}

Result<size_t> PosixStream::read(MutBytes to) {
  if (to.empty()) return Fault{Code::invalid, "no room to read into", 0};
  TRY(usable());
  const ssize_t n = retry([&] { return ::recv(fd_.get(), to.data(), to.size(), 0); });
  if (n < 0) return last_fault("connection lost");
  if (n == 0) return Fault{Code::closed, "end of stream", 0};
  // The kernel reports an edge only after it has said `busy`; a reader that stops here is told to go on.
  if (static_cast<size_t>(n) == to.size()) owner_->wake();
  return static_cast<size_t>(n);
}

Result<size_t> PosixStream::write(Bytes from) {
  TRY(usable());
  if (from.empty()) return size_t{0};
  const ssize_t n = retry([&] { return ::send(fd_.get(), from.data(), from.size(), MSG_NOSIGNAL); });
  if (n < 0) return last_fault("connection lost");
  return static_cast<size_t>(n);
}

void PosixStream::shutdown_write() { (void)::shutdown(fd_.get(), SHUT_WR); }

Result<std::unique_ptr<Stream>> PosixListener::accept(Task& owner) {
  if (!net_.grab()) {
    starved_ = true;
    return Fault{Code::full, "too many connections", 0};
  }
  auto stream = accept_one(owner);
  if (!stream && stream.error().code == Code::full) starved_ = true;
  return stream;
}

// A socket is counted; it belongs to the stream or is given back.
Result<std::unique_ptr<Stream>> PosixListener::accept_one(Task& owner) {
  sockaddr_in from{};
  socklen_t size = sizeof from;
  Fd fd;
  do {
    fd = Fd(::accept4(fd_.get(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
  } while (!fd && (errno == EINTR || errno == ECONNABORTED));
  if (!fd) {
    const Fault fault = last_fault("no connection waits");
    net_.give_back();
    return fault;
  }
  const int on = 1;
  (void)::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  auto* stream = new (std::nothrow) PosixStream(net_, std::move(fd), owner, to_endpoint(from), false);
  if (stream == nullptr) {
    net_.give_back();
    return Fault{Code::full, "no memory for a connection", 0};
  }
  std::unique_ptr<Stream> result(stream);
  TRY(stream->watch());
  owner_->wake();  // there may be more
  return result;
}

void PosixListener::room_again() {
  if (!starved_) return;
  starved_ = false;
  owner_->wake();
}

}  // namespace parley::posix
