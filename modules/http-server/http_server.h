// HTTP server: listens, gives each peer a connection of a pool, finds the handler of a path.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/http-server/http_connection.h"
#include "modules/http-server/http_routes.h"
#include "platform/base/memory.h"
#include "platform/log/log.h"
#include "platform/net/net.h"
#include "platform/sched/task.h"
#include "platform/tls/tls.h"

namespace parley {
struct Module;
extern const Module kHttpServer;
}

namespace parley::http_server {

struct Settings {
  bool on = false;
  uint16_t port = 80;
  uint16_t max_connections = 0;   // 0: as many as the pool holds
  uint16_t secure_port = 443;
  HttpsWanted secure;
  bool operator==(const Settings&) const = default;
};

struct Counters {
  uint64_t accepted = 0, requests = 0, bad = 0;
  uint64_t evicted = 0;           // idle or slow peers that gave way to a new one
  uint64_t refused = 0;           // no room although every peer was being answered
  uint64_t handshakes_failed = 0;
};

class Server final : public Task, public HttpRoutes {
 public:
  // name: literal, of the task and its memory.
  Server(Scheduler& scheduler, Net& net, Log& log, Tls& tls, const char* name = "HTTP CORE");
  ~Server() override;

  Status start(size_t connections);   // takes the memory
  void stop();                        // ends all connections; routes stay
  void configure(const Settings& settings);

  Poll step() override;

  // HttpRoutes
  void add(std::string_view path_prefix, HttpHandler& handler) override;
  void remove(HttpHandler& handler) override;
  bool http_enabled() const override { return listener_ != nullptr; }
  uint16_t http_port() const override { return settings_.port; }
  void set_https_provider(HttpsProvider* provider) override;
  void set_https_context(std::shared_ptr<TlsContext> context, const char* why) override;
  void set_tls_follower(TlsVersionFollower* follower) override;

  bool https_enabled() const { return secure_listener_ != nullptr; }
  const char* https_missing() const { return https_why_; }   // why there is none
  void handshake_failed(const Endpoint& peer, const Fault& why);
  void connected(const Stream& secure, const Endpoint& peer) const;   // its first bytes are here

  HttpHandler* route(std::string_view path) const;   // longest prefix; nullptr: none
  void count_request() { ++counters_.requests; }
  void count_bad() { ++counters_.bad; }

  const Settings& settings() const { return settings_; }
  const Counters& counters() const { return counters_; }
  size_t connections() const { return live_.size(); }
  size_t limit() const;
  const Connection& connection(size_t i) const { return *live_[i]; }

 private:
  void listen(std::unique_ptr<Listener>& listener, uint16_t port);
  void accept_all(Listener& listener, bool secure);
  Result<std::unique_ptr<Stream>> secured(std::unique_ptr<Stream> stream);
  void drop_secure();
  bool make_room();
  void reap();

  struct Route {
    Text<64> prefix;
    HttpHandler* handler = nullptr;
  };
  static constexpr size_t kRoutes = 16;

  Net& net_;
  Log& log_;
  Arena arena_;
  Pool<Connection> pool_{"http connections", arena_};
  List<Connection*> live_{arena_};
  Route routes_[kRoutes];
  Settings settings_;
  Counters counters_;
  Timer retry_{*this};
  std::unique_ptr<Listener> listener_, secure_listener_;
  Tls& tls_;
  HttpsProvider* provider_ = nullptr;
  TlsVersionFollower* follower_ = nullptr;
  std::shared_ptr<TlsContext> context_;
  const char* https_why_ = "no certificate";
  Monotonic log_window_{};
  unsigned logged_ = 0;
  bool running_ = false;
  bool told_ = false;                 // the listen failure was logged
};

}  // namespace parley::http_server
