// The TLS service.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A handshake is a row of steps. Each step is a job on a worker thread, because it may sign with RSA; the job sees only
// the Core, a wolfSSL object between two byte queues. This task moves bytes between streams and queues and starts the
// next step when bytes came. Once a session is established its stream belongs to its owner's task, records are handled
// on the scheduler thread, and this task forgets it. Timeouts and refused jobs are looked at by timer.
#include <ctime>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/asn_public.h>

#include "platform/tls/session.h"

namespace parley::tls {

namespace {

constexpr Millis kTick{200}, kRetry{20};
constexpr Millis kLinger{10000};
constexpr size_t kMaxLingering = 64;

const Clock* g_clock = nullptr;   // wolfSSL has one clock for all

std::time_t wall(std::time_t* out) {
  const auto t = static_cast<std::time_t>(g_clock->wall());
  if (out != nullptr) *out = t;
  return t;
}

}  // namespace

Engine::Engine(Scheduler& scheduler, Jobs& jobs, KeyStore& keys, const Clock& clock, const TlsLimits& limits)
    : Task(scheduler, "TLS handshakes"), jobs_(jobs), keys_(keys), clock_(clock), limits_(limits), device_(keys),
      active_(tls_arena()), lingering_(tls_arena()), timer_(*this) {
  g_clock = &clock;
  PARLEY_CHECK(wc_SetTimeCb(wall) == 0);
}

Engine::~Engine() {
  PARLEY_CHECK(active_.empty());
  if (g_clock == &clock_) (void)wc_SetTimeCb(nullptr);
}

Result<std::shared_ptr<TlsContext>> Engine::server_context(const TlsConfig& config) {
  return Context::make(config, true, keys_, device_);
}

Result<std::shared_ptr<TlsContext>> Engine::client_context(const TlsConfig& config) {
  return Context::make(config, false, keys_, device_);
}

Result<std::unique_ptr<TlsSession>> Engine::accept(Task& owner, std::shared_ptr<TlsContext> context,
                                                   std::unique_ptr<Stream> stream) {
  return start(owner, std::move(context), std::move(stream), {});
}

Result<std::unique_ptr<TlsSession>> Engine::connect(Task& owner, std::shared_ptr<TlsContext> context,
                                                    std::unique_ptr<Stream> stream, std::string_view server_name) {
  return start(owner, std::move(context), std::move(stream), server_name);
}

Result<std::unique_ptr<TlsSession>> Engine::start(Task& owner, std::shared_ptr<TlsContext> context,
                                                  std::unique_ptr<Stream> stream, std::string_view server_name) {
  if (active_.size() >= limits_.handshakes) {
    ++counters_.refused_busy;
    return Fault{Code::busy, "too many TLS handshakes at once", static_cast<uint32_t>(active_.size())};
  }
  TRY_ASSIGN(std::shared_ptr<Core> core, Core::make(std::static_pointer_cast<Context>(std::move(context)), server_name));
  ++(core->context->server() ? counters_.accepted : counters_.connected);
  auto session = std::make_unique<Session>(*this, owner, std::move(core), std::move(stream));
  session->deadline_ = clock_.now() + limits_.handshake_time;
  if (const Status s = active_.push(session.get()); !s) {
    session->at_ = Session::At::failed;
    return s.error();
  }
  session->stream_->set_owner(*this);
  if (!timer_.running()) timer_.start(kTick);
  wake();
  return std::unique_ptr<TlsSession>(std::move(session));
}

void Engine::forget(Session& s) {
  for (size_t i = 0; i < active_.size(); ++i) {
    if (active_[i] != &s) continue;
    active_.remove(i);
    return;
  }
}

void Engine::linger(std::unique_ptr<Stream> stream, Queue out) {
  if (lingering_.size() >= kMaxLingering) return;   // the peer does not read: it loses the tail
  stream->set_owner(*this);
  (void)lingering_.push(Lingering{std::move(stream), std::move(out), clock_.now() + kLinger});
  if (!timer_.running()) timer_.start(kTick);
}

void Engine::drain() {
  for (size_t i = lingering_.size(); i-- > 0;) {
    Lingering& l = lingering_[i];
    bool over = clock_.now() >= l.deadline;
    while (!over && !l.out.empty()) {
      const Result<size_t> n = l.stream->write(l.out.view());
      if (n ? *n == 0 : n.error().code == Code::busy) break;
      if (n) l.out.drop(*n);
      else over = true;
    }
    if (over || l.out.empty()) lingering_.remove(i);
  }
}

Poll Engine::step() {
  (void)timer_.fired();
  bool refused = false;
  for (size_t i = active_.size(); i-- > 0;) {
    Session& s = *active_[i];
    bool over = s.advance(jobs_, *this);
    if (!over && clock_.now() >= s.deadline_) {
      const Fault late{Code::timeout, "TLS handshake took too long", 0};
      ++counters_.timed_out;
      s.give_up(late);
      over = true;
    }
    if (!over) {
      refused = refused || s.fresh_bytes_;
      continue;
    }
    if (s.at_ == Session::At::failed) ++counters_.failed;
    active_.remove(i);
  }
  drain();
  if (!active_.empty() || !lingering_.empty()) timer_.start(refused ? kRetry : kTick);
  return Poll::pending;
}

TlsCounters Engine::counters() const {
  TlsCounters c = counters_;
  c.under_way = static_cast<uint32_t>(active_.size());
  return c;
}

}  // namespace parley::tls

namespace parley {

std::unique_ptr<Tls> make_tls(Scheduler& scheduler, Jobs& jobs, KeyStore& keys, const Clock& clock, const TlsLimits& limits) {
  return std::make_unique<tls::Engine>(scheduler, jobs, keys, clock, limits);
}

TlsCounters tls_counters(const Tls& tls) { return static_cast<const tls::Engine&>(tls).counters(); }

}  // namespace parley
