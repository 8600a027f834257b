// One socket pair for each request: bind names the algorithm, accept gives the socket that takes data (kernel: userspace-if).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/alg_socket.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/if_alg.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef SOL_ALG
#define SOL_ALG 279
#endif

namespace parley::posix {
namespace {

constexpr size_t kMaxList = size_t{1} << 20;
constexpr timeval kPatience{2, 0};

Fault alg_fault(const char* what) {
  switch (errno) {
    case EAFNOSUPPORT: case ENOENT: case EPROTONOSUPPORT: case EINVAL: case ENOSYS:
      return Fault{Code::unsupported, "the kernel has no such algorithm", static_cast<uint32_t>(errno)};
    case EBADMSG: return Fault{Code::untrusted, "sealed data was changed or the key is wrong", EBADMSG};
    case EAGAIN: return Fault{Code::timeout, "the kernel's driver does not answer", EAGAIN};
    default: return Fault{Code::io, what, static_cast<uint32_t>(errno)};
  }
}

Status send_all(int fd, Bytes data, int flags) {
  while (!data.empty()) {
    const ssize_t n = retry([&] { return ::send(fd, data.data(), data.size(), flags | MSG_NOSIGNAL); });
    if (n <= 0) return alg_fault("the kernel's driver failed");
    data = data.subspan(static_cast<size_t>(n));
  }
  return {};
}

Status receive_all(int fd, MutBytes to) {
  while (!to.empty()) {
    const ssize_t n = retry([&] { return ::recv(fd, to.data(), to.size(), 0); });
    if (n == 0) return Fault{Code::io, "the kernel's driver gave too little", 0};
    if (n < 0) return alg_fault("the kernel's driver failed");
    to = to.subspan(static_cast<size_t>(n));
  }
  return {};
}

// The messages before the data: direction, IV (length first), length of the associated data.
class Control {
 public:
  explicit Control(msghdr& m) : message_(m) {
    m.msg_control = bytes_;
    m.msg_controllen = 0;
  }
  void add(int type, const void* data, size_t size) { put(type, nullptr, 0, data, size); }
  void add_iv(Bytes iv) {
    const uint32_t length = static_cast<uint32_t>(iv.size());
    put(ALG_SET_IV, &length, sizeof length, iv.data(), iv.size());
  }

 private:
  void put(int type, const void* head, size_t head_size, const void* data, size_t size) {
    auto* c = reinterpret_cast<cmsghdr*>(bytes_ + used_);
    c->cmsg_level = SOL_ALG;
    c->cmsg_type = type;
    c->cmsg_len = CMSG_LEN(head_size + size);
    if (head_size > 0) std::memcpy(CMSG_DATA(c), head, head_size);
    if (size > 0) std::memcpy(CMSG_DATA(c) + head_size, data, size);
    used_ += CMSG_SPACE(head_size + size);
    message_.msg_controllen = used_;
  }
  msghdr& message_;
  alignas(cmsghdr) unsigned char bytes_[CMSG_SPACE(4) * 2 + CMSG_SPACE(4 + 16)] = {};
  size_t used_ = 0;
};

}  // namespace

Result<Blob> AlgSocket::algorithms() {
  const Fd fd(::open("/proc/crypto", O_RDONLY | O_CLOEXEC));
  if (!fd) return last_fault("/proc/crypto");
  Blob text;
  char chunk[4096];
  for (;;) {
    const ssize_t n = retry([&] { return ::read(fd.get(), chunk, sizeof chunk); });
    if (n < 0) return last_fault("/proc/crypto");
    if (n == 0) return text;
    if (text.size() + static_cast<size_t>(n) > kMaxList) return Fault{Code::full, "/proc/crypto is too long", 0};
    TRY(text.append(Bytes(reinterpret_cast<const uint8_t*>(chunk), static_cast<size_t>(n))));
  }
}

Result<Fd> AlgSocket::open(const char* type, const char* name, const Bytes* key, size_t tag) {
  const Fd transform(::socket(AF_ALG, SOCK_SEQPACKET | SOCK_CLOEXEC, 0));
  if (!transform) return alg_fault("no socket");
  sockaddr_alg address{};
  address.salg_family = AF_ALG;
  std::strncpy(reinterpret_cast<char*>(address.salg_type), type, sizeof address.salg_type - 1);
  std::strncpy(reinterpret_cast<char*>(address.salg_name), name, sizeof address.salg_name - 1);
  if (::bind(transform.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return alg_fault("bind");
  if (key != nullptr && ::setsockopt(transform.get(), SOL_ALG, ALG_SET_KEY, key->data(), static_cast<socklen_t>(key->size())) != 0)
    return alg_fault("the kernel does not take the key");
  if (tag != 0 && ::setsockopt(transform.get(), SOL_ALG, ALG_SET_AEAD_AUTHSIZE, nullptr, static_cast<socklen_t>(tag)) != 0)
    return alg_fault("the kernel does not take the tag size");
  Fd operation(::accept4(transform.get(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!operation) return alg_fault("accept");
  (void)::setsockopt(operation.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
  (void)::setsockopt(operation.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
  return operation;
}

Status AlgSocket::hash(const char* name, const Bytes* key, Bytes a, Bytes b, MutBytes digest) {
  TRY_ASSIGN(const Fd fd, open("hash", name, key, 0));
  TRY(send_all(fd.get(), a, MSG_MORE));
  TRY(send_all(fd.get(), b, MSG_MORE));
  return receive_all(fd.get(), digest);   // asking for the digest ends the data
}

Status AlgSocket::cipher(const Cipher& c, Bytes in, MutBytes out) {
  if (in.empty()) return Fault{Code::unsupported, "no data", 0};
  if (c.iv.size() > 16) return Fault{Code::invalid, "IV is too long", 0};
  TRY_ASSIGN(const Fd fd, open(c.type, c.name, &c.key, c.tag));
  iovec data{const_cast<uint8_t*>(in.data()), in.size()};
  msghdr message{};
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  Control control(message);
  const uint32_t direction = c.encrypt ? ALG_OP_ENCRYPT : ALG_OP_DECRYPT, aad = static_cast<uint32_t>(c.aad);
  control.add(ALG_SET_OP, &direction, sizeof direction);
  if (c.aad > 0) control.add(ALG_SET_AEAD_ASSOCLEN, &aad, sizeof aad);
  control.add_iv(c.iv);
  const ssize_t sent = retry([&] { return ::sendmsg(fd.get(), &message, MSG_NOSIGNAL); });
  if (sent < 0) return alg_fault("the kernel's driver failed");
  if (static_cast<size_t>(sent) != in.size()) return Fault{Code::unsupported, "too much data for the kernel at once", 0};
  return receive_all(fd.get(), out);
}

}  // namespace parley::posix
