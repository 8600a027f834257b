// One session: bytes between the stream and the core, before and after the handshake.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/tls/session.h"

namespace parley::tls {

namespace {
constexpr size_t kMaxWaiting = 64 * 1024;   // bytes of a peer that are kept while a handshake step runs
constexpr size_t kChunk = 4096;
constexpr size_t kMaxWatched = 10;
}  // namespace

Session::Session(Engine& engine, Task& owner, std::shared_ptr<Core> core, std::unique_ptr<Stream> stream)
    : engine_(engine), owner_(&owner), core_(std::move(core)), stream_(std::move(stream)) {}

Session::~Session() {
  if (!handshake_over()) {
    engine_.forget(*this);
    leave_core();
  }
  if (core_ == nullptr) return;
  core_->direct = nullptr;
  if (at_ == At::established && !write_closed_) core_->close_notify();
  if (handshake_over() && !flush()) engine_.linger(std::move(stream_), std::move(core_->out));
}

// A step that is still running keeps the core for itself; the policy may go after this.
void Session::leave_core() {
  const bool running = job_.busy();
  job_.cancel();
  {
    const std::lock_guard wait_for_policy(core_->policy_lock);
    core_->policy = nullptr;
  }
  if (running) core_ = nullptr;
}

void Session::give_up(const Fault& why) {
  leave_core();
  why_ = why;
  at_ = At::failed;
  stream_->set_owner(*owner_);
  owner_->wake();
}

void Session::set_owner(Task& owner) {
  owner_ = &owner;
  if (!handshake_over()) return;
  stream_->set_owner(owner);
  if (watch_ != nullptr) watch_->set_waiter(owner);
}

bool Session::refused() {
  if (at_ != At::established || watch_ == nullptr) return false;
  const Status verdict = watch_->verdict();
  if (verdict || verdict.error().code == Code::busy) return false;
  why_ = verdict.error();
  at_ = At::failed;
  if (!write_closed_) core_->close_notify();
  (void)flush();
  return true;
}

bool Session::flush() {
  while (!core_->out.empty()) {
    const Result<size_t> n = stream_->write(core_->out.view());
    if (!n) {
      if (n.error().code == Code::busy) return false;
      core_->out.drop(core_->out.size());   // the peer is gone
      return true;
    }
    if (*n == 0) return false;
    core_->out.drop(*n);
  }
  return true;
}

Result<size_t> Session::read(MutBytes to) {
  if (!handshake_over()) return Fault{Code::busy, "TLS handshake is under way", 0};
  if (at_ == At::failed || refused()) return why_;
  if (to.empty()) return Fault{Code::invalid, "no room to read into", 0};
  const Result<size_t> n = core_->read(to);
  if (flush() && write_closed_) close_stream();   // also answers of TLS 1.3 itself
  if (n && (*n == to.size() || !core_->in.empty())) owner_->wake();   // a reader that stops here is told to go on
  return n;
}

Result<size_t> Session::write(Bytes from) {
  if (!handshake_over()) return Fault{Code::busy, "TLS handshake is under way", 0};
  if (at_ == At::failed || refused()) return why_;
  if (write_closed_) return Fault{Code::closed, "the TLS session was closed for writing", 0};
  if (!flush()) return Fault{Code::busy, "the peer does not take more", 0};
  if (from.empty()) return size_t{0};
  const Result<size_t> n = core_->write(from);
  (void)flush();
  return n;
}

void Session::shutdown_write() {
  if (at_ != At::established || write_closed_) return;
  write_closed_ = true;
  core_->close_notify();
  if (flush()) close_stream();
}

void Session::close_stream() {
  if (!stream_closed_) stream_->shutdown_write();
  stream_closed_ = true;
}

Status Session::failure() const {
  if (at_ == At::failed) return why_;
  return {};
}

void Session::take_bytes() {
  uint8_t chunk[kChunk];
  while (core_->in.size() < kMaxWaiting) {
    const Result<size_t> n = stream_->read(chunk);
    if (!n) {
      if (n.error().code != Code::busy && !core_->peer_closed) core_->peer_closed = fresh_bytes_ = true;
      return;
    }
    fresh_bytes_ = true;
    if (!core_->in.add(Bytes(chunk, *n))) core_->peer_closed = true;
  }
}

// The policy may have to ask others about the peer; the owner learns of the session when that is decided.
bool Session::decide() {
  if (at_ == At::handshake) {
    PeerPolicy* policy = core_->context->policy();
    at_ = At::deciding;
    Bytes chain[kMaxWatched];
    size_t count = 0;
    for (const Blob& c : core_->peer_chain) {
      if (count < kMaxWatched) chain[count++] = c;
    }
    if (policy != nullptr && count > 0) watch_ = policy->watch(engine_, chain, count);
    core_->peer_chain.clear();
  }
  const Status verdict = watch_ == nullptr ? Status() : watch_->verdict();
  if (!verdict && verdict.error().code == Code::busy) return false;
  if (watch_ != nullptr) watch_->set_waiter(*owner_);
  if (verdict) return finish(nullptr), true;
  core_->close_notify();
  return finish(&verdict.error()), true;
}

void Session::finish(const Fault* why) {
  if (why != nullptr) {
    why_ = *why;
    at_ = At::failed;
  } else {
    core_->fill_info(info_);
    core_->direct = stream_.get();
    at_ = At::established;
  }
  (void)flush();   // the last flight, or the alert
  stream_->set_owner(*owner_);
  owner_->wake();
}

bool Session::advance(Jobs& jobs, Task& engine) {
  if (at_ == At::deciding) return decide();
  if (job_.busy()) {
    if (job_.take() == nullptr) return false;
    if (core_->step == Core::Step::done) {
      (void)flush();   // the last flight: the peer may go on
      return decide();
    }
    if (core_->step == Core::Step::failed) return finish(&core_->why), true;
  }
  (void)flush();
  if (!stream_->connected()) {
    const Result<size_t> n = stream_->write({});
    if (n || n.error().code == Code::busy) return false;
    return finish(&n.error()), true;
  }
  take_bytes();
  const bool client_begins = !core_->context->server() && !started_;
  if (!fresh_bytes_ && !client_begins) return false;
  if (const Status s = job_.start(jobs, engine, std::make_unique<HandshakeJob>(core_)); !s) return false;   // again by timer
  started_ = true;
  fresh_bytes_ = false;
  return false;
}

}  // namespace parley::tls
