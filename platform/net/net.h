// Sockets as tasks see them: never blocking, the owner task is woken when something can be done.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "platform/base/bytes.h"
#include "platform/sched/task.h"

namespace parley {

struct Endpoint {
  uint32_t ip = 0;  // host order; 0 = any
  uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

// Faults of all calls: busy = nothing now, the owner is woken later; closed = end of stream / reset;
// exists = address in use; denied; missing = address is not ours; full = no free socket; io.
class Stream {
 public:
  virtual ~Stream() = default;                       // closes
  virtual void set_owner(Task& owner) = 0;           // who is woken from now on
  virtual Result<size_t> read(MutBytes to) = 0;      // at least 1 byte, else a Fault
  virtual Result<size_t> write(Bytes from) = 0;      // may take a part
  virtual bool connected() const = 0;                // false while connect() is under way
  virtual Endpoint peer() const = 0;
  virtual Endpoint local() const = 0;
  virtual void shutdown_write() = 0;
};

class Listener {
 public:
  virtual ~Listener() = default;
  virtual Result<std::unique_ptr<Stream>> accept(Task& owner) = 0;
  virtual Endpoint local() const = 0;
};

class Datagram {
 public:
  virtual ~Datagram() = default;
  // Size of the datagram (longer ones than `to` are cut: size is then to.size()).
  // local_ip: address it was sent to, so that the answer can leave from there.
  virtual Result<size_t> receive(MutBytes to, Endpoint& from, uint32_t& local_ip) = 0;
  virtual Status send(Endpoint to, Bytes data) = 0;
  virtual Endpoint local() const = 0;
};

class IcmpEcho;

class Net {
 public:
  virtual ~Net() = default;
  virtual Result<std::unique_ptr<Listener>> listen(Task& owner, Endpoint local, int backlog) = 0;
  virtual Result<std::unique_ptr<Datagram>> bind(Task& owner, Endpoint local) = 0;   // port 0: any free one
  virtual Result<std::unique_ptr<Stream>> connect(Task& owner, Endpoint to, uint32_t from_ip = 0) = 0;
  // ICMP (platform/net/echo.h). Fault denied: the host does not permit it; unsupported: this network has none.
  virtual Result<std::unique_ptr<IcmpEcho>> echo(Task& owner, uint32_t from_ip = 0);
  virtual uint16_t port_offset() const = 0;   // added to each configured port with `--net host`; else 0
};

}  // namespace parley
