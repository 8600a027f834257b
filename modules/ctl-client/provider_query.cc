// One exchange with the CTL provider of another router.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/provider_query.h"

#include "modules/crypto-pki/certificate.h"
#include "modules/module.h"

namespace parley::ctl_client {

using namespace ctl_protocol;

namespace {

constexpr Millis kAll{20'000};      // the whole exchange

}  // namespace

// Judges the provider's certificate on the worker thread of the handshake.
class ProviderQuery::Policy final : public PeerPolicy {
 public:
  Policy(std::unique_ptr<PeerPolicy> path, std::unique_ptr<PeerJob> whose, const Order& order, UnixTime now)
      : path_(std::move(path)), whose_(std::move(whose)), confirmed_(order.confirmed), wanted_(order.certificate), now_(now) {}
  bool finds_path() const override { return true; }
  Status check(const Bytes* chain, size_t count) override {
    if (count == 0) return Fault{Code::untrusted, "the provider shows no certificate", 0};
    const Digest shown = hash(Hash::sha256, chain[0]);
    by_fingerprint_ = confirmed_ && equal_bytes(shown.view(), wanted_.view());
    auto c = crypto_pki::parse_certificate(chain[0]);
    if (!c) return Fault{Code::untrusted, "its certificate cannot be read", 0};
    if (const Status good = crypto_pki::usability(*c, now_, Purpose::tls_modern); !good) return good;
    if (by_fingerprint_) return {};
    if (path_->check(chain, count)) {
      for (size_t i = 0; i < count; ++i) TRY(whose_->add(chain[i]));
      whose_->run();
      if (whose_->result()) return issuer_.set(whose_->trustpoint()) ? Status() : Fault{Code::full, "name of the trustpoint", 0};
    }
    unknown_ = std::move(c->der);
    if (confirmed_) return Fault{Code::untrusted, "it shows another certificate than the one that was accepted", 0};
    return Fault{Code::untrusted, "its certificate is not known here: accept it with 'regenerate' at the console", 0};
  }
  std::unique_ptr<PeerWatch> watch(Task& waiter, const Bytes* chain, size_t count) override {
    return by_fingerprint_ ? nullptr : path_->watch(waiter, chain, count);
  }
  // After the handshake.
  Blob& unknown() { return unknown_; }
  std::string_view issuer() const { return issuer_; }

 private:
  std::unique_ptr<PeerPolicy> path_;
  std::unique_ptr<PeerJob> whose_;
  bool confirmed_, by_fingerprint_ = false;
  Digest wanted_;
  UnixTime now_;
  Blob unknown_;
  Text<63> issuer_;
};

struct ProviderQuery::KeyJob final : Job {
  ~KeyJob() override { wipe(&secret, sizeof secret); }
  void run() override {
    key = std::make_unique<ProofKey>();
    result = derive_key(secret.view(), Bytes(salt), rounds, *key);
  }
  Text<64> secret;
  uint8_t salt[kSaltSize] = {};
  uint32_t rounds = 0;
  std::unique_ptr<ProofKey> key;
  Status result;
};

ProviderQuery::ProviderQuery(const Parts& parts)
    : Task(parts.env.scheduler, "CTL provider query"), parts_(parts), key_job_(std::make_unique<JobSlot<KeyJob>>()) {}

ProviderQuery::~ProviderQuery() {
  leave();
  wipe(&order_.secret, sizeof order_.secret);
}

// The session goes before the policy that its handshake may still ask.
void ProviderQuery::leave() {
  at_ = At::idle;
  timer_.stop();
  tls_.reset();
  context_job_.cancel();
  key_job_->cancel();
  context_.reset();
  policy_.reset();
  key_ = nullptr;
}

void ProviderQuery::end(const Status& result, bool transient) {
  leave();
  result_ = result;
  transient_ = transient;
  if (!result) records_.clear();
  parts_.owner.wake();
}

void ProviderQuery::start(const Order& order) {
  leave();
  order_ = order;
  own_ = order.trustpoint;
  shown_.clear();
  issuer_.clear();
  records_.clear();
  result_ = {};
  timer_.start(kAll);
  make_context();
  wake();
}

void ProviderQuery::anew() {
  tls_.reset();
  context_.reset();
  policy_.reset();
  make_context();
}

void ProviderQuery::make_context() {
  at_ = At::context;
  PeerRule rule;
  rule.use = PeerUse::server;
  auto path = parts_.peers.policy(rule);
  auto whose = parts_.peers.validation(rule);
  if (!path || whose == nullptr) return end(path ? Fault{Code::full, "no memory to check its certificate", 0} : path.error());
  policy_ = std::make_unique<Policy>(std::move(*path), std::move(whose), order_, parts_.env.clock.wall());
  auto job = std::make_unique<TlsContextJob>(parts_.env.tls, TlsContextJob::Side::client);
  job->config.policy = policy_.get();
  with_certificate_ = false;
  if (const auto own = parts_.trustpoints.usable(own_, Purpose::tls_modern); !own_.empty() && own) {
    job->config.key = own->key;
    with_certificate_ = job->add(own->certificate).has_value();
    for (const Bytes& ca : own->ca)
      if (!job->full()) with_certificate_ = with_certificate_ && job->add(ca);
    if (!with_certificate_) job->clear();
  }
  if (!context_job_.start(parts_.env.jobs, *this, std::move(job))) end(Fault{Code::busy, "the router is busy", 0}, true);
}

void ProviderQuery::connect() {
  const auto done = context_job_.take();
  if (done == nullptr) return;
  if (!done->result) return end(done->result.error());
  context_ = std::move(*done->result);
  auto stream = parts_.env.net.connect(*this, order_.to);
  if (!stream) return end(stream.error(), true);
  auto tls = parts_.env.tls.connect(*this, context_, std::move(*stream), {});
  if (!tls) return end(tls.error(), true);
  tls_ = std::move(*tls);
  at_ = At::handshake;
}

Poll ProviderQuery::step() {
  if (timer_.fired() && at_ != At::idle) end(Fault{Code::timeout, "it does not answer in time", 0}, true);
  if (at_ == At::context) connect();
  if (at_ == At::handshake) {
    if (const Status failed = tls_->failure(); !failed) broken(failed.error());
    else if (tls_->established()) on_established();
  }
  if (at_ == At::key)
    if (const auto done = key_job_->take()) {
      if (!done->result) end(done->result);
      else key_ = std::move(done->key), prove();
    }
  while ((at_ == At::challenge || at_ == At::welcome || at_ == At::records) && read_frame()) on_message();
  return Poll::pending;
}

// A provider that does not like our certificate may still take user and secret.
bool ProviderQuery::again_without_certificate() {
  if (!with_certificate_ || (at_ != At::handshake && at_ != At::challenge)) return false;
  own_.clear();
  anew();
  return true;
}

void ProviderQuery::broken(const Fault& why) {
  if (policy_ != nullptr && at_ == At::handshake && !policy_->unknown().empty()) {
    shown_ = std::move(policy_->unknown());
    return end(why);
  }
  if (again_without_certificate()) return;
  end(why, why.code != Code::untrusted && why.code != Code::invalid && why.code != Code::unsupported);
}

void ProviderQuery::on_established() {
  issuer_ = policy_->issuer();
  // The authority of a trustpoint is common to both: our certificate of that trustpoint proves us as well.
  if (own_.empty() && order_.trustpoint.empty() && !issuer_.empty() && parts_.trustpoints.usable(issuer_, Purpose::tls_modern)) {
    order_.trustpoint = issuer_;
    own_ = issuer_;
    return anew();
  }
  uint8_t nonce[kNonceSize];
  if (const Status filled = parts_.env.random.fill(MutBytes(nonce)); !filled) return end(filled);
  Message m;
  m.command = Command::hello;
  m.oldest = m.newest = kVersion;
  m.user = order_.user;
  m.nonce = Bytes(nonce);
  at_ = At::challenge;
  hello_.clear();
  (void)send(m, &hello_);
}

// A fresh session takes these few bytes at once.
bool ProviderQuery::send(const Message& m, Blob* kept) {
  have_head_ = false;
  have_ = 0;
  auto frame = write_message(m, kVersion);
  if (!frame) return end(frame.error()), false;
  const auto put = tls_->write(frame->view());
  if (!put || *put != frame->size()) return broken(put ? Fault{Code::closed, "it does not take our message", 0} : put.error()), false;
  if (kept != nullptr) *kept = std::move(*frame);
  return true;
}

bool ProviderQuery::fill(Blob& to, size_t size) {
  if (to.size() != size && !to.resize(size)) return end(Fault{Code::full, "no memory for its answer", 0}), false;
  while (have_ < size) {
    const auto got = tls_->read(to.mut().subspan(have_));
    if (!got) {
      if (got.error().code != Code::busy) broken(got.error());
      return false;
    }
    have_ += *got;
  }
  return true;
}

bool ProviderQuery::read_frame() {
  if (!have_head_) {
    if (!fill(in_, kHeaderSize)) return false;
    const auto head = read_head(in_.view(), kMaxFromProvider);
    if (!head) return end(head.error()), false;
    if (head->version != kVersion) return end(Fault{Code::unsupported, reason_text(Reason::version), head->version}), false;
    head_ = *head;
    have_head_ = true;
  }
  if (!fill(in_, kHeaderSize + head_.body_size)) return false;
  have_head_ = false;
  have_ = 0;
  return true;
}

void ProviderQuery::on_message() {
  const auto m = read_body(head_.command, in_.view().subspan(kHeaderSize));
  const Fault odd{Code::invalid, "it sends a message out of turn", 0};
  if (!m) return end(m.error());
  if (m->command == Command::refused) {
    const bool later = m->reason == Reason::busy || m->reason == Reason::locked;
    return end(Fault{Code::denied, reason_text(m->reason), 0}, later);
  }
  switch (at_) {
    case At::challenge: return m->command == Command::challenge ? on_challenge(*m) : end(odd);
    case At::welcome: {
      if (m->command != Command::welcome) return end(odd);
      const Digest wanted = proof_of(Side::provider, *key_, transcript_);
      if (!equal_constant_time(wanted.view(), m->proof)) return end(Fault{Code::untrusted, "it does not know the password", 0});
      if (m->count == 0 || m->count > kMaxRecords) return end(odd);
      expected_ = m->count;
      at_ = At::records;
      break;
    }
    case At::records: return m->command == Command::record ? on_record(*m) : end(odd);
    default: break;
  }
  in_.clear();
}

void ProviderQuery::on_challenge(const Message& m) {
  if (m.rounds < kMinRounds || m.rounds > kMaxRounds) return end(Fault{Code::invalid, "it asks for too much or too little work", m.rounds});
  transcript_ = transcript(hello_.view(), in_.view(), tls_->info().server_certificate);
  auto job = std::make_unique<KeyJob>();
  job->secret = order_.secret;
  job->rounds = m.rounds;
  ByteWriter(MutBytes(job->salt)).bytes(m.salt);
  at_ = At::key;
  in_.clear();
  if (!key_job_->start(parts_.env.jobs, *this, std::move(job))) end(Fault{Code::busy, "the router is busy", 0}, true);
}

void ProviderQuery::prove() {
  const Digest proof = proof_of(Side::client, *key_, transcript_);
  Message m;
  m.command = Command::proof;
  m.proof = proof.view();
  at_ = At::welcome;
  (void)send(m);
}

void ProviderQuery::on_record(const Message& m) {
  RemoteRecord r;
  r.role = static_cast<Role>(m.role);
  r.ip = m.address != 0 ? m.address : order_.to.ip;
  const auto c = crypto_pki::parse_certificate(m.certificate);
  // A provider names servers; who may sign lists is nobody's business but ours.
  if (m.role > 0xFF || !may_come_from_provider(r.role)) return end(Fault{Code::denied, "it hands over a role that it may not give", m.role});
  if (!c || !crypto_pki::usability(*c, parts_.env.clock.wall(), Purpose::tls_legacy))
    return end(Fault{Code::untrusted, "it hands over a certificate that cannot be used", 0});
  if (!r.name.set(m.name) || !r.certificate.append(m.certificate) || !records_.push(std::move(r)))
    return end(Fault{Code::full, "no memory for its records", 0});
  in_.clear();
  if (records_.size() == expected_) end({});
}

}  // namespace parley::ctl_client
