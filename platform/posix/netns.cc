// Making and entering network namespaces, in the way of ip-netns(8).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/netns.h"

#include <cerrno>

#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/text.h"
#include "platform/posix/fd.h"
#include "platform/posix/socket.h"

namespace parley::posix {
namespace {

constexpr const char* kFolder = "/run/netns";
constexpr const char* kOwn = "/proc/self/ns/net";

bool good_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.starts_with('.')) return false;
  for (const char c : name)
    if (c == '/' || static_cast<unsigned char>(c) <= ' ') return false;
  return true;
}

Fault denied(const char* what) {
  if (errno == EPERM || errno == EACCES) return {Code::denied, "a named network namespace needs root", 0};
  return last_fault(what);
}

// Mounts below kFolder must be seen in other mount namespaces, or `ip netns exec` would not find ours.
Status share_folder() {
  if (::mkdir(kFolder, 0755) != 0 && errno != EEXIST) return denied("cannot make the folder of network namespaces");
  if (::mount("", kFolder, "none", MS_SHARED | MS_REC, nullptr) == 0) return {};
  if (errno != EINVAL) return denied("cannot share the folder of network namespaces");
  if (::mount(kFolder, kFolder, "none", MS_BIND | MS_REC, nullptr) != 0 ||
      ::mount("", kFolder, "none", MS_SHARED | MS_REC, nullptr) != 0)
    return denied("cannot share the folder of network namespaces");
  return {};
}

Status make_named(const char* path) {
  TRY(share_folder());
  const Fd file(::open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0));
  if (!file) return denied("cannot make the network namespace");
  if (::unshare(CLONE_NEWNET) == 0 && ::mount(kOwn, path, "none", MS_BIND, nullptr) == 0) return {};
  const Fault fault = denied("cannot make the network namespace");
  (void)::unlink(path);
  return fault;
}

Status enter_named(std::string_view name) {
  if (!good_name(name)) return Fault{Code::invalid, "bad name of a network namespace", 0};
  char text[128];
  FixedWriter w(text);
  w.put(kFolder).put('/').put(name).put(std::string_view("\0", 1));
  const Fd existing(::open(text, O_RDONLY | O_CLOEXEC));
  if (existing) {
    if (::setns(existing.get(), CLONE_NEWNET) == 0) return {};
    // A file without a namespace on it: left by a machine that lost power; ours to make anew.
    if (errno != EINVAL) return denied("cannot enter the network namespace");
    if (::unlink(text) != 0) return denied("cannot make the network namespace");
  } else if (errno != ENOENT) {
    return denied("cannot open the network namespace");
  }
  return make_named(text);
}

bool write_file(const char* path, std::string_view content) {
  const Fd fd(::open(path, O_WRONLY | O_CLOEXEC));
  return fd && ::write(fd.get(), content.data(), content.size()) == static_cast<ssize_t>(content.size());
}

// Maps the user to itself: files keep their owner, and the namespace gives us its network.
bool map_self(const char* path, uint32_t id) {
  char text[64];
  FixedWriter w(text);
  w.dec(id).put(' ').dec(id).put(" 1\n");
  return write_file(path, w.view());
}

bool enter_isolated() {
  if (::unshare(CLONE_NEWNET) == 0) return true;
  const uint32_t user = ::geteuid(), group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return false;
  return write_file("/proc/self/setgroups", "deny") && map_self("/proc/self/uid_map", user) &&
         map_self("/proc/self/gid_map", group);
}

bool port_free(int type, uint16_t port) {
  const Fd fd(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  const sockaddr_in a = to_sockaddr({INADDR_LOOPBACK, port});
  const int on = 1;
  if (type == SOCK_STREAM) (void)::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  return fd && ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&a), sizeof a) == 0;
}

}  // namespace

Result<NetMode> enter_network(std::string_view name) {
  if (name == "host") return NetMode::host;
  NetMode mode = NetMode::isolated;
  if (name.empty()) {
    if (!enter_isolated()) return NetMode::host;
  } else {
    TRY(enter_named(name));
    mode = NetMode::named;
  }
  // A router forwards. Where /proc is read-only it only answers for itself.
  (void)write_file("/proc/sys/net/ipv4/ip_forward", "1");
  return mode;
}

Result<uint16_t> find_port_offset() {
  static constexpr uint16_t kStreams[] = {80, 443, 2000, 2443, 2444, 2445, 3804, 6970, 6972};
  for (uint16_t offset = 10000; offset <= 50000; offset = static_cast<uint16_t>(offset + 1000)) {
    bool all = port_free(SOCK_DGRAM, static_cast<uint16_t>(offset + 69));
    for (const uint16_t port : kStreams) all = all && port_free(SOCK_STREAM, static_cast<uint16_t>(offset + port));
    if (all) return offset;
  }
  return Fault{Code::exists, "no free ports on the loopback interface", 0};
}

}  // namespace parley::posix
