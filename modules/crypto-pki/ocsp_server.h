// OCSP responder (RFC 6960, RFC 5019): /ocsp of the HTTP server, for all enabled certificate servers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/scep_server.h"

namespace parley::crypto_pki {

class OcspHandler final : public HttpHandler {
 public:
  static constexpr const char* kPath = "/ocsp";
  OcspHandler(Context& context, Authorities& servers) : context_(context), servers_(servers) {}
  // POST of the request, or GET /ocsp/<base64 of it>. Every question is answered from the list of issued certificates as it is
  // now; nobody has to wait for a new CRL.
  std::unique_ptr<HttpExchange> open(const HttpRequest& request, Task& owner) override;

  Context& context() { return context_; }
  OcspCounters& counters() { return counters_; }
  const OcspCounters& counters() const { return counters_; }

 private:
  Context& context_;
  Authorities& servers_;
  OcspCounters counters_;
};

}  // namespace parley::crypto_pki
