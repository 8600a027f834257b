// The three kinds of sockets of PosixNet, and their common part.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <new>

#include <netinet/in.h>

#include "platform/posix/net.h"

namespace parley::posix {

sockaddr_in to_sockaddr(Endpoint e);
Endpoint to_endpoint(const sockaddr_in& a);
Endpoint local_of(int fd);

// An open socket that is counted, watched, and wakes its owner. Memory comes from the arena "Sockets".
class Socket : public Poller::Watch {
 public:
  Socket(PosixNet& net, Fd fd, Task& owner) : net_(net), fd_(std::move(fd)), owner_(&owner) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  void ready(uint32_t) override { owner_->wake(); }
  Status watch() { return net_.poller().add(fd_.get(), *this); }

 protected:
  ~Socket() {
    net_.poller().remove(fd_.get());
    fd_.close();
    net_.give_back();
  }
  PosixNet& net_;
  Fd fd_;
  Task* owner_;
};

void* socket_memory(size_t bytes);
void free_socket_memory(void* p, size_t bytes);

// Allocation functions of the final classes.
#define PARLEY_SOCKET_MEMORY                                                                               \
  static void* operator new(size_t n, const std::nothrow_t&) noexcept { return socket_memory(n); }        \
  static void operator delete(void* p, size_t n) noexcept { free_socket_memory(p, n); }                   \
  static void operator delete(void*, const std::nothrow_t&) noexcept {}

class PosixStream final : public Stream, private Socket {
 public:
  PARLEY_SOCKET_MEMORY
  PosixStream(PosixNet& net, Fd fd, Task& owner, Endpoint peer, bool connecting)
      : Socket(net, std::move(fd), owner), peer_(peer), connecting_(connecting) {}
  using Socket::watch;
  void set_owner(Task& owner) override;
  Result<size_t> read(MutBytes to) override;
  Result<size_t> write(Bytes from) override;
  bool connected() const override { return !connecting_ && error_ == 0; }
  Endpoint peer() const override { return peer_; }
  Endpoint local() const override { return local_of(fd_.get()); }
  void shutdown_write() override;
  void ready(uint32_t events) override;

 private:
  Status usable() const;
  Endpoint peer_;
  bool connecting_;
  int error_ = 0;        // why connect() failed
};

class PosixListener final : public Listener, private Socket {
 public:
  PARLEY_SOCKET_MEMORY
  PosixListener(PosixNet& net, Fd fd, Task& owner) : Socket(net, std::move(fd), owner) { net_.link(*this); }
  ~PosixListener() override { net_.unlink(*this); }
  using Socket::watch;
  Result<std::unique_ptr<Stream>> accept(Task& owner) override;
  Endpoint local() const override { return local_of(fd_.get()); }
  void room_again();

 private:
  friend class PosixNet;
  Result<std::unique_ptr<Stream>> accept_one(Task& owner);
  bool starved_ = false;   // a connection waits in the kernel because we had no room
  PosixListener* next_ = nullptr;
};

class PosixDatagram final : public Datagram, private Socket {
 public:
  PARLEY_SOCKET_MEMORY
  PosixDatagram(PosixNet& net, Fd fd, Task& owner) : Socket(net, std::move(fd), owner) {}
  using Socket::watch;
  Result<size_t> receive(MutBytes to, Endpoint& from, uint32_t& local_ip) override;
  Status send(Endpoint to, Bytes data) override;
  Endpoint local() const override { return local_of(fd_.get()); }
};

}  // namespace parley::posix
