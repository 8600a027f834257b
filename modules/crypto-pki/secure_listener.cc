// A TLS port of a trustpoint.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/secure_listener.h"

#include "modules/crypto-pki/pki_messages.h"

namespace parley {
namespace {

constexpr Millis kRetry{5'000};
constexpr int kBacklog = 128;
constexpr int kBurst = 64;         // accepted in one step
constexpr size_t kMaxChain = 4;

}  // namespace

// Building a context parses certificates and asks for the key: not on the scheduler.
struct SecureListener::ContextJob final : Job {
  explicit ContextJob(Tls& t) : tls(t) {}
  void run() override {
    Bytes chain[kMaxChain];
    for (size_t i = 0; i < count; ++i) chain[i] = certificates[i].view();
    config.chain = chain;
    config.chain_count = count;
    auto made = tls.server_context(config);
    if (made) context = std::move(*made);
    else result = made.error();
  }
  Tls& tls;
  TlsConfig config;
  Blob certificates[kMaxChain];
  size_t count = 0;
  std::shared_ptr<TlsContext> context;
  Status result;
};

SecureListener::SecureListener(Scheduler& scheduler, const char* name, const Parts& parts, const SecureLimits& limits)
    : Task(scheduler, name), parts_(parts), name_(name), limits_(limits), job_(std::make_unique<JobSlot<ContextJob>>()) {}

SecureListener::~SecureListener() { stop_listening(); }

void SecureListener::start(Trustpoints& trustpoints) {
  trustpoints_ = &trustpoints;
  trustpoints.subscribe(*this);
  wake();
}

void SecureListener::stop_listening() {
  if (trustpoints_ != nullptr) trustpoints_->unsubscribe(*this);
  trustpoints_ = nullptr;
  job_->cancel();
  listener_.reset();
  context_.reset();
  retry_.stop();
  stale_ = true;
}

void SecureListener::configure(const SecureSettings& settings) {
  if (settings == settings_) return;
  if (settings.on != settings_.on || settings.at != settings_.at) listener_.reset();
  if (settings_.on && !settings.on) close_all();
  settings_ = settings;
  stale_ = true;
  told_ = false;
  retry_.stop();
  job_->cancel();
  wake();
}

void SecureListener::trustpoints_changed(std::string_view label) {
  if (label != settings_.trustpoint.view()) return;
  stale_ = true;
  told_ = false;
  retry_.stop();
  wake();
}

Poll SecureListener::step() {
  (void)retry_.fired();
  reap();
  if (trustpoints_ != nullptr && settings_.on) {
    renew_context();
    if (context_ != nullptr && listener_ == nullptr && !retry_.running()) listen();
    if (listener_ != nullptr) accept_all();
  }
  idle();
  return Poll::pending;
}

void SecureListener::tell(const Status& why) {
  trouble_ = why;
  if (!told_) parts_.log(crypto_pki::kNoTlsPort, name_, settings_.at.port, why.error().what);
  told_ = true;
  retry_.start(kRetry);
}

void SecureListener::renew_context() {
  if (const auto done = job_->take()) {
    if (!done->result) {
      context_.reset();
      listener_.reset();
      tell(done->result);
      return;
    }
    context_ = done->context;
    trouble_ = {};
  }
  if (!stale_ || job_->busy() || retry_.running()) return;
  const Purpose purpose = settings_.profile == TlsProfile::modern ? Purpose::tls_modern : Purpose::tls_legacy;
  const auto own = trustpoints_->usable(settings_.trustpoint, purpose);
  if (!own) {
    context_.reset();
    listener_.reset();
    return tell(own.error());
  }
  auto job = std::make_unique<ContextJob>(parts_.tls);
  job->config.profile = settings_.profile;
  job->config.client_cert = settings_.client_cert;
  job->config.policy = settings_.policy;
  job->config.key = own->key;
  bool whole = job->certificates[job->count++].append(own->certificate).has_value();
  for (const Bytes& ca : own->ca)
    if (job->count < kMaxChain) whole = whole && job->certificates[job->count++].append(ca);
  if (whole && job_->start(parts_.jobs, *this, std::move(job))) stale_ = false;
  else retry_.start(kRetry);
}

void SecureListener::listen() {
  auto made = parts_.net.listen(*this, settings_.at, kBacklog);
  if (!made) return tell(made.error());
  listener_ = std::move(*made);
  trouble_ = {};
  told_ = false;
}

void SecureListener::accept_all() {
  for (int n = 0; n < kBurst; ++n) {
    auto stream = listener_->accept(*this);
    if (!stream) return;
    ++counters_.accepted;
    if (live() >= limits_.sessions) { ++counters_.refused_full; continue; }        // closed: the peer tries again
    if (live_of((*stream)->peer().ip) >= limits_.per_address) { ++counters_.refused_address; continue; }
    if (!open(context_, std::move(*stream))) ++counters_.refused_full;
  }
  wake();
}

}  // namespace parley
