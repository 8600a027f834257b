// The published files by HTTP (6970) and HTTPS (6972), beside TFTP.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The connections are those of http-server, the certificate that of `tftp-server-credentials`, the TLS versions those that
// `ip http tls-version` permits. A client asks by GET for "/" and the name; a name that is not published is 404, and a signed
// file that does not exist is never answered with the unsigned one (trust-files.md 5).
#pragma once

#include "modules/crypto-pki/trustpoint_context.h"
#include "modules/file-service/file_table.h"
#include "modules/http-server/http_server.h"
#include "modules/module.h"

namespace parley {
class LegacyFence;
}

namespace parley::file_service {

constexpr uint16_t kHttpPort = 6970;
constexpr uint16_t kHttpsPort = 6972;

struct HttpStats {
  uint64_t requests = 0, completed = 0, failed = 0, not_found = 0, bytes = 0;
};

class HttpFiles final : public Task, private HttpHandler, private TlsVersionFollower {
 public:
  HttpFiles(Env& env, FileLookup& files);
  ~HttpFiles() override { stop(); }

  Status start(size_t connections);             // takes the memory
  void stop();
  void set_enabled(bool on);                    // opens or closes both ports
  void set_credentials(std::string_view trustpoint);   // empty: no HTTPS
  Poll step() override;

  const HttpStats& stats(bool secure) const { return stats_[secure ? 1 : 0]; }
  bool listening() const { return server_.http_enabled(); }
  bool listening_secure() const { return server_.https_enabled(); }
  const char* why_not_secure() const;
  std::string_view trustpoint() const { return context_wanted_.trustpoint.view(); }

 private:
  class Transfer;
  std::unique_ptr<HttpExchange> open(const HttpRequest& request, Task& owner) override;
  void tls_version(bool legacy, bool tls1_1) override;
  void configure();

  Env& env_;
  FileLookup& files_;
  http_server::Server server_;
  TrustpointContext context_;
  TrustpointContext::Wanted context_wanted_;
  HttpRoutes* main_ = nullptr;                  // the router's own HTTP server
  LegacyFence* fence_ = nullptr;
  HttpStats stats_[2];                          // HTTP, HTTPS
  bool enabled_ = false;
  bool fenced_ = false;
};

}  // namespace parley::file_service
