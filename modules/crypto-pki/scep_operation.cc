// One PKIOperation of SCEP.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// open (job: signature, envelope, request) -> decide (grant, wait, refuse) -> answer (job: certificate, envelope, signature). An
// answer that cannot be made is HTTP 500: the client asks again and gets the same certificate.
#include "modules/crypto-pki/scep_operation.h"

#include <algorithm>

#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/scep_jobs.h"
#include "platform/tls/legacy.h"

namespace parley::crypto_pki {
namespace {

constexpr const char* kPkiMessage = "application/x-pki-message";
constexpr Millis kLookAgain{200};
constexpr unsigned kLooks = 20;               // four seconds: clients give up much later

class OperationExchange final : public HttpExchange {
 public:
  OperationExchange(ScepHandler& handler, Task& owner, uint32_t peer) : handler_(handler), owner_(owner), peer_(peer) {}
  ~OperationExchange() override { issuing_ended(); }
  bool begin(Blob message);
  Poll step(HttpResponse& response) override;

 private:
  Poll opened(HttpResponse& response);
  Poll answered(HttpResponse& response);
  Poll held(HttpResponse& response);
  Poll start_answer(HttpResponse& response, std::unique_ptr<ScepAnswerJob> answer);
  void decide(ScepAnswerJob& answer, Authority& ca);
  void new_request(ScepAnswerJob& answer, Authority& ca);
  void poll_request(ScepAnswerJob& answer, Authority& ca);
  void from_state(ScepAnswerJob& answer, Authority& ca, Request& r);
  void keep_request(ScepAnswerJob& answer, const Authority& ca, Request& r);
  void get_certificate(ScepAnswerJob& answer, Authority& ca);
  void get_list(ScepAnswerJob& answer, Authority& ca);
  void refuse(ScepAnswerJob& answer, Refusal r, ScepFail fail, const char* why);
  Result<Request> make_request() const;
  void tell_fence() const;
  const char* check_challenge(Authority& ca, Request& r) const;
  Request* request();
  void issuing_ended();

  ScepHandler& handler_;
  Task& owner_;
  uint32_t peer_;
  std::unique_ptr<ScepOpenJob> job_;       // after it ran
  JobSlot<ScepOpenJob> open_;
  JobSlot<ScepAnswerJob> answer_;
  IdentityPtr issuing_ca_;                 // a certificate is being made for request issuing_id_
  uint32_t issuing_id_ = 0;
  // Registration authority: the authority behind it often answers at once, then the client need not poll.
  std::unique_ptr<ScepAnswerJob> held_;
  uint32_t forwarded_id_ = 0;
  unsigned looks_ = 0;
  Timer look_{owner_};
};

bool OperationExchange::begin(Blob message) {
  auto job = std::make_unique<ScepOpenJob>(handler_.context().keys, handler_.context().now());
  job->input = std::move(message);
  for (size_t i = 0; i < handler_.servers().authority_count() && job->server_count < kMaxServers; ++i) {
    const Authority& a = handler_.servers().authority(i);
    if (a.serving()) job->servers[job->server_count++] = ScepServer{a.identity(), a.issued_index(), a.settings().weak};
  }
  ++handler_.counters().requests;
  return open_.start(handler_.context().jobs, owner_, std::move(job)).has_value();
}

Poll OperationExchange::step(HttpResponse& response) {
  if (open_.busy()) {
    job_ = open_.take();
    return job_ == nullptr ? Poll::pending : opened(response);
  }
  if (held_ != nullptr) return held(response);
  return answered(response);
}

Poll OperationExchange::opened(HttpResponse& response) {
  const bool addressed = !job_->message.scep.transaction_id.empty() && job_->server_count != 0;
  if (!addressed) {
    const bool none = job_->server_count == 0;
    handler_.refused(peer_, none ? Refusal::other : job_->refusal,
                     none ? "no certificate server is enabled" : job_->status.error().what);
    response.status = none ? 503 : 400;
    return Poll::done;
  }
  const SignedMessage& m = job_->message;
  handler_.debug(peer_, scep_message_name(m.scep.type), m.scep.transaction_id);
  debug_message(handler_.context().log, "<", m.scep, m.hash, job_->input.size());
  Authority* ca = handler_.by_identity(*job_->servers[job_->server].identity);
  if (ca == nullptr) {
    response.status = 503;   // stopped meanwhile
    return Poll::done;
  }
  Context& c = handler_.context();
  auto answer = std::make_unique<ScepAnswerJob>(c.keys, c.store, c.random);
  answer->ca = job_->servers[job_->server].identity;
  answer->request = job_->message.scep;
  answer->cipher = job_->cipher;
  answer->hash = job_->message.hash;
  (void)answer->recipient.append(job_->message.signer);
  if (!job_->status) {
    refuse(*answer, job_->refusal, job_->fail, job_->status.error().what);
    if (job_->fail == ScepFail::bad_alg) answer->hash = Hash::sha256;
  } else {
    tell_fence();
    decide(*answer, *ca);
  }
  if (forwarded_id_ == 0) return start_answer(response, std::move(answer));
  held_ = std::move(answer);
  look_.start(kLookAgain);
  return Poll::pending;
}

Poll OperationExchange::start_answer(HttpResponse& response, std::unique_ptr<ScepAnswerJob> answer) {
  const ScepStatus s = answer->status;
  handler_.debug(peer_, s == ScepStatus::success ? "answer: success" : s == ScepStatus::pending ? "answer: pending" : "answer: failure",
                 envelope_cipher_name(answer->cipher));
  if (answer_.start(handler_.context().jobs, owner_, std::move(answer))) return Poll::pending;
  response.status = 503;
  return Poll::done;
}

Poll OperationExchange::held(HttpResponse& response) {
  if (!look_.fired()) return Poll::pending;
  Authority* ca = handler_.by_identity(*held_->ca);
  Request* r = ca == nullptr ? nullptr : ca->requests().by_id(forwarded_id_);
  if (r != nullptr && r->state == RequestState::granted && ++looks_ < kLooks) {
    look_.start(kLookAgain);
    return Poll::pending;
  }
  if (r != nullptr && r->state != RequestState::granted) from_state(*held_, *ca, *r);
  return start_answer(response, std::move(held_));
}

// Weak dialects are logged once for each device and listed by `show crypto legacy`.
void OperationExchange::tell_fence() const {
  LegacyFence* fence = handler_.context().legacy;
  const Result<Certificate> signer = parse_certificate(job_->message.signer);
  if (fence == nullptr || handler_.context().http == nullptr || !signer) return;
  LegacyUse use;
  use.device = holder_name(signer->subject, peer_);
  use.port = handler_.context().http->http_port();
  const Hash h = job_->message.hash;
  const bool old_cipher = job_->cipher == EnvelopeCipher::des_cbc || job_->cipher == EnvelopeCipher::des3_cbc;
  if (!old_cipher && h != Hash::md5 && h != Hash::sha1) return fence->modern(use.port, use.device);
  use.version = Text<16>("SCEP");
  use.hash = Text<16>(h == Hash::md5 ? "MD5" : h == Hash::sha1 ? "SHA1" : "SHA2");
  char suite[48];
  FixedWriter s(suite);
  s.put(envelope_cipher_name(job_->cipher)).put('/').put(use.hash);
  use.suite = Text<48>(s.view());
  use.key_bits = signer->key.bits;
  fence->used(use);
}

void OperationExchange::refuse(ScepAnswerJob& answer, Refusal r, ScepFail fail, const char* why) {
  answer.status = ScepStatus::failure;
  answer.fail = fail;
  handler_.refused(peer_, r, why);
}

void OperationExchange::decide(ScepAnswerJob& answer, Authority& ca) {
  switch (job_->message.scep.type) {
    case ScepMessage::pkcs_req:
    case ScepMessage::renewal_req: return new_request(answer, ca);
    case ScepMessage::cert_poll: return poll_request(answer, ca);
    case ScepMessage::get_cert: return get_certificate(answer, ca);
    default: return get_list(answer, ca);
  }
}

Result<Request> OperationExchange::make_request() const {
  const Csr& csr = job_->csr;
  Request r;
  (void)r.transaction.set(job_->message.scep.transaction_id);
  r.peer_ip = peer_;
  r.fingerprint = job_->fingerprint;
  r.profile = job_->profile;
  r.vouched = csr.unsigned_key;
  TRY_ASSIGN(r.key, Blob::copy_of(csr.spki));
  r.from_ra = job_->from_ra;
  r.message = job_->message_digest;
  TRY_ASSIGN(r.csr, Blob::copy_of(csr.der));
  TRY_ASSIGN(r.spki, Blob::copy_of(job_->sender_key));
  TRY_ASSIGN(r.subject, Blob::copy_of(csr.subject));
  return r;
}

// nullptr: as it should be. A renewal is vouched for by the old certificate, a request of an RA by the RA.
const char* OperationExchange::check_challenge(Authority& ca, Request& r) const {
  if (job_->renewal || job_->from_ra) return nullptr;
  switch (ca.password().check(job_->csr.challenge, handler_.context().now())) {
    case OneTimePassword::Verdict::none: return nullptr;
    case OneTimePassword::Verdict::right:
      ca.password().use();
      r.one_time = true;
      return nullptr;
    case OneTimePassword::Verdict::missing:   // the operator may still look at it himself
      return ca.settings().granting == Granting::automatic ? "the challenge password is missing" : nullptr;
    case OneTimePassword::Verdict::wrong: return "the challenge password is wrong";
    case OneTimePassword::Verdict::ended: return "the lifetime of the challenge password has ended";
    case OneTimePassword::Verdict::used: return "the challenge password was used before";
  }
  return nullptr;
}

void OperationExchange::new_request(ScepAnswerJob& answer, Authority& ca) {
  const Csr& csr = job_->csr;
  if (Request* known = ca.requests().by_transaction(job_->message.scep.transaction_id, job_->sender_key)) {
    // The very message that was answered before: nobody who got the answer sends it again. With a new nonce it is a client that
    // lost the answer, and gets the same one.
    if (known->answered && equal_bytes(known->message.view(), job_->message_digest.view())) {
      return refuse(answer, Refusal::replay, ScepFail::bad_request, "the message was answered before");
    }
    if (equal_bytes(known->csr, csr.der)) {
      known->message = job_->message_digest;
      return from_state(answer, ca, *known);
    }
    return refuse(answer, Refusal::replay, ScepFail::bad_request, "the transaction id was used for another request");
  }
  Result<Request> made = make_request();
  if (const char* why = made ? check_challenge(ca, *made) : nullptr) {
    return refuse(answer, Refusal::challenge, ScepFail::bad_request, why);
  }
  char name[160];
  FixedWriter w(name);
  (void)print_name(csr.subject, NameStyle::ios, w);
  Result<Request*> added = made ? ca.receive(std::move(*made), w.view()) : Result<Request*>(made.error());
  if (!added) return refuse(answer, Refusal::other, ScepFail::bad_request, added.error().what);
  from_state(answer, ca, **added);
}

void OperationExchange::from_state(ScepAnswerJob& answer, Authority& ca, Request& r) {
  answer.request_id = r.id;
  r.answered = r.state != RequestState::pending && !r.issuing;
  switch (r.state) {
    case RequestState::pending:
      answer.status = ScepStatus::pending;
      ++handler_.counters().pending;
      if (!r.saved) keep_request(answer, ca, r);
      return;
    case RequestState::rejected: return refuse(answer, Refusal::rejected, ScepFail::bad_request, "rejected by the operator or by grant none");
    case RequestState::issued:
      answer.status = ScepStatus::success;
      (void)answer.certificate.append(r.certificate);
      return;
    case RequestState::granted: break;
  }
  if (ca.settings().mode == ServerMode::registration) {   // passed on; the client polls
    r.answered = false;
    answer.status = ScepStatus::pending;
    ++handler_.counters().pending;
    forwarded_id_ = r.id;
    return ca.wake();
  }
  if (r.issuing) {                         // asked again while the first answer is being made
    answer.status = ScepStatus::pending;
    return;
  }
  Result<IssueOrder> order = ca.order(r);
  if (!order) return refuse(answer, Refusal::other, ScepFail::bad_request, order.error().what);
  answer.order = std::move(*order);
  answer.issue = r.issuing = true;
  issuing_ca_ = ca.identity();
  issuing_id_ = r.id;
  answer.status = ScepStatus::success;
}

void OperationExchange::keep_request(ScepAnswerJob& answer, const Authority& ca, Request& r) {
  Result<RequestFile> file = ca.file_of(r);
  if (!file) return refuse(answer, Refusal::other, ScepFail::bad_request, file.error().what);
  answer.keep = std::move(*file);
  r.kept = true;
}

void OperationExchange::poll_request(ScepAnswerJob& answer, Authority& ca) {
  const Result<Certificate> signer = parse_certificate(job_->message.signer);
  Request* r = signer ? ca.requests().by_transaction(job_->message.scep.transaction_id, signer->spki) : nullptr;
  if (r == nullptr) return refuse(answer, Refusal::unknown_request, ScepFail::bad_cert_id, "poll for an unknown transaction");
  from_state(answer, ca, *r);
}

void OperationExchange::get_certificate(ScepAnswerJob& answer, Authority& ca) {
  const Result<NamePair> wanted = read_issuer_and_serial(job_->content);
  const Database& db = ca.settings().database;
  const auto bad = [&](const char* why) { refuse(answer, Refusal::unknown_request, ScepFail::bad_cert_id, why); };
  if (!wanted) return refuse(answer, Refusal::damaged, ScepFail::bad_request, wanted.error().what);
  if (!equal_names(wanted->issuer, ca.identity()->certificate.subject)) return bad("certificate of another issuer");
  if (db.level != Level::complete) return bad("issued certificates are not kept (database level)");
  char text[64];
  FixedWriter w(text);
  print_serial(wanted->second, w);
  answer.certificate_file = database_path(db, FileKind::crt, w.view());
  answer.status = ScepStatus::success;
}

void OperationExchange::get_list(ScepAnswerJob& answer, Authority& ca) {
  if (ca.crl() == nullptr) return refuse(answer, Refusal::other, ScepFail::bad_request, "there is no revocation list");
  answer.crl = ca.crl();
  answer.status = ScepStatus::success;
}

Request* OperationExchange::request() {
  Authority* ca = issuing_ca_ == nullptr ? nullptr : handler_.by_identity(*issuing_ca_);
  return ca == nullptr ? nullptr : ca->requests().by_id(issuing_id_);
}

// Also when the client went away: the next one who asks may try again.
void OperationExchange::issuing_ended() {
  if (Request* r = request()) {
    r->issuing = false;
    if (r->state != RequestState::issued) r->answered = false;   // no answer was made: the same message may come again
  }
  issuing_ca_.reset();
}

Poll OperationExchange::answered(HttpResponse& response) {
  const std::unique_ptr<ScepAnswerJob> done = answer_.take();
  if (done == nullptr) return Poll::pending;
  Request* r = request();
  if (done->issued && r != nullptr && r->state == RequestState::granted) {
    handler_.by_identity(*done->ca)->issued(*r, done->certificate);
    ++handler_.counters().issued;
  }
  issuing_ended();
  if (Authority* ca = done->kept ? handler_.by_identity(*done->ca) : nullptr) {
    if (Request* waiting = ca->requests().by_id(done->request_id)) waiting->saved = true;
  }
  if (!done->result) {
    handler_.refused(peer_, Refusal::other, done->result.error().what);
    response.status = 500;
    return Poll::done;
  }
  ScepAttributes sent = done->request;
  sent.type = ScepMessage::cert_rep;
  sent.status = done->status;
  sent.fail = done->status == ScepStatus::failure ? done->fail : ScepFail::none;
  debug_message(handler_.context().log, ">", sent, done->hash, done->result->size());
  response.content_type = kPkiMessage;
  response.body = std::move(*done->result);
  return Poll::done;
}

}  // namespace

std::unique_ptr<HttpExchange> start_operation(ScepHandler& handler, Task& owner, uint32_t peer_ip, Blob message) {
  auto exchange = std::make_unique<OperationExchange>(handler, owner, peer_ip);
  if (!exchange->begin(std::move(message))) return nullptr;
  return exchange;
}

}  // namespace parley::crypto_pki
