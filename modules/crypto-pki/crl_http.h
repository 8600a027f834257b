// Revocation lists by plain HTTP: http://router/<server>.crl (RFC 5280 4.2.1.13), beside SCEP's operation=GetCRL.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/scep_server.h"

namespace parley::crypto_pki {

class CrlHandler final : public HttpHandler {
 public:
  explicit CrlHandler(Authorities& servers) : servers_(servers) {}
  // The servers of the configuration have changed.
  void listen(HttpRoutes& routes);
  std::unique_ptr<HttpExchange> open(const HttpRequest& request, Task& owner) override;

 private:
  Authorities& servers_;
};

}  // namespace parley::crypto_pki
