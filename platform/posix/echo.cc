// ICMP echo through a raw socket of the router's namespace.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>
#include <cerrno>

#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "platform/net/icmp_wire.h"
#include "platform/posix/socket.h"

namespace parley::posix {
namespace {

// <linux/icmp.h> has it, but not beside <netinet/ip_icmp.h>: one bit for each type that is not wanted.
constexpr int kIcmpFilter = 1;
constexpr uint32_t kUnwanted = ~(uint32_t{1} << ICMP_ECHOREPLY | uint32_t{1} << ICMP_DEST_UNREACH | uint32_t{1} << ICMP_TIME_EXCEEDED);

}  // namespace

class PosixEcho final : public IcmpEcho, private Socket {
 public:
  PARLEY_SOCKET_MEMORY
  PosixEcho(PosixNet& net, Fd fd, Task& owner, uint16_t id) : Socket(net, std::move(fd), owner), id_(id) {}
  using Socket::watch;

  Status send(uint32_t to, uint16_t sequence, uint8_t ttl, size_t size) override {
    if (size < kSmallestEcho || size > kLargestEcho) return Fault{Code::invalid, "bad size", static_cast<uint32_t>(size)};
    const int hops = ttl;
    (void)::setsockopt(fd_.get(), IPPROTO_IP, IP_TTL, &hops, sizeof hops);
    ByteWriter w(packet_);
    write_echo(w, id_, sequence, size - kIpHeader);
    const sockaddr_in target = to_sockaddr({to, 0});
    const ssize_t n = retry([&] {
      return ::sendto(fd_.get(), w.view().data(), w.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&target), sizeof target);
    });
    if (n < 0) return last_fault("cannot send");
    return {};
  }

  Result<EchoReply> receive() override {
    for (int i = 0; i < 16; ++i) {
      const ssize_t n = retry([&] { return ::recv(fd_.get(), packet_.data(), packet_.size(), 0); });
      if (n < 0) return last_fault("no reply");
      EchoReply reply;
      if (!parse_icmp(Bytes(packet_.data(), static_cast<size_t>(n)), id_, reply)) continue;
      owner_->wake();   // there may be more
      return reply;
    }
    owner_->wake();
    return Fault{Code::busy, "replies of others", 0};
  }

 private:
  uint16_t id_;
  std::array<uint8_t, kLargestEcho + 40> packet_;
};

Result<std::unique_ptr<IcmpEcho>> PosixNet::echo(Task& owner, uint32_t from_ip) {
  if (!grab()) return Fault{Code::full, "too many sockets", 0};
  Fd fd(::socket(AF_INET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMP));
  Status good;
  if (!fd) good = last_fault("raw sockets are not permitted");
  if (good) {
    (void)::setsockopt(fd.get(), SOL_RAW, kIcmpFilter, &kUnwanted, sizeof kUnwanted);
    const sockaddr_in from = to_sockaddr({from_ip, 0});
    if (from_ip != 0 && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&from), sizeof from) != 0) {
      good = last_fault("address is not ours");
    }
  }
  const auto id = static_cast<uint16_t>(::getpid() + ++echo_id_);   // two routers in one namespace differ
  PosixEcho* echo = good ? new (std::nothrow) PosixEcho(*this, std::move(fd), owner, id) : nullptr;
  if (echo == nullptr) {
    give_back();
    return good ? Fault{Code::full, "too many sockets", 0} : good.error();
  }
  std::unique_ptr<IcmpEcho> result(echo);
  TRY(echo->watch());
  return result;
}

}  // namespace parley::posix
