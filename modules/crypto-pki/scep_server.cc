// SCEP server (RFC 8894).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/scep_server.h"

#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/scep_operation.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxScepMessage = 32 * 1024;   // a request with an RSA key of 8192 bits needs a third of it

// GetCACert, GetCACaps, and every refusal: the answer is known at once.
class ReadyExchange final : public HttpExchange {
 public:
  ReadyExchange(uint16_t status, const char* type, Bytes body) {
    response_.status = status;
    response_.content_type = type;
    if (!response_.body.append(body)) response_.status = 503;
  }
  Poll step(HttpResponse& response) override {
    response = std::move(response_);
    return Poll::done;
  }

 private:
  HttpResponse response_;
};

std::unique_ptr<HttpExchange> ready(uint16_t status, const char* type = "text/plain", Bytes body = {}) {
  return std::make_unique<ReadyExchange>(status, type, body);
}

// A root alone, or the whole chain (RFC 8894 4.2.1).
std::unique_ptr<HttpExchange> ca_certificates(const Identity& identity) {
  if (identity.mode == ServerMode::root) return ready(200, "application/x-x509-ca-cert", identity.certificate.der);
  Bytes chain[kMaxUpper + 1];
  const Result<Blob> bag = write_certificates(std::span<const Bytes>(chain, chain_of(identity, chain)), {});
  return bag ? ready(200, "application/x-x509-ca-ra-cert", *bag) : ready(503);
}

// strongSwan 5.9.8 reads every second line only (real-clients.md): what it needs stands on odd lines.
std::unique_ptr<HttpExchange> capabilities(WeakDialect weak, bool successor) {
  char text[160];
  FixedWriter w(text);
  w.put("POSTPKIOperation\nSHA-512\nSHA-256\nSCEPStandard\nAES\nRenewal\n");
  if (weak != WeakDialect::none) w.put("DES3\nSHA-1\n");
  if (successor) w.put("GetNextCACert\n");
  return ready(200, "text/plain", as_bytes(w.view()));
}

// The usual cdp-url of IOS: http://router/cgi-bin/pkiclient.exe?operation=GetCRL
std::unique_ptr<HttpExchange> revocation_list(const Authority& ca) {
  return ca.crl() == nullptr ? ready(404) : ready(200, "application/pkix-crl", *ca.crl());
}

// RFC 8894 4.7: HTTP 404 while there is none.
std::unique_ptr<HttpExchange> next_certificate(const Authority& ca) {
  const std::shared_ptr<const Blob>& message = ca.successor().message;
  return message == nullptr ? ready(404) : ready(200, "application/x-x509-next-ca-cert", *message);
}

}  // namespace

void ScepHandler::refused(uint32_t peer_ip, Refusal r, const char* why) {
  counters_.refuse(r);
  debug(peer_ip, "refused", why);
  context_.log(kScepRefused, LogArg::ip(peer_ip), why);
}

void ScepHandler::debug(uint32_t peer_ip, std::string_view what, std::string_view detail) const {
  if (DebugLine line(context_.log, debug_of::kScep); line) {
    line.out().put("CRYPTO_PKI_SCEP: ").ipv4(peer_ip).put(": ").put(what);
    if (!detail.empty()) line.out().put(", ").put(detail);
  }
}

Authority* ScepHandler::pick(std::string_view name) {
  Authority* first = nullptr;
  for (size_t i = 0; i < servers_.authority_count(); ++i) {
    Authority& a = servers_.authority(i);
    if (!a.serving()) continue;
    if (a.settings().label.view() == name) return &a;
    if (first == nullptr) first = &a;
  }
  return first;
}

Authority* ScepHandler::by_identity(const Identity& identity) {
  for (size_t i = 0; i < servers_.authority_count(); ++i) {
    Authority& a = servers_.authority(i);
    if (a.identity().get() == &identity) return &a;
  }
  return nullptr;
}

std::unique_ptr<HttpExchange> ScepHandler::open(const HttpRequest& request, Task& owner) {
  Blob value;
  const Result<std::string_view> operation = request.parameter("operation", value);
  if (!operation) return ready(400);
  debug(request.peer_ip, *operation, request.method);
  if (request.body.size() > kMaxScepMessage) {
    refused(request.peer_ip, Refusal::too_large, "the message is larger than 32 KB");
    return ready(413);
  }
  Blob text;
  const Result<std::string_view> name = request.parameter("message", text);
  Authority* ca = pick(name ? *name : std::string_view());
  if (ca == nullptr) return ready(503);
  if (*operation == "GetCACert") return ca_certificates(*ca->identity());
  if (*operation == "GetCRL") return revocation_list(*ca);
  if (*operation == "GetCACaps") {
    return capabilities(ca->settings().weak, ca->successor().message != nullptr);
  }
  if (*operation == "GetNextCACert") return next_certificate(*ca);
  if (*operation != "PKIOperation") return ready(400);
  Result<Blob> message = request.method == "POST" ? Blob::copy_of(request.body)
                         : name                   ? base64_decode(*name, kMaxScepMessage)
                                                  : Result<Blob>(Fault{Code::missing, "no message", 0});
  if (!message || message->empty()) {
    const bool large = !message && message.error().code == Code::full;
    refused(request.peer_ip, large ? Refusal::too_large : Refusal::damaged, large ? "the message is larger than 32 KB" : "no message");
    return ready(large ? 413 : 400);
  }
  return start_operation(*this, owner, request.peer_ip, std::move(*message));
}

}  // namespace parley::crypto_pki
