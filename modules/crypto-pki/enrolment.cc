// One enrolment over SCEP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/enrolment.h"

#include <algorithm>

#include "modules/crypto-pki/ca_issue.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxAnswer = kMaxCms;

const char* fail_text(ScepFail f) {
  switch (f) {
    case ScepFail::bad_alg: return "the authority does not know the algorithms";
    case ScepFail::bad_message_check: return "the authority found the message damaged";
    case ScepFail::bad_request: return "the authority refused the request";
    case ScepFail::bad_time: return "the authority finds our clock wrong";
    case ScepFail::bad_cert_id: return "the authority does not know the request";
    case ScepFail::none: break;
  }
  return "the authority refused without a reason";
}

void print_digest(const Digest& d, Writer& out) {
  for (size_t i = 0; i < d.size; i += 4) {
    if (i != 0) out.put(' ');
    out.hex_bytes(d.data + i, std::min<size_t>(4, d.size - i));
  }
}

}  // namespace

Enrolment::Enrolment(Context& context, TrustStore& store, const TrustpointSettings& settings)
    : Task(context.scheduler, "Crypto PKI enrol"), context_(context), store_(store), settings_(settings),
      http_(*this, context.net) {}

Status Enrolment::begin(CsrOrder order, Bytes ca) {
  TRY_ASSIGN(url_, scep_url(settings_));
  if (url_.ip == 0 && (context_.interfaces == nullptr || !context_.interfaces->resolve(url_.host, url_.ip))) {
    return Fault{Code::missing, "the name of the CA cannot be resolved", 0};
  }
  if (settings_.source_down) return Fault{Code::missing, "the source interface has no address", 0};
  key_ = context_.keys.find(settings_.key);
  const Result<KeyInfo> info = context_.keys.info(key_);
  const KeyType type = key_ && info ? info->type : settings_.key_type;
  if (type != KeyType::rsa) {   // RFC 8894 2.1.2, 3.1: the answer is encrypted for our key
    return Fault{Code::unsupported, "an EC key cannot decrypt the answer of a SCEP server; use enrollment terminal", 0};
  }
  at_ = !key_ || settings_.regenerate ? At::key : At::caps;
  order_ = std::move(order);
  TRY(state_->ca.append(ca));
  wake();
  return {};
}

Status Enrolment::begin_for(EnrollingPtr prepared, Task& waiter) {
  TRY_ASSIGN(url_, scep_url(settings_));
  if (url_.ip == 0) return Fault{Code::missing, "the name of the CA cannot be resolved", 0};
  state_ = std::move(prepared);
  waiter_ = &waiter;
  wake();
  return {};
}

Poll Enrolment::step() {
  for (int n = 0; n < 16 && !ended(); ++n) {
    if (run() == Next::wait) return ended() ? Poll::done : Poll::pending;
  }
  return ended() ? Poll::done : Poll::again;
}

Enrolment::Next Enrolment::run() {
  switch (at_) {
    case At::key: return key();
    case At::rename: return rename();
    case At::caps: return caps();
    case At::recipient: return recipient();
    case At::build: return build();
    case At::send: return send();
    case At::reply: return reply();
    case At::waiting: return waiting();
    case At::save: return save();
    case At::done:
    case At::failed: break;
  }
  return Next::wait;
}

void Enrolment::step_done(const char* what) const {
  if (DebugLine line(context_.log, debug_of::kTransactions); line) {
    line.out().put("CRYPTO_PKI: Trustpoint ").put(settings_.label).put(": ").put(what);
  }
}

Enrolment::Next Enrolment::fail(const char* why) {
  step_done(why);
  at_ = At::failed;
  failure_ = why;
  if (waiter_ != nullptr) waiter_->wake();
  http_.cancel();
  context_.log(kCertRejected, settings_.label, why);
  return Next::wait;
}

Enrolment::Next Enrolment::retry(const char* why) {
  if (++tries_ > settings_.retry_count) return fail(why);
  at_ = At::waiting;
  started_ = false;
  if (DebugLine line(context_.log, debug_of::kTransactions); line) {
    line.out().put("CRYPTO_PKI: Trustpoint ").put(settings_.label).put(": again in ").dec(settings_.retry_minutes).put(" minutes, try ");
    line.out().dec(tries_).put(" of ").dec(settings_.retry_count);
  }
  timer_.start(std::chrono::minutes(settings_.retry_minutes));
  return Next::wait;
}

Status Enrolment::get(std::string_view operation) {
  char target[640];
  FixedWriter w(target);
  w.put(url_.path).put("?operation=").put(operation).put("&message=");
  http_server::encode_percent(settings_.label, w);
  if (!w.ok()) return Fault{Code::invalid, "the enrollment URL is too long", 0};
  http_server::ClientRequest r;
  r.target = w.view();
  r.host = url_.host;
  r.to = Endpoint{url_.ip, url_.port};
  r.from_ip = settings_.from_ip;
  r.max_body = kMaxAnswer;
  debug_request(context_.log, settings_.label, r);
  return http_.start(r);
}

Status Enrolment::post() {
  Blob target;
  target.put(url_.path).put("?operation=PKIOperation");
  http_server::ClientRequest r;
  r.host = url_.host;
  r.to = Endpoint{url_.ip, url_.port};
  r.from_ip = settings_.from_ip;
  r.max_body = kMaxAnswer;
  if (post_) {
    r.method = "POST";
    r.content_type = "application/x-pki-message";
    r.body = message_;
  } else {
    Blob text;
    TRY(base64_encode(message_, 0, text));
    target.put("&message=");
    http_server::encode_percent(text.text(), target);
  }
  if (!target.ok()) return Fault{Code::full, "no memory for a request", 0};
  r.target = target.text();
  debug_request(context_.log, settings_.label, r);
  return http_.start(r);
}

// wait: the request is under way, or the enrolment goes another way (ended = false).
Enrolment::Next Enrolment::http_ended(bool& ended) {
  ended = false;
  if (http_.step() != Poll::done) return Next::wait;
  started_ = false;
  debug_answer(context_.log, settings_.label, http_);
  if (!http_.result()) return retry(http_.result().error().what);
  ended = true;
  return Next::go;
}

Enrolment::Next Enrolment::caps() {
  if (!started_) {
    const Status s = get("GetCACaps");
    if (!s) return retry(s.error().what);
    started_ = true;
  }
  bool ended;
  if (const Next n = http_ended(ended); !ended) return n;
  if (http_.status() == 503) return retry("the authority is too busy");
  if (http_.status() == 200) read_caps(as_text(http_.body()));
  if (!aes_) return fail("the authority does not offer AES");
  at_ = At::recipient;
  return Next::go;
}

void Enrolment::read_caps(std::string_view text) {
  bool sha256 = false, sha512 = false;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view word = trim(text.substr(0, end));
    const bool standard = equal_nocase(word, "SCEPStandard");
    renewal_ = renewal_ || equal_nocase(word, "Renewal");
    post_ = post_ || standard || equal_nocase(word, "POSTPKIOperation");
    aes_ = aes_ || standard || equal_nocase(word, "AES");
    sha256 = sha256 || standard || equal_nocase(word, "SHA-256");
    sha512 = sha512 || equal_nocase(word, "SHA-512");
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  state_->hash = !sha256 && sha512 ? Hash::sha512 : Hash::sha256;
}

// The CA certificate is the one the operator accepted; only a registration authority in front of it is learned here.
Enrolment::Next Enrolment::recipient() {
  if (!started_) {
    const Status s = get("GetCACert");
    if (!s) return retry(s.error().what);
    started_ = true;
  }
  bool ended;
  if (const Next n = http_ended(ended); !ended) return n;
  if (http_.status() != 200) return retry("the authority does not give its certificate");
  Result<CaAnswer> answer = read_ca_answer(http_.body());
  if (!answer) return fail(answer.error().what);
  const Result<Certificate> ca = parse_certificate(state_->ca);
  const Result<Certificate> to = parse_certificate(answer->recipient);
  if (!ca || !to) return fail("the certificate of the authority cannot be read");
  if (!equal_bytes(to->der, ca->der)) {
    if (!verify_issued(*to, *ca)) return fail("the server has another CA certificate");
    // `enrollment mode ra` says that there is one, whatever its certificate looks like.
    if (!settings_.registration && !marked_as_ra(to->subject, to->ext_usage)) {
      return fail("the server answers with a certificate that is not marked as a registration authority");
    }
  } else if (settings_.registration) {
    return fail("the server has no registration authority (enrollment mode ra)");
  }
  state_->recipient = std::move(answer->recipient);
  at_ = At::build;
  return Next::go;
}

// RFC 8894 3.3.1.2: only with a certificate that is valid and that the same authority issued.
bool Enrolment::begin_renewal() {
  const Entry* e = store_.find(settings_.label);
  const Stored* old = e == nullptr ? nullptr : second_ ? e->own_encryption() : e->own();
  if (!renewal_ || old == nullptr || old->kind != ChainKind::own) return false;
  const Certificate& c = old->certificate;
  const UnixTime now = context_.now();
  const Result<Certificate> ca = parse_certificate(state_->ca);
  KeyRef key = store_.key_of(*e);
  if (second_) key = context_.keys.find(settings_.key, KeyUse::encryption);
  if (!key || !store_.matches_key(*e, c) || now < c.not_before || now > c.not_after) return false;
  if (!ca || !verify_issued(c, *ca) || !state_->signer.append(c.der)) return false;
  state_->key = key;
  state_->new_key = key_;
  return state_->renewal = true;
}

Enrolment::Next Enrolment::build() {
  if (!state_->key && !begin_renewal()) {
    state_->signer.clear();
    state_->key = key_;
  }
  if (!build_.busy()) {
    auto job = std::make_unique<ScepRequestJob>(context_.keys, context_.random);
    job->state = state_;
    job->poll = asked_;
    job->now = context_.now();
    job->csr.challenge = order_.challenge;
    job->csr.ext_usage = order_.ext_usage;
    job->csr.authority = order_.authority;
    job->csr.alt_dns = order_.alt_dns;
    job->csr.alt_ip = order_.alt_ip;
    job->csr.ext_usage = order_.ext_usage;
    job->csr.key_usage = usage_of_key();
    if (!job->csr.subject.append(order_.subject)) return fail("no memory");
    if (!build_.start(context_.jobs, *this, std::move(job))) return retry("the router is too busy");
    return Next::wait;
  }
  std::unique_ptr<ScepRequestJob> job = build_.take();
  if (job == nullptr) return Next::wait;
  if (!job->result) return fail(job->result.error().what);
  message_ = std::move(*job->result);
  nonce_ = job->scep.sender;
  debug_message(context_.log, ">", job->scep, state_->hash, message_.size());
  if (md5_.size == 0 && waiter_ == nullptr) {
    md5_ = hash(Hash::md5, state_->csr);
    sha1_ = hash(Hash::sha1, state_->csr);
    char a[48], b[56];
    FixedWriter md5(a), sha1(b);
    print_digest(md5_, md5);
    print_digest(sha1_, sha1);
    context_.log(kRequestFingerprint, md5.view(), sha1.view());
  }
  at_ = At::send;
  return Next::go;
}

Enrolment::Next Enrolment::send() {
  if (!started_) {
    const Status s = post();
    if (!s) return retry(s.error().what);
    started_ = true;
  }
  bool ended;
  if (const Next n = http_ended(ended); !ended) return n;
  if (http_.status() >= 500) return retry("the authority is too busy");
  if (http_.status() != 200) return fail("the authority refused the HTTP request");
  at_ = At::reply;
  return Next::go;
}

Enrolment::Next Enrolment::reply() {
  if (!reply_.busy()) {
    auto job = std::make_unique<ScepReplyJob>(context_.keys);
    job->state = state_;
    job->nonce = nonce_;
    job->now = context_.now();
    if (!job->input.append(http_.body())) return fail("no memory");
    if (!reply_.start(context_.jobs, *this, std::move(job))) return retry("the router is too busy");
    return Next::wait;
  }
  std::unique_ptr<ScepReplyJob> job = reply_.take();
  if (job == nullptr) return Next::wait;
  if (!job->result) return fail(job->result.error().what);
  debug_message(context_.log, "<", job->scep, job->hash, job->input.size());
  switch (job->scep.status) {
    case ScepStatus::failure:
      step_done("status = 101: certificate request is rejected");
      refused_ = true;
      return fail(fail_text(job->scep.fail));
    case ScepStatus::success:
      step_done("status = 100: certificate is granted");
      certificate_ = std::move(job->certificate);
      at_ = At::save;
      return Next::go;
    case ScepStatus::pending: break;
    case ScepStatus::none: return fail("the answer has no status");
  }
  step_done("status = 102: certificate request pending");
  if (!asked_ && waiter_ == nullptr) context_.log(kCertPending, settings_.label);
  asked_ = true;
  return retry("the authority did not grant the request in time");
}

Enrolment::Next Enrolment::waiting() {
  if (!timer_.fired()) return Next::wait;
  at_ = state_->recipient.empty() ? At::caps : At::build;
  return Next::go;
}

Enrolment::Next Enrolment::save() {
  if (waiter_ != nullptr) {
    at_ = At::done;
    waiter_->wake();
    return Next::wait;
  }
  if (!save_.busy()) {
    Result<std::unique_ptr<SaveChainJob>> job = store_.save(settings_.label, ChainKind::own, certificate_);
    if (!job || !save_.start(context_.jobs, *this, std::move(*job))) {
      timer_.start(Millis(1'000));   // the certificate is here: nothing but a reboot may lose it
      return Next::wait;
    }
    return Next::wait;
  }
  std::unique_ptr<SaveChainJob> job = save_.take();
  if (job == nullptr) return Next::wait;
  const Status kept = store_.saved(*job);
  if (!kept) return fail(kept.error().what);
  step_done("the certificate is saved");
  context_.log(kCertReceived);
  return end_round();
}

// One certificate for each key of a usage pair.
Enrolment::Next Enrolment::end_round() {
  const KeyRef second = context_.keys.find(shadow_ ? shadow_label(settings_.key) : settings_.key, KeyUse::encryption);
  if (!second_ && second && !(second == key_)) {
    Result<Blob> ca = Blob::copy_of(state_->ca.view());
    if (!ca) return fail("no memory");
    second_ = true;
    key_ = second;
    state_ = std::make_shared<Enrolling>();
    state_->ca = std::move(*ca);
    asked_ = false;
    tries_ = 0;
    md5_ = {};
    at_ = At::caps;
    return Next::go;
  }
  at_ = shadow_ ? At::rename : At::done;
  return shadow_ ? Next::go : Next::wait;
}

// 0: a general key, by its type.
uint16_t Enrolment::usage_of_key() const {
  const Result<KeyInfo> info = context_.keys.info(key_);
  if (!info || info->use == KeyUse::general) return 0;
  return info->use == KeyUse::signature ? key_usage::kDigitalSignature : key_usage::kKeyEncipherment | key_usage::kDataEncipherment;
}

// A pair that other trustpoints use too is kept: their certificates would be worth nothing.
Enrolment::Next Enrolment::key() {
  if (!make_.busy()) {
    shadow_ = static_cast<bool>(key_);
    if (shadow_ && store_.key_is_shared(settings_.label)) {
      context_.log(kKeyShared, settings_.key, settings_.label);
      shadow_ = false;
      at_ = At::caps;
      return Next::go;
    }
    auto job = std::make_unique<GenerateKeyJob>(context_.keys);
    const Result<KeyInfo> old = context_.keys.info(key_);
    job->label = shadow_ ? shadow_label(settings_.key) : settings_.key;
    job->replace = shadow_;       // of an enrolment that came to nothing
    job->bits = shadow_ && settings_.configured_bits == 0 && old ? old->bits : settings_.key_bits;
    job->exportable = shadow_ && old && old->exportable;
    job->both = settings_.encryption_bits != 0 || (shadow_ && old && old->use != KeyUse::general);
    job->encryption_bits = settings_.encryption_bits;
    if (!make_.start(context_.jobs, *this, std::move(job), JobClass::slow)) timer_.start(Millis(1'000));
    return Next::wait;
  }
  const std::unique_ptr<GenerateKeyJob> job = make_.take();
  if (job == nullptr) return Next::wait;
  if (!job->result) return fail(job->result.error().what);
  key_ = *job->result;
  at_ = At::caps;
  return Next::go;
}

Enrolment::Next Enrolment::rename() {
  if (!rename_.busy()) {
    auto job = std::make_unique<RenameKeyJob>(context_.keys);
    job->from = shadow_label(settings_.key);
    job->to = settings_.key;
    if (!rename_.start(context_.jobs, *this, std::move(job))) timer_.start(Millis(1'000));
    return Next::wait;
  }
  const std::unique_ptr<RenameKeyJob> job = rename_.take();
  if (job == nullptr) return Next::wait;
  if (!job->result) context_.log(kKeyNotMoved, settings_.key, job->result.error().what);
  at_ = At::done;
  return Next::wait;
}

}  // namespace parley::crypto_pki
