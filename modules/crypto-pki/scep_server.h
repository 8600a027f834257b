// SCEP server (RFC 8894): /cgi-bin/pkiclient.exe of the HTTP server, for all enabled certificate servers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/authority.h"
#include "modules/crypto-pki/scep_counters.h"
#include "modules/http-server/http_routes.h"

namespace parley::crypto_pki {

// The servers of this router, by label.
class Authorities {
 public:
  virtual ~Authorities() = default;
  virtual size_t authority_count() const = 0;
  virtual Authority& authority(size_t i) = 0;
};

class ScepHandler final : public HttpHandler {
 public:
  static constexpr const char* kPath = "/cgi-bin/pkiclient.exe";
  ScepHandler(Context& context, Authorities& servers) : context_(context), servers_(servers) {}
  std::unique_ptr<HttpExchange> open(const HttpRequest& request, Task& owner) override;

  // Serving ones only; a name that is a label picks that server, else the first. nullptr: none.
  Authority* pick(std::string_view name);
  Authority* by_identity(const Identity& identity);
  Context& context() { return context_; }
  Authorities& servers() { return servers_; }
  ScepCounters& counters() { return counters_; }
  const ScepCounters& counters() const { return counters_; }
  // Counted and logged.
  void refused(uint32_t peer_ip, Refusal r, const char* why);
  void debug(uint32_t peer_ip, std::string_view what, std::string_view detail) const;   // debug crypto pki scep

 private:
  Context& context_;
  Authorities& servers_;
  ScepCounters counters_;
};

}  // namespace parley::crypto_pki
