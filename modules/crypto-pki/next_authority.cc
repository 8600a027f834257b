// The authority's next certificate.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/next_authority.h"

#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr UnixTime kBetweenTries = 3600;
constexpr Seconds kLook{5}, kClockWait{2};   // `clock set` tells nobody

bool names_line(std::string_view text, std::string_view word) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    if (equal_nocase(trim(text.substr(0, end)), word)) return true;
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return false;
}

}  // namespace

Result<Blob> NextAuthorityJob::work() {
  TRY_ASSIGN(const SignedMessage m, read_signed(answer));
  if (!equal_bytes(m.signer, ca)) return Fault{Code::untrusted, "it is not signed by the CA certificate", 0};
  TRY_ASSIGN(const Bag bag, read_certificates(m.content));
  for (const Bytes der : bag.certificates) {
    const Result<Certificate> c = parse_certificate(der);
    if (!c || equal_bytes(der, ca)) continue;
    if (const Status good = usable_as_ca(*c, c->not_before); !good) return good.error();
    return Blob::copy_of(der);
  }
  return Fault{Code::missing, "there is no next CA certificate in it", 0};
}

NextAuthority::NextAuthority(Pki& pki)
    : Task(pki.context().scheduler, "Crypto PKI rollover"), pki_(pki), http_(*this, pki.context().net) {}

void NextAuthority::stop() {
  timer_.stop();
  http_.cancel();
  check_.cancel();
  save_.cancel();
  tries_.clear();
  at_ = At::idle;
}

Poll NextAuthority::step() {
  (void)timer_.fired();
  if (!pki_.context().clock_valid()) {
    timer_.start(kClockWait);
    return Poll::pending;
  }
  for (int n = 0; n < 8; ++n) {
    if (run() == Next::wait) return Poll::pending;
  }
  return Poll::again;
}

NextAuthority::Next NextAuthority::run() {
  switch (at_) {
    case At::idle: return idle();
    case At::caps: return caps();
    case At::fetch: return fetch();
    case At::check: return check();
    case At::save: return save();
  }
  return Next::wait;
}

bool NextAuthority::tried(std::string_view label, UnixTime now) {
  for (Try& t : tries_) {
    if (t.label.view() != label) continue;
    if (t.next > now) return true;
    t.next = now + kBetweenTries;
    return false;
  }
  return !tries_.push(Try{Text<63>(label), now + kBetweenTries}).has_value();
}

// In the last tenth of the CA certificate's life. A certificate server's own trustpoint is the server's business.
bool NextAuthority::wanted(const Trustpoint& t, const Entry& e, UnixTime now) {
  const Stored* ca = e.authority();
  if (!t.auto_enroll || ca == nullptr || pki_.server_record(t.label) != nullptr) return false;
  for (const Stored& s : e.certificates) {
    if (s.kind == ChainKind::rollover) return false;
  }
  const Certificate& c = ca->certificate;
  return now > c.not_after - (c.not_after - c.not_before) / 10 && !tried(t.label, now);
}

NextAuthority::Next NextAuthority::idle() {
  const UnixTime now = pki_.context().now();
  timer_.start(kLook);
  for (const Trustpoint& t : pki_.settings().trustpoints) {
    const Entry* e = pki_.store().find(t.label);
    if (e == nullptr) continue;
    if (promote(*e, now)) return Next::go;
    if (!wanted(t, *e, now)) continue;
    const Result<TrustpointSettings> s = pki_.trustpoint(t.label);
    if (!s || s->by != EnrolBy::scep || !ask(*s, "GetCACaps")) continue;
    settings_ = *s;
    at_ = At::caps;
    return Next::go;
  }
  return Next::wait;
}

// The next certificate begins: it is the authority now, and one that has ended goes.
bool NextAuthority::promote(const Entry& e, UnixTime now) {
  if (pki_.server_record(e.label) != nullptr) return false;
  for (const Stored& s : e.certificates) {
    if (s.kind != ChainKind::rollover || s.certificate.not_before > now) continue;
    Result<std::unique_ptr<SaveChainJob>> job = pki_.store().save(e.label, ChainKind::ca, s.certificate.der);
    if (!job || !save_.start(pki_.context().jobs, *this, std::move(*job))) return false;
    kind_ = ChainKind::ca;
    at_ = At::save;
    return true;
  }
  return false;
}

Status NextAuthority::ask(const TrustpointSettings& s, std::string_view operation) {
  TRY_ASSIGN(http_server::Url url, scep_url(s));
  const Interfaces* names = pki_.context().interfaces;
  if (url.ip == 0 && (names == nullptr || !names->resolve(url.host, url.ip))) return Fault{Code::missing, "name not known", 0};
  char target[640];
  FixedWriter w(target);
  w.put(url.path).put("?operation=").put(operation).put("&message=");
  http_server::encode_percent(s.label, w);
  if (!w.ok()) return Fault{Code::invalid, "the enrollment URL is too long", 0};
  http_server::ClientRequest r;
  r.target = w.view();
  r.host = url.host;
  r.to = Endpoint{url.ip, url.port};
  r.from_ip = s.from_ip;
  r.max_body = kMaxCms;
  debug_request(pki_.context().log, s.label, r);
  return http_.start(r);
}

NextAuthority::Next NextAuthority::leave(const char* why) {
  if (why != nullptr) pki_.context().log(kNextCaRefused, settings_.label, why);
  http_.cancel();
  at_ = At::idle;
  return Next::go;
}

NextAuthority::Next NextAuthority::caps() {
  if (http_.step() != Poll::done) return Next::wait;
  debug_answer(pki_.context().log, settings_.label, http_);
  if (!http_.result() || http_.status() != 200) return leave(nullptr);
  if (!names_line(as_text(http_.body()), "GetNextCACert")) return leave(nullptr);
  if (const Status s = ask(settings_, "GetNextCACert"); !s) return leave(s.error().what);
  at_ = At::fetch;
  return Next::go;
}

NextAuthority::Next NextAuthority::fetch() {
  if (http_.step() != Poll::done) return Next::wait;
  debug_answer(pki_.context().log, settings_.label, http_);
  if (!http_.result() || http_.status() != 200) return leave(nullptr);   // not made yet
  const Entry* e = pki_.store().find(settings_.label);
  const Stored* ca = e == nullptr ? nullptr : e->authority();
  auto job = std::make_unique<NextAuthorityJob>();
  if (ca == nullptr || !job->answer.append(http_.body()) || !job->ca.append(ca->certificate.der)) return leave(nullptr);
  if (!check_.start(pki_.context().jobs, *this, std::move(job))) return leave(nullptr);
  at_ = At::check;
  return Next::go;
}

NextAuthority::Next NextAuthority::check() {
  const std::unique_ptr<NextAuthorityJob> job = check_.take();
  if (job == nullptr) return Next::wait;
  if (!job->result) return leave(job->result.error().what);
  Result<std::unique_ptr<SaveChainJob>> save = pki_.store().save(settings_.label, ChainKind::rollover, *job->result);
  if (!save || !save_.start(pki_.context().jobs, *this, std::move(*save))) return leave("the router is too busy");
  kind_ = ChainKind::rollover;
  at_ = At::save;
  return Next::go;
}

NextAuthority::Next NextAuthority::save() {
  const std::unique_ptr<SaveChainJob> job = save_.take();
  if (job == nullptr) return Next::wait;
  at_ = At::idle;
  if (const Status kept = pki_.store().saved(*job); !kept) return leave(kept.error().what);
  if (kind_ == ChainKind::rollover) {
    pki_.context().log(kNextCa, job->label);
    return Next::go;
  }
  pki_.store().drop(job->label, ChainKind::rollover, job->added[0].der);
  List<Blob> ended(general_arena());
  if (const Entry* e = pki_.store().find(job->label)) {
    for (const Stored& s : e->certificates) {
      if (s.kind != ChainKind::ca || s.certificate.not_after >= pki_.context().now()) continue;
      if (Result<Blob> der = Blob::copy_of(s.certificate.der.view())) (void)ended.push(std::move(*der));
    }
  }
  for (const Blob& der : ended) pki_.store().drop(job->label, ChainKind::ca, der);
  pki_.context().log(kNextCaBegins, job->label);
  return Next::go;
}

}  // namespace parley::crypto_pki
