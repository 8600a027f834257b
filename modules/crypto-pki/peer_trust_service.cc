// The service PeerTrust: policies for TLS, validation jobs, and the watch over peers that are connected.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A rule's trust is an immutable TrustSet. When a trustpoint changes, the set is made again on the scheduler and swapped; worker
// threads that still read the old one keep it alive. Every connected peer has a Watch: it is validated again when trust changes
// and once in a while, because certificates end while sessions live (PKI-23). A lost verdict wakes the owner of the session.
#include "modules/crypto-pki/peer_trust_service.h"

#include "modules/crypto-pki/peer_watch.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kTick{1'000};
constexpr Seconds kLookAgain{15 * 60};
constexpr Seconds kLogWindow{60};
constexpr unsigned kLogPerWindow = 10;
constexpr size_t kMaxRules = 64;

bool same_rule(const PeerRule& a, const PeerRule& b) {
  if (a.use != b.use || a.legacy != b.legacy || !(a.name == b.name)) return false;
  for (size_t i = 0; i < PeerRule::kMaxLabels; ++i) {
    if (!(a.labels[i] == b.labels[i])) return false;
  }
  return true;
}

}  // namespace

class Policy final : public PeerPolicy {
 public:
  Policy(PeerTrustService& service, std::shared_ptr<RuleState> state, std::shared_ptr<Reports> reports)
      : service_(service), state_(std::move(state)), reports_(std::move(reports)) {}
  Status check(const Bytes* chain, size_t count) override {
    ChainJob job(state_, reports_);
    for (size_t i = 0; i < count; ++i) {
      if (Status read = job.add(chain[i]); !read) {
        reports_->refused(nullptr, "certificate cannot be read");
        return Fault{Code::untrusted, "certificate cannot be read", static_cast<uint32_t>(i)};
      }
    }
    job.run();
    return job.result();
  }
  bool finds_path() const override { return true; }
  std::unique_ptr<PeerWatch> watch(Task& waiter, const Bytes* chain, size_t count) override {
    return service_.watch(state_, waiter, chain, count);
  }

 private:
  PeerTrustService& service_;
  std::shared_ptr<RuleState> state_;
  std::shared_ptr<Reports> reports_;
};

// ---- reports

void Reports::accepted() {
  const Lock::Held hold(lock_);
  ++counted_.accepted;
}

void Reports::closed() {
  const Lock::Held hold(lock_);
  ++counted_.closed;
}

void Reports::refused(const Certificate* culprit, const char* why) {
  Refusal r;
  r.why = why;
  if (culprit != nullptr) {
    char name[127], serial[127];
    FixedWriter n(name), s(serial);
    (void)print_name(culprit->subject, NameStyle::ios, n);
    print_serial(culprit->serial, s);
    (void)r.subject.set(n.view());
    (void)r.serial.set(s.view());
  }
  const Lock::Held hold(lock_);
  ++counted_.refused;
  if (count_ == kKept) {
    ++counted_.unlogged;
    return;
  }
  kept_[count_++] = r;
  if (reader_ != nullptr) reader_->wake_from_thread();
}

bool Reports::take(Refusal& out) {
  const Lock::Held hold(lock_);
  if (count_ == 0) return false;
  out = kept_[0];
  for (size_t i = 1; i < count_; ++i) kept_[i - 1] = kept_[i];
  --count_;
  return true;
}

Counted Reports::counted() {
  const Lock::Held hold(lock_);
  return counted_;
}

void Reports::leave() {
  const Lock::Held hold(lock_);
  reader_ = nullptr;
}

namespace {

// A path found, or not, by the rules; now by the maps of the trustpoint it ends at.
void judge_by_maps(const TrustSet& set, std::span<const Certificate> chain, PathRules rules, PathResult& r) {
  if (chain.empty()) return;
  const Certificate& leaf = chain[0];
  if (!r.ok() && rules.now > leaf.not_after && !rules.expired) {
    rules.expired = true;
    const PathResult again = find_path(chain, std::span<const TrustedCertificate>(set.certificates.begin(), set.certificates.size()), rules);
    bool pardoned = again.ok() && set.sources[again.source].maps.holds(MapUse::How::allow_expired, leaf);
    for (size_t i = 1; i < again.length; ++i) pardoned = pardoned && rules.now <= again.path[i]->not_after;
    if (pardoned) r = again;
  }
  if (!r.ok()) return;
  const CertificateMaps& maps = set.sources[r.source].maps;
  if (!maps.restricted() || maps.holds(MapUse::How::must, leaf)) return;
  r.status = Fault{Code::untrusted, "certificate is not in a map of the trustpoint", 0};
  r.culprit = &leaf;
}

}  // namespace

PathResult check_path(RuleState& state, std::span<const Certificate> chain, std::shared_ptr<const TrustSet>& set, Reports& reports) {
  set = state.get();
  PathResult r;
  if (set == nullptr) r.status = Fault{Code::untrusted, "certificates cannot be judged now", 0};
  else if (!set->clock_valid) r.status = Fault{Code::untrusted, "the clock is not set", 0};
  else {
    const PathRules rules = path_rules(state.rule, state.clock.wall());
    r = find_path(chain, std::span<const TrustedCertificate>(set->certificates.begin(), set->certificates.size()), rules);
    judge_by_maps(*set, chain, rules, r);
  }
  if (r.ok()) reports.accepted();
  else reports.refused(r.culprit, r.status.error().what);
  return r;
}

// ---- service

PeerTrustService::PeerTrustService(Context& context, TrustStore& store, Authorities& servers, const Config& config)
    : Task(context.scheduler, "Crypto PKI peers"), context_(context), store_(store), servers_(servers), config_(config),
      reports_(std::make_shared<Reports>(this)), revocation_(context, servers, *this) {}

PeerTrustService::~PeerTrustService() {
  stop();
  reports_->leave();
  for (Watch* w = watches_; w != nullptr; w = w->next_) w->link_ = nullptr;
}

void PeerTrustService::start() {
  running_ = true;
  store_.subscribe(*this);
  stale_ = true;
  next_look_ = context_.clock.now() + kLookAgain;
  timer_.start(kTick);
  wake();
}

void PeerTrustService::stop() {
  if (!running_) return;
  running_ = false;
  store_.unsubscribe(*this);
  timer_.stop();
  for (Watch* w = watches_; w != nullptr; w = w->next_) {
    w->slot_.cancel();
    w->path_.reset();
  }
  revocation_.stop();
  states_.clear();
}

void PeerTrustService::trustpoints_changed(std::string_view) { settings_changed(); }

void PeerTrustService::settings_changed() {
  stale_ = true;
  wake();
}

Result<std::shared_ptr<RuleState>> PeerTrustService::state_for(const PeerRule& rule) {
  for (size_t i = states_.size(); i-- > 0;) {
    if (same_rule(states_[i]->rule, rule)) return states_[i];
    if (states_[i].use_count() == 1) states_.remove(i);
  }
  if (states_.size() == kMaxRules) return Fault{Code::full, "too many rules for peers", kMaxRules};
  auto state = std::make_shared<RuleState>(rule, context_.clock);
  TRY_ASSIGN(std::shared_ptr<const TrustSet> set, make_trust_set(rule, store_, config_, context_.clock_valid()));
  state->put(std::move(set));
  TRY(states_.push(state));
  return state;
}

Result<std::unique_ptr<PeerPolicy>> PeerTrustService::policy(const PeerRule& rule) {
  TRY_ASSIGN(std::shared_ptr<RuleState> state, state_for(rule));
  return std::unique_ptr<PeerPolicy>(std::make_unique<Policy>(*this, std::move(state), reports_));
}

std::unique_ptr<PeerJob> PeerTrustService::validation(const PeerRule& rule) {
  Result<std::shared_ptr<RuleState>> state = state_for(rule);
  return std::make_unique<ChainJob>(state ? *state : std::make_shared<RuleState>(rule, context_.clock), reports_);
}

std::unique_ptr<PeerWatch> PeerTrustService::watch(std::shared_ptr<RuleState> state, Task& waiter, const Bytes* chain, size_t count) {
  auto w = std::make_unique<Watch>(*this, std::move(state), waiter);
  for (size_t i = 0; i < count; ++i) {
    if (const Status kept = w->add(chain[i]); !kept) w->decide(Fault{Code::untrusted, kept.error().what, 0});
  }
  wake();
  return w;
}

Status PeerTrustService::judge(std::string_view label, const Stored& s, bool legacy) const {
  if (!context_.clock_valid()) return Fault{Code::untrusted, "the clock is not set", 0};
  PeerRule rule;
  (void)rule.labels[0].set(label);
  rule.use = PeerUse::any;
  rule.legacy = legacy;
  TRY_ASSIGN(const std::shared_ptr<const TrustSet> set, make_trust_set(rule, store_, config_, true));
  TRY_ASSIGN(const Certificate c, parse_certificate(s.certificate.der));
  const std::span<const Certificate> chain(&c, 1);
  if (s.kind != ChainKind::self_signed)
    return find_path(chain, std::span<const TrustedCertificate>(set->certificates.begin(), set->certificates.size()),
                     path_rules(rule, context_.now())).status;
  TrustedCertificate itself;
  TRY_ASSIGN(itself.certificate, parse_certificate(s.certificate.der));
  return find_path(chain, std::span<const TrustedCertificate>(&itself, 1), path_rules(rule, context_.now())).status;
}

void PeerTrustService::clear_crls(std::string_view label) {
  revocation_.forget(label);
  for (Watch* w = watches_; w != nullptr; w = w->next_) w->look_again();
  wake();
}

size_t PeerTrustService::watched() const {
  size_t n = 0;
  for (const Watch* w = watches_; w != nullptr; w = w->next_) ++n;
  return n;
}

void PeerTrustService::renew_sets() {
  stale_ = false;
  for (const std::shared_ptr<RuleState>& s : states_) {
    Result<std::shared_ptr<const TrustSet>> set = make_trust_set(s->rule, store_, config_, context_.clock_valid());
    s->put(set ? std::move(*set) : nullptr);   // no memory: nobody is trusted rather than what is old
    if (!set) stale_ = true;                   // tried again by timer
  }
  for (Watch* w = watches_; w != nullptr; w = w->next_) w->look_again();
}

void PeerTrustService::tell() {
  const Monotonic now = context_.clock.now();
  if (now >= log_window_ + kLogWindow) {
    log_window_ = now;
    logged_ = 0;
  }
  Reports::Refusal r;
  while (reports_->take(r)) {
    if (DebugLine line(context_.log, debug_of::kValidation); line) {
      line.out().put("CRYPTO_PKI: certificate refused: ").put(r.why).put(", serial ").put(r.serial).put(", subject ").put(r.subject);
    }
    if (logged_++ < kLogPerWindow) context_.log(kPeerRefused, r.serial, r.subject, r.why);
  }
}

void PeerTrustService::run_watches() {
  bool more = false;
  for (Watch* w = watches_; w != nullptr; w = w->next_) more = w->step() || more;
  if (more) wake();
}

// Grows when an authority of this router starts or revokes.
uint64_t PeerTrustService::lists_made() const {
  uint64_t n = 0;
  for (size_t i = 0; i < servers_.authority_count(); ++i) n += servers_.authority(i).crl_count();
  return n;
}

Poll PeerTrustService::step() {
  if (!running_) return Poll::pending;
  if (timer_.fired()) {
    timer_.start(kTick);
    if (context_.clock_valid() != was_valid_) stale_ = true;
    const uint64_t lists = lists_made();
    if (lists != lists_seen_ || context_.clock.now() >= next_look_) {
      lists_seen_ = lists;
      next_look_ = context_.clock.now() + kLookAgain;
      for (Watch* w = watches_; w != nullptr; w = w->next_) w->look_again();
    }
  }
  was_valid_ = context_.clock_valid();
  if (stale_) renew_sets();
  tell();
  run_watches();
  return Poll::pending;
}

}  // namespace parley::crypto_pki
