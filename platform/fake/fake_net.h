// A network in memory: streams and datagrams between tasks of one test, with all the faults a network has.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "platform/net/net.h"

namespace parley::fake {

class FakeNet;
class FakeListener;
class FakeDatagram;

// Two ends; what one writes the other reads.
struct Pipe {
  struct End {
    std::deque<uint8_t> incoming;
    Task* owner = nullptr;
    Endpoint address;
    bool open = true;          // the stream object exists (or waits in a backlog)
    bool ended = false;        // will not write any more
  };
  End ends[2];
  bool reset = false;
  bool connecting = false;
};

class FakeStream final : public Stream {
 public:
  FakeStream(FakeNet& net, std::shared_ptr<Pipe> pipe, int side) : net_(net), pipe_(std::move(pipe)), side_(side) {}
  ~FakeStream() override;
  void set_owner(Task& owner) override;
  Result<size_t> read(MutBytes to) override;
  Result<size_t> write(Bytes from) override;
  bool connected() const override { return !pipe_->connecting && !pipe_->reset; }
  Endpoint peer() const override { return other().address; }
  Endpoint local() const override { return mine().address; }
  void shutdown_write() override;

 private:
  Pipe::End& mine() const { return pipe_->ends[side_]; }
  Pipe::End& other() const { return pipe_->ends[1 - side_]; }
  FakeNet& net_;
  std::shared_ptr<Pipe> pipe_;
  int side_;
};

class FakeNet final : public Net {
 public:
  ~FakeNet() override;
  Result<std::unique_ptr<Listener>> listen(Task& owner, Endpoint local, int backlog) override;
  Result<std::unique_ptr<Datagram>> bind(Task& owner, Endpoint local) override;
  Result<std::unique_ptr<Stream>> connect(Task& owner, Endpoint to, uint32_t from_ip = 0) override;
  uint16_t port_offset() const override { return 0; }
  // Two connected streams without a listener.
  std::pair<std::unique_ptr<Stream>, std::unique_ptr<Stream>> pair(Task& a, Task& b);

  // What goes wrong; may be changed at any time.
  size_t read_limit = SIZE_MAX;        // a read returns at most this: split reads
  size_t window = 65536;               // unread bytes in one direction; then the writer gets `busy`
  bool stalled = false;                // nothing arrives and nothing is accepted until unstall()
  bool hold_connects = false;          // connect() does not finish until release_connects()
  size_t max_sockets = SIZE_MAX;       // above: Fault full
  uint32_t own_ip = 0x7f000001;        // source address of sockets bound to "any"
  std::vector<uint32_t> foreign;       // addresses that are not ours: listen and bind give `missing`
  // Sees each datagram; false = it is lost.
  std::function<bool(Endpoint from, Endpoint to, Bytes data)> on_datagram;

  void unstall();
  void release_connects();
  void reset_all();                    // every connection breaks
  void inject(Endpoint from, Endpoint to, Bytes data);   // a datagram from somewhere
  size_t sockets() const { return sockets_; }

 private:
  friend class FakeStream;
  friend class FakeListener;
  friend class FakeDatagram;
  Status check(Endpoint local) const;
  uint16_t free_port() { return next_port_++; }
  std::unique_ptr<Stream> stream(std::shared_ptr<Pipe> pipe, int side);
  std::vector<std::shared_ptr<Pipe>> live();
  FakeListener* find_listener(Endpoint to);
  FakeDatagram* find_datagram(Endpoint to);
  std::vector<FakeListener*> listeners_;
  std::vector<FakeDatagram*> datagrams_;
  std::vector<std::weak_ptr<Pipe>> pipes_;
  size_t sockets_ = 0;
  uint16_t next_port_ = 40000;
};

}  // namespace parley::fake
