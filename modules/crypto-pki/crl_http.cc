// Revocation lists by plain HTTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/crl_http.h"

#include "modules/crypto-pki/chain_file.h"
#include "modules/crypto-pki/scep_jobs.h"

namespace parley::crypto_pki {
namespace {

class ListExchange final : public HttpExchange {
 public:
  explicit ListExchange(std::shared_ptr<const Blob> crl) : crl_(std::move(crl)) {}
  Poll step(HttpResponse& response) override {
    response.content_type = "application/pkix-crl";
    if (crl_ == nullptr) response.status = 404;
    else if (!response.body.append(*crl_)) response.status = 503;
    return Poll::done;
  }

 private:
  std::shared_ptr<const Blob> crl_;
};

Path list_path(const Authority& a) { return labelled_path("/", a.settings().label, ".crl"); }

}  // namespace

void CrlHandler::listen(HttpRoutes& routes) {
  routes.remove(*this);
  for (size_t i = 0; i < servers_.authority_count() && i < kMaxServers; ++i) routes.add(list_path(servers_.authority(i)), *this);
}

std::unique_ptr<HttpExchange> CrlHandler::open(const HttpRequest& request, Task&) {
  for (size_t i = 0; i < servers_.authority_count(); ++i) {
    const Authority& a = servers_.authority(i);
    if (list_path(a).view() == request.path && a.serving()) return std::make_unique<ListExchange>(a.crl());
  }
  return std::make_unique<ListExchange>(nullptr);
}

}  // namespace parley::crypto_pki
