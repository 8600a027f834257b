// UDP sockets that know which of our addresses a datagram was sent to.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstring>

#include <netinet/ip.h>
#include <sys/socket.h>

#include "platform/posix/socket.h"

namespace parley::posix {

Result<size_t> PosixDatagram::receive(MutBytes to, Endpoint& from, uint32_t& local_ip) {
  sockaddr_in source{};
  iovec part{to.data(), to.size()};
  alignas(cmsghdr) unsigned char control[CMSG_SPACE(sizeof(in_pktinfo))];
  msghdr message{};
  message.msg_name = &source;
  message.msg_namelen = sizeof source;
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  const ssize_t n = retry([&] { return ::recvmsg(fd_.get(), &message, 0); });
  if (n < 0) return last_fault("no datagram");
  from = to_endpoint(source);
  local_ip = 0;
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO) continue;
    in_pktinfo info;
    std::memcpy(&info, CMSG_DATA(c), sizeof info);
    // spec_dst is ours even when the datagram was a broadcast.
    local_ip = ntohl(info.ipi_spec_dst.s_addr);
  }
  owner_->wake();  // there may be more
  return static_cast<size_t>(n);
}

Status PosixDatagram::send(Endpoint to, Bytes data) {
  const sockaddr_in target = to_sockaddr(to);
  const ssize_t n = retry([&] {
    return ::sendto(fd_.get(), data.data(), data.size(), MSG_NOSIGNAL, reinterpret_cast<const sockaddr*>(&target),
                    sizeof target);
  });
  if (n < 0) return last_fault("cannot send");
  return {};
}

}  // namespace parley::posix
