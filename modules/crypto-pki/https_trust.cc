// Certificate and trust of the HTTPS server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/https_trust.h"

#include "cli/engine.h"
#include "modules/crypto-pki/name.h"
#include "platform/tls/legacy.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kRetry{2'000};
constexpr UnixTime kEndOf2049 = 2524607999;

}  // namespace

HttpsTrust::HttpsTrust(Context& context, TrustStore& store, PeerTrustService& peers, Tls& tls, cli::Engine& cli)
    : Task(context.scheduler, "Crypto PKI HTTPS"), context_(context), store_(store), peers_(peers), tls_(tls), cli_(cli) {}

void HttpsTrust::start() {
  if (context_.http == nullptr) return;
  running_ = true;
  store_.subscribe(*this);
  context_.http->set_https_provider(this);
}

void HttpsTrust::stop() {
  if (!running_) return;
  running_ = false;
  tell_fence();
  store_.unsubscribe(*this);
  context_.http->set_https_provider(nullptr);
  slot_.cancel();
  key_.cancel();
  sign_.cancel();
  save_.cancel();
  timer_.stop();
  policies_.clear();
}

// `ip http tls-version`: who still needs it is in `show crypto legacy`.
void HttpsTrust::tell_fence() {
  const uint16_t port = running_ && wanted_.on && wanted_.legacy ? wanted_.port : uint16_t{0};
  if (context_.legacy == nullptr || port == fenced_) return;
  if (fenced_ != 0) context_.legacy->withdraw(fenced_);
  if (port != 0) context_.legacy->offer(port, wanted_.tls1_1 ? "TLS 1.1" : "TLS 1.0");
  fenced_ = port;
}

void HttpsTrust::https_connected(const TlsInfo& info, uint32_t peer_ip) {
  if (context_.legacy == nullptr) return;
  const Result<Certificate> c = parse_certificate(info.peer_certificate);
  context_.legacy->handshake(wanted_.port, holder_name(c ? c->subject : Bytes(), peer_ip), info);
}

void HttpsTrust::https_wanted(const HttpsWanted& wanted) {
  wanted_ = wanted;
  tell_fence();
  own_failed_ = false;
  told_ = nullptr;
  stale_ = true;
  wake();
}

void HttpsTrust::trustpoints_changed(std::string_view) {
  stale_ = true;
  wake();
}

Text<63> HttpsTrust::own_label() const {
  const std::string_view serial = context_.host == nullptr ? std::string_view() : context_.host->serial_number();
  const Digest d = hash(Hash::sha256, as_bytes(serial));
  ByteReader r(d.view());
  char text[40];
  FixedWriter w(text);
  w.put("TP-self-signed-").dec(r.u32());
  return Text<63>(w.view());
}

void HttpsTrust::give(const char* why) {
  if (told_ == why) return;
  told_ = why;
  context_.http->set_https_context(nullptr, why);
}

Result<PeerPolicy*> HttpsTrust::policy_for(std::string_view label, bool legacy) {
  for (const Kept& k : policies_) {
    if (k.label.view() == label && k.legacy == legacy) return k.policy.get();
  }
  PeerRule rule;
  rule.labels[0] = Text<63>(label);
  rule.use = PeerUse::client;
  rule.legacy = legacy;
  Kept k;
  k.label = rule.labels[0];
  k.legacy = legacy;
  TRY_ASSIGN(k.policy, peers_.policy(rule));
  PeerPolicy* made = k.policy.get();
  TRY(policies_.push(std::move(k)));
  return made;
}

// Own certificate and the authorities above it, without the root, which the peer must have (RFC 8446 4.4.2).
Result<std::unique_ptr<HttpsContextJob>> HttpsTrust::order(const TrustpointView& own) {
  auto job = std::make_unique<HttpsContextJob>(tls_);
  job->wanted = wanted_;
  TlsConfig& config = job->config;
  config.key = own.key;
  config.profile = wanted_.legacy ? TlsProfile::legacy : TlsProfile::modern;
  if (wanted_.tls1_1) config.oldest = TlsOldest::tls1_1;
  if (wanted_.client_auth) {
    config.client_cert = ClientCert::required;
    TRY_ASSIGN(config.policy, policy_for(own.label, wanted_.legacy));
  }
  TRY_ASSIGN(Certificate last, parse_certificate(own.certificate));
  TRY(job->add(own.certificate));
  for (bool more = true; more && !last.self_issued() && !job->full();) {
    more = false;
    for (const Bytes ca : own.ca) {
      Result<Certificate> c = parse_certificate(ca);
      if (!c || c->self_issued() || !equal_names(c->subject, last.issuer)) continue;
      TRY(job->add(ca));
      last = std::move(*c);
      more = true;
      break;
    }
  }
  return job;
}

void HttpsTrust::renew() {
  if (!wanted_.on) return context_.http->set_https_context(nullptr, "switched off");
  const Text<63> label = wanted_.trustpoint.empty() ? own_label() : wanted_.trustpoint;
  const Result<TrustpointView> own = store_.usable(label, wanted_.legacy ? Purpose::tls_legacy : Purpose::tls_modern);
  if (!own) {
    if (wanted_.trustpoint.empty()) make_own();
    else give(own.error().what);
    if (!context_.clock_valid()) timer_.start(kRetry);
    return;
  }
  Result<std::unique_ptr<HttpsContextJob>> job = order(*own);
  if (!job) return give(job.error().what);
  if (!slot_.start(context_.jobs, *this, std::move(*job))) {
    stale_ = true;
    timer_.start(kRetry);
  }
}

// Key, certificate, file: one after the other; each comes back through step().
void HttpsTrust::make_own() {
  if (own_failed_ || key_.busy() || sign_.busy() || save_.busy()) return;
  if (!context_.clock_valid()) return give("the clock is not set");
  const Text<63> label = own_label();
  const KeyRef key = context_.keys.find(label);
  Status begun;
  if (!key) {
    auto job = std::make_unique<GenerateKeyJob>(context_.keys);
    job->label = KeyLabel(label.view());
    begun = key_.start(context_.jobs, *this, std::move(job), JobClass::slow);
  } else {
    char mode[100], subject[100], line[120];
    FixedWriter m(mode), s(subject);
    m.put("crypto pki trustpoint ").put(label);
    s.put("cn=IOS-Self-Signed-Certificate-").put(label.view().substr(15));
    const std::string_view rows[][2] = {{"enrollment selfsigned", ""}, {"subject-name ", s.view()}, {"revocation-check none", ""},
                                        {"rsakeypair ", label.view()}};
    for (const auto& row : rows) {
      FixedWriter l(line);
      l.put(row[0]).put(row[1]);
      if (const Status set = cli_.configure(m.view(), l.view()); !set) {
        own_failed_ = true;
        return give("its own trustpoint cannot be configured");
      }
    }
    auto job = std::make_unique<SelfSignedJob>(context_.keys, context_.random);
    job->key = key;
    Result<Blob> name = parse_name(s.view());
    if (!name) return;
    job->order.subject = std::move(*name);
    job->hash = Hash::sha256;
    job->now = context_.now();
    job->end = kEndOf2049;
    begun = sign_.start(context_.jobs, *this, std::move(job));
  }
  if (!begun) timer_.start(kRetry), stale_ = true;
}

Poll HttpsTrust::step() {
  if (!running_) return Poll::pending;
  if (timer_.fired()) stale_ = true;
  if (const std::unique_ptr<GenerateKeyJob> done = key_.take()) own_failed_ = !done->result, stale_ = true;
  if (const std::unique_ptr<SelfSignedJob> done = sign_.take()) {
    Result<std::unique_ptr<SaveChainJob>> file = Fault{};
    if (done->result) file = store_.save(own_label(), ChainKind::self_signed, *done->result);
    if (!file || !save_.start(context_.jobs, *this, std::move(*file))) own_failed_ = true;
  }
  if (const std::unique_ptr<SaveChainJob> done = save_.take()) own_failed_ = !store_.saved(*done), stale_ = true;
  if (own_failed_) give("its certificate could not be made");
  if (const std::unique_ptr<HttpsContextJob> done = slot_.take()) {
    if (!done->result) give(done->result.error().what);
    else if (wanted_.on && done->wanted == wanted_) told_ = nullptr, context_.http->set_https_context(*done->result, "");
  }
  if (stale_ && !slot_.busy()) {
    stale_ = false;
    renew();
  }
  return Poll::pending;
}

}  // namespace parley::crypto_pki
