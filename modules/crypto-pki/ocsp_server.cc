// OCSP responder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ocsp_server.h"

#include "modules/crypto-pki/ocsp_wire.h"
#include "modules/crypto-pki/scep_jobs.h"

namespace parley::crypto_pki {
namespace {

struct Responder {                         // one authority as it is now
  IdentityPtr identity;
  std::shared_ptr<const IssuedIndex> index;
  UnixTime next = 0;
};

class OcspJob final : public Job {
 public:
  OcspJob(Keys& keys, UnixTime now) : keys_(keys), now_(now) {}
  void run() override {
    result = work();
    if (result) return;
    const Code code = result.error().code;
    const bool peer = code == Code::invalid || code == Code::full;
    result = build_ocsp_error(peer ? OcspStatus::malformed : code == Code::denied ? OcspStatus::unauthorized : OcspStatus::internal_error);
  }

  Blob input;
  Responder responders[kMaxServers];
  size_t count = 0;
  bool answered = false;                   // out
  Result<Blob> result = Fault{Code::cancelled, "not run", 0};

 private:
  Result<Blob> work();
  const Responder* find(const OcspQuestion& q) const {
    for (size_t i = 0; i < count; ++i) {
      if (ocsp_asks_for(q, responders[i].identity->certificate)) return &responders[i];
    }
    return nullptr;
  }
  Keys& keys_;
  UnixTime now_;
};

OcspAnswer answer_for(const OcspQuestion& q, const Responder& r) {
  OcspAnswer a;
  a.id = q.id;
  const uint64_t serial = serial_number(q.serial);
  switch (r.index->state(serial, a.revoked_at, a.reason)) {
    case IssuedState::good: a.state = OcspAnswer::State::good; break;
    case IssuedState::revoked: a.state = OcspAnswer::State::revoked; break;
    case IssuedState::unknown:   // its own certificate is not in the list of issued ones
      if (serial != 0 && serial == serial_number(r.identity->certificate.serial)) a.state = OcspAnswer::State::good;
      break;
  }
  return a;
}

Result<Blob> OcspJob::work() {
  TRY_ASSIGN(const OcspRequest request, parse_ocsp_request(input));
  const Responder* who = nullptr;
  for (size_t i = 0; i < request.count && who == nullptr; ++i) who = find(request.questions[i]);
  if (who == nullptr) return Fault{Code::denied, "no certificate of these authorities", 0};
  OcspAnswer answers[kMaxOcspQuestions];
  for (size_t i = 0; i < request.count; ++i) {
    const OcspQuestion& q = request.questions[i];
    if (find(q) == who) answers[i] = answer_for(q, *who);
    else answers[i].id = q.id;             // another authority: this signer does not know
  }
  OcspSpec spec;
  spec.answers = std::span<const OcspAnswer>(answers, request.count);
  spec.produced = spec.this_update = now_;
  spec.next_update = who->next;
  spec.nonce = request.nonce;
  answered = true;
  return build_ocsp_response(spec, keys_, who->identity->key, who->identity->hash);
}

class OcspExchange final : public HttpExchange {
 public:
  explicit OcspExchange(OcspHandler& handler) : handler_(handler) {}
  bool begin(std::unique_ptr<OcspJob> job, Task& owner) {
    return slot_.start(handler_.context().jobs, owner, std::move(job)).has_value();
  }
  Poll step(HttpResponse& response) override {
    const std::unique_ptr<OcspJob> job = slot_.take();
    if (job == nullptr) return Poll::pending;
    ++(job->answered && job->result ? handler_.counters().answered : handler_.counters().refused);
    if (job->result) {
      response.content_type = "application/ocsp-response";
      response.body = std::move(*job->result);
    } else {
      response.status = 503;
    }
    return Poll::done;
  }

 private:
  OcspHandler& handler_;
  JobSlot<OcspJob> slot_;
};

// GET: the rest of the path is base64; some clients write it into one segment, some leave the slashes in (RFC 6960 A.1).
Result<Blob> request_of(const HttpRequest& request) {
  if (request.method == "POST") {
    if (request.body.size() > kMaxOcspRequest) return Fault{Code::full, "OCSP request is too large", 0};
    return Blob::copy_of(request.body);
  }
  std::string_view rest = request.path.substr(std::string_view(OcspHandler::kPath).size());
  while (!rest.empty() && rest.front() == '/') rest.remove_prefix(1);
  return base64_decode(rest, kMaxOcspRequest);
}

}  // namespace

std::unique_ptr<HttpExchange> OcspHandler::open(const HttpRequest& request, Task& owner) {
  ++counters_.requests;
  auto job = std::make_unique<OcspJob>(context_.keys, context_.now());
  for (size_t i = 0; i < servers_.authority_count() && job->count < kMaxServers; ++i) {
    Authority& a = servers_.authority(i);
    if (a.serving() && a.settings().mode != ServerMode::registration) job->responders[job->count++] = Responder{a.identity(), a.issued_index(), a.crl_next_update()};
  }
  Result<Blob> input = request_of(request);
  if (input) job->input = std::move(*input);   // else empty: answered as malformed
  auto exchange = std::make_unique<OcspExchange>(*this);
  if (!exchange->begin(std::move(job), owner)) return nullptr;
  return exchange;
}

}  // namespace parley::crypto_pki
