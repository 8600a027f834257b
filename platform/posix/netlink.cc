// rtnetlink messages (man 7 rtnetlink, linux/rtnetlink.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/netlink.h"

#include <cerrno>
#include <cstring>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace parley::posix {
namespace {

constexpr size_t aligned(size_t n) { return (n + 3) & ~size_t{3}; }

}  // namespace

NetlinkRequest::NetlinkRequest(uint16_t type, uint16_t flags) {
  nlmsghdr h{};
  h.nlmsg_type = type;
  h.nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
  append(&h, sizeof h);
}

void NetlinkRequest::append(const void* data, size_t size) {
  PARLEY_CHECK(size_ + aligned(size) <= sizeof data_);  // all requests are of bounded size
  if (size > 0) std::memcpy(data_ + size_, data, size);
  size_ += aligned(size);
}

void NetlinkRequest::attribute_raw(uint16_t type, const void* value, size_t size) {
  const rtattr a{static_cast<uint16_t>(sizeof(rtattr) + size), type};
  append(&a, sizeof a);
  append(value, size);
}

void NetlinkRequest::attribute(uint16_t type, Bytes value) { attribute_raw(type, value.data(), value.size()); }

void NetlinkRequest::attribute(uint16_t type, std::string_view text) {
  Text<255> t;
  PARLEY_CHECK(t.set(text));
  attribute_raw(type, t.c_str(), t.size() + 1);
}

void NetlinkRequest::attribute_ip(uint16_t type, uint32_t host_order) {
  const uint32_t ip = htonl(host_order);
  attribute_raw(type, &ip, sizeof ip);
}

size_t NetlinkRequest::begin(uint16_t type) {
  const size_t at = size_;
  attribute_raw(type, nullptr, 0);
  return at;
}

void NetlinkRequest::end(size_t begun) {
  const auto length = static_cast<uint16_t>(size_ - begun);
  std::memcpy(data_ + begun, &length, sizeof length);
}

Bytes NetlinkRequest::finish(uint32_t sequence) {
  nlmsghdr h;
  std::memcpy(&h, data_, sizeof h);
  h.nlmsg_len = static_cast<uint32_t>(size_);
  h.nlmsg_seq = sequence;
  std::memcpy(data_, &h, sizeof h);
  return Bytes(data_, size_);
}

Bytes find_attribute(Bytes tail, uint16_t type) {
  while (tail.size() >= sizeof(rtattr)) {
    rtattr a;
    std::memcpy(&a, tail.data(), sizeof a);
    if (a.rta_len < sizeof a || a.rta_len > tail.size()) return {};
    if ((a.rta_type & NLA_TYPE_MASK) == type) return tail.subspan(sizeof a, a.rta_len - sizeof a);
    tail = tail.subspan(aligned(a.rta_len) < tail.size() ? aligned(a.rta_len) : tail.size());
  }
  return {};
}

uint32_t attribute_u32(Bytes value) {
  uint32_t v = 0;
  if (value.size() == sizeof v) std::memcpy(&v, value.data(), sizeof v);
  return v;
}

Result<Netlink> Netlink::open() {
  Netlink n;
  n.fd_ = Fd(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
  if (!n.fd_) return last_fault("rtnetlink is not available");
  const timeval limit{2, 0};  // the kernel answers at once; never hang on a surprise
  (void)::setsockopt(n.fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  return n;
}

Status Netlink::execute(NetlinkRequest& request) {
  return query(request, [](void*, uint16_t, Bytes) {}, nullptr);
}

Status Netlink::query(NetlinkRequest& request, Each each, void* context) {
  const Bytes message = request.finish(++sequence_);
  if (retry([&] { return ::send(fd_.get(), message.data(), message.size(), 0); }) < 0)
    return last_fault("rtnetlink");
  alignas(nlmsghdr) uint8_t buffer[32768];
  for (;;) {
    const ssize_t n = retry([&] { return ::recv(fd_.get(), buffer, sizeof buffer, 0); });
    if (n <= 0) return last_fault("rtnetlink");
    Bytes rest(buffer, static_cast<size_t>(n));
    while (rest.size() >= sizeof(nlmsghdr)) {
      nlmsghdr h;
      std::memcpy(&h, rest.data(), sizeof h);
      if (h.nlmsg_len < sizeof h || h.nlmsg_len > rest.size()) break;
      const Bytes payload = rest.subspan(sizeof h, h.nlmsg_len - sizeof h);
      rest = rest.subspan(aligned(h.nlmsg_len) < rest.size() ? aligned(h.nlmsg_len) : rest.size());
      if (h.nlmsg_seq != sequence_) continue;  // left over from a request that was given up
      if (h.nlmsg_type == NLMSG_DONE) return {};
      if (h.nlmsg_type == NLMSG_ERROR) {
        int32_t error = 0;
        if (payload.size() >= sizeof error) std::memcpy(&error, payload.data(), sizeof error);
        if (error == 0) return {};
        return fault_of(-error, "refused by the kernel");
      }
      each(context, h.nlmsg_type, payload);
    }
  }
}

}  // namespace parley::posix
