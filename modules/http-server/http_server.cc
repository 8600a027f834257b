// HTTP server: listens, gives each peer a connection of a pool, finds the handler of a path.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_server.h"

#include <algorithm>

#include "modules/http-server/http_messages.h"
#include "platform/sched/scheduler.h"

namespace parley::http_server {
namespace {

constexpr Millis kListenRetry{5'000};
constexpr int kBacklog = 64;
constexpr Seconds kLogWindow{60};
constexpr unsigned kLogPerWindow = 10;

// "/a" serves "/a", "/a/b" and "/a?x", not "/ab"; "/a/" and "/" serve everything below.
bool below(std::string_view path, std::string_view prefix) {
  if (path.substr(0, prefix.size()) != prefix) return false;
  return path.size() == prefix.size() || prefix.back() == '/' || path[prefix.size()] == '/';
}

}  // namespace

Server::Server(Scheduler& scheduler, Net& net, Log& log, Tls& tls, const char* name)
    : Task(scheduler, name), net_(net), log_(log), arena_(name, 8 * 1024 * 1024), tls_(tls) {}

Server::~Server() { stop(); }

Status Server::start(size_t connections) {
  if (pool_.count() == 0) TRY(pool_.reserve(connections));
  running_ = true;
  wake();
  return {};
}

void Server::stop() {
  running_ = false;
  listener_.reset();
  secure_listener_.reset();
  retry_.stop();
  while (!live_.empty()) {
    pool_.put(live_[0]);
    live_.remove(0);
  }
}

size_t Server::limit() const {
  return settings_.max_connections == 0 ? pool_.count() : std::min<size_t>(settings_.max_connections, pool_.count());
}

void Server::configure(const Settings& settings) {
  if (settings.on != settings_.on || settings.port != settings_.port) {
    listener_.reset();
    told_ = false;
    for (Connection* c : live_) {
      if (!c->secure()) c->finish_soon();
    }
  }
  if (settings.secure != settings_.secure || settings.secure_port != settings_.secure_port) drop_secure();
  const bool tell = settings.secure != settings_.secure;
  settings_ = settings;
  if (tell && provider_ != nullptr) provider_->https_wanted(settings_.secure);
  if (tell && follower_ != nullptr) follower_->tls_version(settings_.secure.legacy, settings_.secure.tls1_1);
  wake();
}

Poll Server::step() {
  (void)retry_.fired();
  reap();
  if (!running_) return Poll::pending;
  if (settings_.on && listener_ == nullptr && !retry_.running()) listen(listener_, settings_.port);
  const bool secure = settings_.secure.on && context_ != nullptr;
  if (secure && secure_listener_ == nullptr && !retry_.running()) listen(secure_listener_, settings_.secure_port);
  if (listener_ != nullptr) accept_all(*listener_, false);
  if (secure_listener_ != nullptr) accept_all(*secure_listener_, true);
  return Poll::pending;
}

void Server::listen(std::unique_ptr<Listener>& listener, uint16_t port) {
  auto made = net_.listen(*this, Endpoint{0, port}, kBacklog);
  if (made) {
    listener = std::move(*made);
    told_ = false;
    return;
  }
  if (!told_) log_(kListenFailed, port, made.error().what);
  told_ = true;
  retry_.start(kListenRetry);
}

void Server::accept_all(Listener& listener, bool secure) {
  for (int n = 0; n < 64; ++n) {
    auto stream = listener.accept(*this);
    if (!stream) return;
    ++counters_.accepted;
    if (live_.size() >= limit() && !make_room()) {
      if (counters_.refused++ == 0) log_(kFull, static_cast<unsigned>(limit()));
      continue;  // closed: the peer tries again
    }
    if (secure) stream = secured(std::move(*stream));
    if (!stream) { ++counters_.refused; continue; }   // too many handshakes: the peer tries again
    Connection* c = pool_.get(scheduler(), *this, std::move(*stream), arena_, secure);
    if (c == nullptr) { ++counters_.refused; continue; }
    if (!live_.push(c)) pool_.put(c);
  }
  wake();
}

Result<std::unique_ptr<Stream>> Server::secured(std::unique_ptr<Stream> stream) {
  TRY_ASSIGN(std::unique_ptr<TlsSession> session, tls_.accept(*this, context_, std::move(stream)));
  return std::unique_ptr<Stream>(std::move(session));
}

void Server::connected(const Stream& secure, const Endpoint& peer) const {
  if (provider_ != nullptr) provider_->https_connected(static_cast<const TlsSession&>(secure).info(), peer.ip);
}

void Server::handshake_failed(const Endpoint& peer, const Fault& why) {
  ++counters_.handshakes_failed;
  const Monotonic now = scheduler().clock().now();
  if (now >= log_window_ + kLogWindow) {
    log_window_ = now;
    logged_ = 0;
  }
  if (logged_++ < kLogPerWindow) log_(kHandshakeFailed, LogArg::ip(peer.ip), why.what);
}

void Server::drop_secure() {
  secure_listener_.reset();
  for (Connection* c : live_) {
    if (c->secure()) c->finish_soon();
  }
}

void Server::set_https_provider(HttpsProvider* provider) {
  provider_ = provider;
  if (provider_ != nullptr) return provider_->https_wanted(settings_.secure);
  drop_secure();
  for (Connection* c : live_) {
    if (c->secure()) c->abort();     // its session refers to what the provider owns
  }
  reap();
  context_.reset();
  https_why_ = "no certificate";
}

void Server::set_https_context(std::shared_ptr<TlsContext> context, const char* why) {
  if (context == nullptr) {
    drop_secure();
    const bool known = context_ == nullptr && std::string_view(https_why_) == why;
    if (settings_.secure.on && !known) log_(kNoHttps, settings_.secure_port, why);
  }
  context_ = std::move(context);
  https_why_ = why;
  wake();
}

void Server::set_tls_follower(TlsVersionFollower* follower) {
  follower_ = follower;
  if (follower_ != nullptr) follower_->tls_version(settings_.secure.legacy, settings_.secure.tls1_1);
}

// Slow and idle peers must not keep others out: the one that waits for the longest time goes.
bool Server::make_room() {
  reap();
  if (live_.size() < limit()) return true;
  size_t oldest = live_.size();
  for (size_t i = 0; i < live_.size(); ++i) {
    if (live_[i]->working()) continue;
    if (oldest == live_.size() || live_[i]->since() < live_[oldest]->since()) oldest = i;
  }
  if (oldest == live_.size()) return false;
  ++counters_.evicted;
  pool_.put(live_[oldest]);
  live_.remove(oldest);
  return true;
}

void Server::reap() {
  for (size_t i = live_.size(); i-- > 0;) {
    if (!live_[i]->closed()) continue;
    pool_.put(live_[i]);
    live_.remove(i);
  }
}

void Server::add(std::string_view path_prefix, HttpHandler& handler) {
  for (Route& r : routes_) {
    if (r.handler != nullptr) continue;
    PARLEY_CHECK(r.prefix.set(path_prefix) && !path_prefix.empty());
    r.handler = &handler;
    return;
  }
  PARLEY_PANIC("too many HTTP routes");
}

void Server::remove(HttpHandler& handler) {
  for (Route& r : routes_) {
    if (r.handler == &handler) r = Route{};
  }
  for (Connection* c : live_) c->drop_handler(handler);
}

HttpHandler* Server::route(std::string_view path) const {
  const Route* best = nullptr;
  for (const Route& r : routes_) {
    if (r.handler == nullptr || !below(path, r.prefix)) continue;
    if (best == nullptr || r.prefix.size() > best->prefix.size()) best = &r;
  }
  return best == nullptr ? nullptr : best->handler;
}

}  // namespace parley::http_server
