// Is a certificate revoked? Revocation lists and OCSP answers.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// One Statement is one thing somebody signed: fetched when it is asked for the first time, checked on a worker thread, kept
// until it ends. Whoever asks meanwhile hears `busy` and is woken. A fetch that failed is not repeated for a minute: in that
// time the next method of `revocation-check` decides.
#include "modules/crypto-pki/revocation.h"

#include <algorithm>

#include "modules/crypto-pki/pem_text.h"
#include "modules/crypto-pki/peer_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kFetchLimit{10'000};
constexpr Seconds kPause{60};
constexpr UnixTime kSkew = 300, kDay = 86400;
constexpr size_t kMaxStatements = 256, kMaxFetches = 16;

Fault no(const char* why) { return Fault{Code::untrusted, why, 0}; }

bool before(Bytes a, Bytes b) { return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end()); }

Digest key_of(bool ocsp, std::string_view url, const Question& q) {
  const Digest who = hash2(Hash::sha256, q.issuer.der, as_bytes(url));
  return ocsp ? hash2(Hash::sha256, who.view(), q.certificate.der) : who;
}

}  // namespace

bool CrlIndex::has(Bytes serial) const { return std::binary_search(serials.begin(), serials.end(), serial_magnitude(serial), before); }

Result<std::shared_ptr<const CrlIndex>> index_crl(Bytes input, const Certificate& issuer, UnixTime now) {
  auto index = std::make_shared<CrlIndex>();
  std::string_view text = as_text(input);
  PemBlock block;
  Blob der;
  if (text.substr(0, 11) == "-----BEGIN " && next_pem(text, block)) {
    TRY_ASSIGN(der, decode_pem(block, kMaxCrl));
    input = der;
  }
  TRY_ASSIGN(index->crl, parse_crl(input));
  const Crl& c = index->crl;
  if (c.unknown_critical) return no("revocation list has a critical extension that is not understood");
  if (!equal_names(c.issuer, issuer.subject)) return no("revocation list is of another authority");
  if (issuer.has_key_usage && (issuer.key_usage & key_usage::kCrlSign) == 0) return no("the authority must not sign revocation lists");
  if (!verify_crl(c, issuer.spki)) return no("signature of the revocation list is wrong");
  if (c.this_update > now + kSkew) return no("revocation list is from the future");
  if (c.next_update != 0 && c.next_update < now) return no("revocation list is too old");
  struct Fill {
    CrlIndex* to;
    bool full;
  } fill{index.get(), false};
  TRY(each_revoked(c, [](void* context, const Revoked& r) {
    auto* f = static_cast<Fill*>(context);
    f->full = f->full || !f->to->serials.push(serial_magnitude(r.serial));
    return true;
  }, &fill));
  if (fill.full) return Fault{Code::full, "no memory for a revocation list", 0};
  std::sort(index->serials.begin(), index->serials.end(), before);
  return std::shared_ptr<const CrlIndex>(std::move(index));
}

void StatementJob::run() {
  const Result<Certificate> from = parse_certificate(issuer);
  if (!from) { result = from.error(); return; }
  if (!ocsp) {
    Result<std::shared_ptr<const CrlIndex>> made = index_crl(input, *from, now);
    result = made ? Status() : Status(made.error());
    if (made) crl = std::move(*made);
    return;
  }
  const Result<Certificate> about = parse_certificate(certificate);
  if (!about) { result = about.error(); return; }
  const Result<OcspVerdict> v = read_ocsp_answer(input, *about, *from, nonce, now);
  result = v ? Status() : Status(v.error());
  if (v) verdict = *v;
}

RevocationCheck::RevocationCheck(Context& context, Authorities& servers, Task& waiter)
    : Task(context.scheduler, "Crypto PKI CRL"), context_(context), servers_(servers), waiter_(waiter) {}

void RevocationCheck::stop() { statements_.clear(); }

void RevocationCheck::forget(std::string_view label) {
  for (size_t i = statements_.size(); i-- > 0;) {
    if (label.empty() || statements_[i]->label.view() == label) statements_.remove(i);
  }
  waiter_.wake();
}

Result<bool> RevocationCheck::ask(Revocation method, const Question& q) {
  if (method != Revocation::none) {
    Result<bool> own = by_own_authority(q);
    if (own || own.error().code == Code::busy) return own;
  }
  switch (method) {
    case Revocation::none: return false;
    case Revocation::crl: return by_crl(q);
    case Revocation::ocsp: return by_ocsp(q);
  }
  return Fault{Code::unsupported, "unknown method", 0};
}

// An authority of this router knows better than any list it could be asked for: a revocation counts at once.
Result<bool> RevocationCheck::by_own_authority(const Question& q) {
  for (size_t i = 0; i < servers_.authority_count(); ++i) {
    Result<bool> revoked = servers_.authority(i).revoked(q.issuer, q.certificate.serial);
    if (revoked || revoked.error().code == Code::busy) return revoked;
  }
  return Fault{Code::missing, "no authority of this router", 0};
}

// `crl query URL`, else what the certificate names, else the authority that enrols (as its routers answer GetCRL).
Result<bool> RevocationCheck::by_crl(const Question& q) {
  char text[255];
  FixedWriter url(text);
  if (!q.source.crl_url.empty()) url.put(q.source.crl_url);
  else if (!q.certificate.crl_url.empty()) url.put(as_text(q.certificate.crl_url));
  else if (!q.source.scep_url.empty()) url.put(q.source.scep_url).put("?operation=GetCRL");
  if (!url.ok() || url.view().empty()) return Fault{Code::missing, "nobody says where the revocation list is", 0};
  TRY_ASSIGN(Statement* s, make(key_of(false, url.view(), q), false, url.view(), q));
  TRY(current(*s));
  return s->crl->has(q.certificate.serial);
}

Result<bool> RevocationCheck::by_ocsp(const Question& q) {
  const std::string_view url = q.source.ocsp_url.empty() ? as_text(q.certificate.ocsp_url) : q.source.ocsp_url.view();
  if (url.empty()) return Fault{Code::missing, "nobody says where the OCSP responder is", 0};
  TRY_ASSIGN(Statement* s, make(key_of(true, url, q), true, url, q));
  TRY(current(*s));
  return s->verdict.revoked;
}

Statement* RevocationCheck::find(const Digest& key) {
  for (const std::unique_ptr<Statement>& s : statements_) {
    if (equal_bytes(s->key.view(), key.view())) return s.get();
  }
  return nullptr;
}

Result<Statement*> RevocationCheck::make(const Digest& key, bool ocsp, std::string_view url, const Question& q) {
  if (Statement* s = find(key)) return s;
  if (statements_.size() == kMaxStatements) {   // the one that was not asked for the longest time goes
    size_t oldest = kMaxStatements;
    for (size_t i = 0; i < statements_.size(); ++i) {
      if (!statements_[i]->fetching && (oldest == kMaxStatements || statements_[i]->used < statements_[oldest]->used)) oldest = i;
    }
    if (oldest == kMaxStatements) return Fault{Code::full, "too many questions about revocation at once", 0};
    statements_.remove(oldest);
  }
  auto s = std::make_unique<Statement>(*this, context_.net);
  s->ocsp = ocsp;
  s->key = key;
  if (!s->url.set(url)) return Fault{Code::full, "URL of the revocation list is too long", 0};
  s->label = q.source.label;
  TRY_ASSIGN(s->issuer, Blob::copy_of(q.issuer.der));
  if (ocsp) {
    TRY_ASSIGN(s->certificate, Blob::copy_of(q.certificate.der));
  }
  TRY(statements_.push(std::move(s)));
  return statements_[statements_.size() - 1].get();
}

Status RevocationCheck::current(Statement& s) {
  const Monotonic now = context_.clock.now();
  s.used = now;
  if (s.good_until >= context_.now()) return {};
  if (s.fetching) return Fault{Code::busy, "is being fetched", 0};
  if (now < s.try_again) return s.why;
  if (const Status begun = fetch(s); !begun) {
    if (begun.error().code != Code::busy) end(s, begun);
    return begun;
  }
  return Fault{Code::busy, "is being fetched", 0};
}

Status RevocationCheck::fetch(Statement& s) {
  size_t under_way = 0;
  for (const std::unique_ptr<Statement>& other : statements_) under_way += other->fetching ? 1 : 0;
  if (under_way >= kMaxFetches) return Fault{Code::busy, "too many fetches at once", 0};
  const std::string_view url = s.url, query = url.find('?') == std::string_view::npos ? "" : url.substr(url.find('?'));
  TRY_ASSIGN(const http_server::Url place, http_server::parse_url(url.substr(0, url.size() - query.size())));
  if (place.ip == 0) return Fault{Code::unsupported, "the URL of the revocation list has no address", 0};
  char target[511], host[300];
  FixedWriter t(target), h(host);
  t.put(place.path).put(query);
  h.put(place.host);
  if (place.port != 80) h.put(':').dec(place.port);
  http_server::ClientRequest r;
  Blob body;
  if (s.ocsp) {
    s.nonce = Blob();
    TRY(s.nonce.resize(kOcspNonce));
    TRY(context_.random.fill(s.nonce.mut()));
    TRY_ASSIGN(const Certificate issuer, parse_certificate(s.issuer));
    TRY_ASSIGN(const Certificate about, parse_certificate(s.certificate));
    TRY_ASSIGN(body, ocsp_request(about, issuer, s.nonce));
    r.method = "POST";
    r.content_type = "application/ocsp-request";
    r.body = body;
  }
  r.target = t.view();
  r.host = h.view();
  r.to = Endpoint{place.ip, place.port};
  r.max_body = s.ocsp ? kMaxOcspAnswer : kMaxCrl;
  r.limit = kFetchLimit;
  TRY(s.client.start(r));
  s.fetching = true;
  return {};
}

void RevocationCheck::end(Statement& s, Status status) {
  s.fetching = false;
  s.client.cancel();
  if (!status) {
    s.why = status.error();
    s.good_until = 0;
    s.try_again = context_.clock.now() + kPause;
    context_.log(s.ocsp ? kOcspFailed : kCrlFailed, s.label, s.url, s.why.what);
  }
  waiter_.wake();
}

void RevocationCheck::advance(Statement& s) {
  if (s.job.busy()) {
    const std::unique_ptr<StatementJob> done = s.job.take();
    if (done == nullptr) return;
    if (done->result) {
      s.crl = std::move(done->crl);
      s.verdict = done->verdict;
      const UnixTime day = context_.now() + kDay;
      s.good_until = s.ocsp ? done->verdict.good_until : s.crl->crl.next_update == 0 ? day : s.crl->crl.next_update;
    }
    return end(s, done->result);
  }
  if (s.client.step() != Poll::done) return;
  if (!s.client.result()) return end(s, s.client.result());
  if (s.client.status() != 200) return end(s, Fault{Code::missing, "the HTTP server answered with an error", s.client.status()});
  auto job = std::make_unique<StatementJob>();
  job->ocsp = s.ocsp;
  job->now = context_.now();
  const std::pair<Blob*, Bytes> copies[] = {{&job->input, s.client.body()}, {&job->issuer, s.issuer}, {&job->certificate, s.certificate},
                                            {&job->nonce, s.nonce}};
  for (const auto& [to, from] : copies) {
    if (const Status kept = to->append(from); !kept) return end(s, kept);
  }
  if (const Status begun = s.job.start(context_.jobs, *this, std::move(job)); !begun) end(s, begun);
}

Poll RevocationCheck::step() {
  for (size_t i = 0; i < statements_.size(); ++i) {
    if (statements_[i]->fetching) advance(*statements_[i]);
  }
  return Poll::pending;
}

}  // namespace parley::crypto_pki
