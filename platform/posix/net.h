// Sockets of the host behind the Net interface.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/net/net.h"
#include "platform/posix/poller.h"

namespace parley::posix {

class PosixListener;

// Without a network namespace of our own (`--net host`) the router hides on the loopback interface: ports are shifted,
// and connections to one of its configured addresses come back to it.
struct HostMode {
  uint16_t port_offset = 0;                                        // 0: not in host mode
  bool (*is_own_address)(void* context, uint32_t ip) = nullptr;
  void* context = nullptr;
};

class PosixNet final : public Net {
 public:
  PosixNet(Poller& poller, size_t max_sockets, HostMode host = {})
      : poller_(poller), max_sockets_(max_sockets), host_(host) {}
  ~PosixNet() override;
  Result<std::unique_ptr<Listener>> listen(Task& owner, Endpoint local, int backlog) override;
  Result<std::unique_ptr<Datagram>> bind(Task& owner, Endpoint local) override;
  Result<std::unique_ptr<Stream>> connect(Task& owner, Endpoint to, uint32_t from_ip = 0) override;
  Result<std::unique_ptr<IcmpEcho>> echo(Task& owner, uint32_t from_ip = 0) override;
  uint16_t port_offset() const override { return host_.port_offset; }

  // For the sockets themselves.
  Poller& poller() { return poller_; }
  bool grab();                       // counts a socket; false: too many
  void give_back();                  // and wakes the listeners that had no room
  void link(PosixListener& l);
  void unlink(PosixListener& l);

 private:
  Status shift(Endpoint& local) const;
  Poller& poller_;
  size_t max_sockets_;
  size_t sockets_ = 0;
  uint16_t echo_id_ = 0;             // of the last ICMP conversation
  HostMode host_;
  PosixListener* listeners_ = nullptr;
};

}  // namespace parley::posix
