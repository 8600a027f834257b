// The network in memory.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/fake/fake_net.h"

#include <algorithm>

namespace parley::fake {
namespace {

void wake(Pipe::End& end) {
  if (end.owner != nullptr && end.open) end.owner->wake();
}

bool matches(Endpoint bound, Endpoint to) { return bound.port == to.port && (bound.ip == 0 || bound.ip == to.ip); }

}  // namespace

class FakeListener final : public Listener {
 public:
  FakeListener(FakeNet& net, Task& owner, Endpoint local, int backlog) : net_(net), owner_(owner), local_(local), backlog_(backlog) {
    net_.listeners_.push_back(this);
    ++net_.sockets_;
  }
  ~FakeListener() override {
    std::erase(net_.listeners_, this);
    --net_.sockets_;
    for (auto& p : waiting_) {
      p->reset = true;
      wake(p->ends[0]);
    }
  }
  Result<std::unique_ptr<Stream>> accept(Task& owner) override {
    if (waiting_.empty() || net_.stalled) return Fault{Code::busy, "no connection waits", 0};
    if (net_.sockets_ >= net_.max_sockets) return Fault{Code::full, "too many connections", 0};
    auto pipe = waiting_.front();
    waiting_.pop_front();
    pipe->ends[1].owner = &owner;
    owner_.wake();
    return net_.stream(pipe, 1);
  }
  Endpoint local() const override { return local_; }
  bool offer(std::shared_ptr<Pipe> pipe) {
    if (waiting_.size() >= static_cast<size_t>(backlog_)) return false;
    waiting_.push_back(std::move(pipe));
    owner_.wake();
    return true;
  }
  Task& owner() { return owner_; }

 private:
  FakeNet& net_;
  Task& owner_;
  Endpoint local_;
  int backlog_;
  std::deque<std::shared_ptr<Pipe>> waiting_;
};

class FakeDatagram final : public Datagram {
 public:
  FakeDatagram(FakeNet& net, Task& owner, Endpoint local) : net_(net), owner_(owner), local_(local) {
    net_.datagrams_.push_back(this);
    ++net_.sockets_;
  }
  ~FakeDatagram() override {
    std::erase(net_.datagrams_, this);
    --net_.sockets_;
  }
  Result<size_t> receive(MutBytes to, Endpoint& from, uint32_t& local_ip) override {
    if (waiting_.empty() || net_.stalled) return Fault{Code::busy, "no datagram", 0};
    const Packet p = std::move(waiting_.front());
    waiting_.pop_front();
    const size_t n = std::min(to.size(), p.data.size());
    std::copy_n(p.data.begin(), n, to.begin());
    from = p.from;
    local_ip = p.to_ip;
    owner_.wake();
    return n;
  }
  Status send(Endpoint to, Bytes data) override {
    const Endpoint from{local_.ip != 0 ? local_.ip : net_.own_ip, local_.port};
    if (!net_.on_datagram || net_.on_datagram(from, to, data)) net_.inject(from, to, data);
    return {};
  }
  Endpoint local() const override { return local_; }
  Task& owner() { return owner_; }
  void put(Endpoint from, uint32_t to_ip, Bytes data) {
    waiting_.push_back({from, to_ip, {data.begin(), data.end()}});
    owner_.wake();
  }

 private:
  struct Packet {
    Endpoint from;
    uint32_t to_ip;
    std::vector<uint8_t> data;
  };
  FakeNet& net_;
  Task& owner_;
  Endpoint local_;
  std::deque<Packet> waiting_;
};

FakeStream::~FakeStream() {
  mine().open = false;
  mine().ended = true;
  // As TCP: unread data turn the end into a reset.
  if (!mine().incoming.empty()) pipe_->reset = true;
  mine().owner = nullptr;
  wake(other());
  --net_.sockets_;
}

void FakeStream::set_owner(Task& owner) {
  mine().owner = &owner;
  owner.wake();
}

Result<size_t> FakeStream::read(MutBytes to) {
  if (to.empty()) return Fault{Code::invalid, "no room to read into", 0};
  if (pipe_->reset) return Fault{Code::closed, "connection lost", 0};
  if (pipe_->connecting || net_.stalled) return Fault{Code::busy, "nothing yet", 0};
  auto& incoming = mine().incoming;
  if (incoming.empty() && other().ended) return Fault{Code::closed, "end of stream", 0};
  if (incoming.empty()) return Fault{Code::busy, "nothing yet", 0};
  const size_t n = std::min({to.size(), incoming.size(), net_.read_limit});
  const auto end = incoming.begin() + static_cast<std::ptrdiff_t>(n);
  std::copy(incoming.begin(), end, to.begin());
  incoming.erase(incoming.begin(), end);
  if (!incoming.empty() || other().ended) mine().owner->wake();
  wake(other());
  return n;
}

Result<size_t> FakeStream::write(Bytes from) {
  if (pipe_->reset || mine().ended || !other().open) return Fault{Code::closed, "connection lost", 0};
  if (from.empty()) return size_t{0};
  auto& outgoing = other().incoming;
  const size_t room = net_.window > outgoing.size() ? net_.window - outgoing.size() : 0;
  const size_t n = std::min(from.size(), room);
  if (pipe_->connecting || n == 0) return Fault{Code::busy, "no room yet", 0};
  outgoing.insert(outgoing.end(), from.begin(), from.begin() + static_cast<std::ptrdiff_t>(n));
  wake(other());
  return n;
}

void FakeStream::shutdown_write() {
  mine().ended = true;
  wake(other());
}

FakeNet::~FakeNet() { PARLEY_CHECK(sockets_ == 0); }

Status FakeNet::check(Endpoint local) const {
  if (std::find(foreign.begin(), foreign.end(), local.ip) != foreign.end())
    return Fault{Code::missing, "address is not ours", 0};
  if (sockets_ >= max_sockets) return Fault{Code::full, "too many sockets", 0};
  return {};
}

Result<std::unique_ptr<Listener>> FakeNet::listen(Task& owner, Endpoint local, int backlog) {
  TRY(check(local));
  if (local.port == 0) local.port = free_port();
  for (const FakeListener* l : listeners_)
    if (matches(l->local(), local) || matches(local, l->local())) return Fault{Code::exists, "address is in use", 0};
  return std::unique_ptr<Listener>(new FakeListener(*this, owner, local, backlog));
}

Result<std::unique_ptr<Datagram>> FakeNet::bind(Task& owner, Endpoint local) {
  TRY(check(local));
  if (local.port == 0) local.port = free_port();
  for (const FakeDatagram* d : datagrams_)
    if (matches(d->local(), local) || matches(local, d->local())) return Fault{Code::exists, "address is in use", 0};
  return std::unique_ptr<Datagram>(new FakeDatagram(*this, owner, local));
}

std::unique_ptr<Stream> FakeNet::stream(std::shared_ptr<Pipe> pipe, int side) {
  ++sockets_;
  return std::make_unique<FakeStream>(*this, std::move(pipe), side);
}

Result<std::unique_ptr<Stream>> FakeNet::connect(Task& owner, Endpoint to, uint32_t from_ip) {
  TRY(check({from_ip, 0}));
  FakeListener* listener = find_listener(to);
  if (listener == nullptr) return Fault{Code::closed, "connection refused", 0};
  auto pipe = std::make_shared<Pipe>();
  pipe->ends[0].owner = &owner;
  pipe->ends[0].address = {from_ip != 0 ? from_ip : own_ip, free_port()};
  pipe->ends[1].address = to;
  pipe->connecting = true;
  pipes_.push_back(pipe);
  if (!hold_connects) {
    if (!listener->offer(pipe)) return Fault{Code::timeout, "backlog is full", 0};
    pipe->connecting = false;
    owner.wake();
  }
  return stream(pipe, 0);
}

std::pair<std::unique_ptr<Stream>, std::unique_ptr<Stream>> FakeNet::pair(Task& a, Task& b) {
  auto pipe = std::make_shared<Pipe>();
  pipe->ends[0].owner = &a;
  pipe->ends[1].owner = &b;
  pipe->ends[0].address = {own_ip, free_port()};
  pipe->ends[1].address = {own_ip, free_port()};
  pipes_.push_back(pipe);
  return {stream(pipe, 0), stream(pipe, 1)};
}

std::vector<std::shared_ptr<Pipe>> FakeNet::live() {
  std::vector<std::shared_ptr<Pipe>> out;
  for (auto& weak : pipes_)
    if (auto p = weak.lock()) out.push_back(p);
  std::erase_if(pipes_, [](const auto& weak) { return weak.expired(); });
  return out;
}

FakeListener* FakeNet::find_listener(Endpoint to) {
  const auto at = std::find_if(listeners_.begin(), listeners_.end(), [&](FakeListener* l) { return matches(l->local(), to); });
  return at != listeners_.end() ? *at : nullptr;
}

FakeDatagram* FakeNet::find_datagram(Endpoint to) {
  const auto at = std::find_if(datagrams_.begin(), datagrams_.end(), [&](FakeDatagram* d) { return matches(d->local(), to); });
  return at != datagrams_.end() ? *at : nullptr;
}

void FakeNet::unstall() {
  stalled = false;
  for (auto& p : live())
    for (auto& e : p->ends) wake(e);
  for (FakeListener* l : listeners_) l->owner().wake();
  for (FakeDatagram* d : datagrams_) d->owner().wake();
}

void FakeNet::release_connects() {
  hold_connects = false;
  for (auto& p : live()) {
    if (!p->connecting) continue;
    FakeListener* l = find_listener(p->ends[1].address);
    p->reset = l == nullptr || !l->offer(p);
    p->connecting = false;
    wake(p->ends[0]);
  }
}

void FakeNet::reset_all() {
  for (auto& p : live()) {
    p->reset = true;
    for (auto& e : p->ends) wake(e);
  }
}

void FakeNet::inject(Endpoint from, Endpoint to, Bytes data) {
  if (FakeDatagram* d = find_datagram(to)) d->put(from, to.ip, data);
}

}  // namespace parley::fake
