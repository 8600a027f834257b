// File descriptors and the meaning of errno values.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/fd.h"

#include <cerrno>

#include <unistd.h>

namespace parley::posix {

void Fd::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
}

Fault fault_of(int error, const char* what) {
  const auto with = [&](Code code) { return Fault{code, what, static_cast<uint32_t>(error)}; };
  switch (error) {
    case EAGAIN:
    case EINPROGRESS: return with(Code::busy);
    case ENOENT:
    case ENOTDIR:
    case ENODEV:
    case ENXIO:
    case EADDRNOTAVAIL:
    case ENETUNREACH:
    case EHOSTUNREACH: return with(Code::missing);
    case EEXIST:
    case ENOTEMPTY:
    case EADDRINUSE: return with(Code::exists);
    case ENOSPC:
    case EDQUOT:
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM: return with(Code::full);
    case EACCES:
    case EPERM:
    case EROFS:
    case EISDIR: return with(Code::denied);
    case ECONNREFUSED:
    case ECONNRESET:
    case ECONNABORTED:
    case ENOTCONN:
    case EPIPE: return with(Code::closed);
    case ETIMEDOUT: return with(Code::timeout);
    case EINVAL:
    case EMSGSIZE:
    case ENAMETOOLONG: return with(Code::invalid);
    case EOPNOTSUPP:
    case ENOSYS:
    case EAFNOSUPPORT:
    case EPROTONOSUPPORT: return with(Code::unsupported);
    default: return with(Code::io);
  }
}

Fault last_fault(const char* what) { return fault_of(errno, what); }

bool interrupted() { return errno == EINTR; }

}  // namespace parley::posix
