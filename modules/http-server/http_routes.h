// Service HttpRoutes: modules answer HTTP requests under their path.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "platform/sched/task.h"

namespace parley {

class TlsContext;
struct TlsInfo;

// What the configuration of the HTTPS server asks for.
struct HttpsWanted {
  bool on = false;
  Text<63> trustpoint;        // empty: none was named
  bool client_auth = false;   // clients must show a certificate
  bool legacy = false;        // also TLS before 1.2
  bool tls1_1 = false;        // with legacy: not before 1.1
  uint16_t port = 443;
  bool operator==(const HttpsWanted&) const = default;
};

// Who owns certificates makes the TLS context of the HTTPS server: it comes later than the server (crypto-pki).
class HttpsProvider {
 public:
  virtual ~HttpsProvider() = default;
  virtual void https_wanted(const HttpsWanted& wanted) = 0;   // called again with every change
  virtual void https_connected(const TlsInfo&, uint32_t /*peer_ip*/) {}   // a handshake is over, the first bytes are here
};

struct HttpRequest {
  std::string_view method;    // "GET", "POST", "HEAD"
  std::string_view path;      // decoded, starts with '/', no ".."
  std::string_view query;     // raw, without '?'
  std::string_view content_type;
  Bytes body;
  uint32_t peer_ip = 0;
  bool secure = false;
  // Value of a query parameter, percent-decoded into `to`. Fault missing / full / invalid.
  Result<std::string_view> parameter(std::string_view name, Blob& to) const;
};

struct HttpResponse {
  uint16_t status = 200;
  std::string_view content_type = "text/plain";  // literal
  Blob body;
  uint64_t length = 0;        // body is empty: so many bytes come from HttpExchange::part()
  bool no_store = false;      // nobody may keep a copy (Cache-Control)
};

// One request under way. step() is called at start and when woken; Poll::done: `response` is complete.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;
  virtual Poll step(HttpResponse& response) = 0;
  // For `length`: bytes of the body from `offset`, at least one, valid until the next call. Fault busy: the owner is woken;
  // any other: the connection ends, so that the client sees a short body.
  virtual Result<Bytes> part(uint64_t) { return Fault{Code::unsupported, "no such body", 0}; }
  virtual void sent() {}      // the whole answer was given to the connection
};

class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // The request lives as long as the exchange. `owner` is woken for the exchange's jobs and timers.
  // nullptr: too busy (the server answers 503).
  virtual std::unique_ptr<HttpExchange> open(const HttpRequest& request, Task& owner) = 0;
};

// Other HTTPS ports for phones take the TLS versions that `ip http tls-version` permits.
class TlsVersionFollower {
 public:
  virtual ~TlsVersionFollower() = default;
  virtual void tls_version(bool legacy, bool tls1_1) = 0;   // as in HttpsWanted; called again with every change
};

class HttpRoutes {
 public:
  static constexpr const char* kService = "HttpRoutes";
  virtual ~HttpRoutes() = default;
  virtual void add(std::string_view path_prefix, HttpHandler& handler) = 0;   // longest prefix wins
  virtual void remove(HttpHandler& handler) = 0;
  virtual bool http_enabled() const = 0;     // `ip http server` is on and listening
  virtual uint16_t http_port() const = 0;
  // nullptr: the provider goes; sessions and context are given up before this returns.
  virtual void set_https_provider(HttpsProvider* provider) = 0;
  // From the provider. nullptr: no HTTPS now, `why` for the operator (literal). New sessions use the new context.
  virtual void set_https_context(std::shared_ptr<TlsContext> context, const char* why) = 0;
  virtual void set_tls_follower(TlsVersionFollower* follower) = 0;   // nullptr: none any more
};

}  // namespace parley
