// Opening sockets: listen, bind, connect; the count of sockets; host mode.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/net.h"

#include <cerrno>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "platform/base/memory.h"
#include "platform/posix/socket.h"

namespace parley::posix {
namespace {

constinit Arena g_sockets("Sockets", size_t{64} << 20);

Result<Fd> open_socket(int type) {
  Fd fd(::socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return last_fault("no free socket");
  return fd;
}

Status bind_socket(int fd, Endpoint local) {
  const sockaddr_in a = to_sockaddr(local);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0) return {};
  switch (errno) {
    case EADDRINUSE: return last_fault("address is in use");
    case EADDRNOTAVAIL: return last_fault("address is not ours");
    default: return last_fault("cannot bind");
  }
}

void switch_on(int fd, int level, int option) {
  const int on = 1;
  (void)::setsockopt(fd, level, option, &on, sizeof on);
}

// Counts on the way in; on every way out but success it is given back.
class Ticket {
 public:
  explicit Ticket(PosixNet& net) : net_(net), held_(net.grab()) {}
  ~Ticket() { if (held_) net_.give_back(); }
  Ticket(const Ticket&) = delete;
  Ticket& operator=(const Ticket&) = delete;
  bool held() const { return held_; }
  void passed_on() { held_ = false; }

 private:
  PosixNet& net_;
  bool held_;
};

constexpr Fault kFull{Code::full, "too many sockets", 0};

}  // namespace

sockaddr_in to_sockaddr(Endpoint e) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(e.port);
  a.sin_addr.s_addr = htonl(e.ip);
  return a;
}

Endpoint to_endpoint(const sockaddr_in& a) { return {ntohl(a.sin_addr.s_addr), ntohs(a.sin_port)}; }

Endpoint local_of(int fd) {
  sockaddr_in a{};
  socklen_t size = sizeof a;
  (void)::getsockname(fd, reinterpret_cast<sockaddr*>(&a), &size);
  return to_endpoint(a);
}

void* socket_memory(size_t bytes) { return g_sockets.allocate(bytes); }
void free_socket_memory(void* p, size_t bytes) { g_sockets.release(p, bytes); }

PosixNet::~PosixNet() { PARLEY_CHECK(sockets_ == 0); }  // sockets go before their net

bool PosixNet::grab() {
  if (sockets_ >= max_sockets_) return false;
  ++sockets_;
  return true;
}

void PosixNet::give_back() {
  --sockets_;
  for (PosixListener* l = listeners_; l != nullptr; l = l->next_) l->room_again();
}

void PosixNet::link(PosixListener& l) {
  l.next_ = listeners_;
  listeners_ = &l;
}

void PosixNet::unlink(PosixListener& l) {
  PosixListener** at = &listeners_;
  while (*at != &l) at = &(*at)->next_;
  *at = l.next_;
}

Status PosixNet::shift(Endpoint& local) const {
  if (host_.port_offset == 0) return {};
  local.ip = INADDR_LOOPBACK;
  if (local.port == 0) return {};
  if (local.port > UINT16_MAX - host_.port_offset) return Fault{Code::invalid, "port too high for --net host", local.port};
  local.port = static_cast<uint16_t>(local.port + host_.port_offset);
  return {};
}

Result<std::unique_ptr<Listener>> PosixNet::listen(Task& owner, Endpoint local, int backlog) {
  TRY(shift(local));
  Ticket ticket(*this);
  if (!ticket.held()) return kFull;
  TRY_ASSIGN(Fd fd, open_socket(SOCK_STREAM));
  switch_on(fd.get(), SOL_SOCKET, SO_REUSEADDR);  // a restart does not wait for old connections
  TRY(bind_socket(fd.get(), local));
  if (::listen(fd.get(), backlog) != 0) return last_fault("cannot listen");
  auto* listener = new (std::nothrow) PosixListener(*this, std::move(fd), owner);
  if (listener == nullptr) return kFull;
  ticket.passed_on();
  std::unique_ptr<Listener> result(listener);
  TRY(listener->watch());
  return result;
}

Result<std::unique_ptr<Datagram>> PosixNet::bind(Task& owner, Endpoint local) {
  TRY(shift(local));
  Ticket ticket(*this);
  if (!ticket.held()) return kFull;
  TRY_ASSIGN(Fd fd, open_socket(SOCK_DGRAM));
  switch_on(fd.get(), IPPROTO_IP, IP_PKTINFO);
  TRY(bind_socket(fd.get(), local));
  auto* datagram = new (std::nothrow) PosixDatagram(*this, std::move(fd), owner);
  if (datagram == nullptr) return kFull;
  ticket.passed_on();
  std::unique_ptr<Datagram> result(datagram);
  TRY(datagram->watch());
  return result;
}

Result<std::unique_ptr<Stream>> PosixNet::connect(Task& owner, Endpoint to, uint32_t from_ip) {
  const Endpoint peer = to;
  if (host_.port_offset != 0) {
    if (host_.is_own_address != nullptr && host_.is_own_address(host_.context, to.ip)) TRY(shift(to));
    from_ip = 0;
  }
  Ticket ticket(*this);
  if (!ticket.held()) return kFull;
  TRY_ASSIGN(Fd fd, open_socket(SOCK_STREAM));
  switch_on(fd.get(), IPPROTO_TCP, TCP_NODELAY);
  if (from_ip != 0) {
    switch_on(fd.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    TRY(bind_socket(fd.get(), {from_ip, 0}));
  }
  const sockaddr_in a = to_sockaddr(to);
  const int done = retry([&] { return ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&a), sizeof a); });
  if (done != 0 && errno != EINPROGRESS) return last_fault("cannot connect");
  auto* stream = new (std::nothrow) PosixStream(*this, std::move(fd), owner, peer, done != 0);
  if (stream == nullptr) return kFull;
  ticket.passed_on();
  std::unique_ptr<Stream> result(stream);
  TRY(stream->watch());
  return result;
}

}  // namespace parley::posix
