// A TLS port of a trustpoint.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/secure_listener.h"

#include "modules/crypto-pki/pki_messages.h"

namespace parley {
namespace {

constexpr Millis kRetry{5'000};
constexpr int kBacklog = 128;
constexpr int kBurst = 64;         // accepted in one step

}  // namespace

SecureListener::SecureListener(Scheduler& scheduler, const char* name, const Parts& parts, const SecureLimits& limits)
    : Task(scheduler, name), parts_(parts), name_(name), limits_(limits), context_(*this, parts.tls, parts.jobs) {}

SecureListener::~SecureListener() { stop_listening(); }

void SecureListener::start(Trustpoints& trustpoints) {
  context_.start(trustpoints);
  wake();
}

void SecureListener::stop_listening() {
  context_.stop();
  listener_.reset();
  retry_.stop();
}

void SecureListener::configure(const SecureSettings& settings) {
  if (settings == settings_) return;
  if (settings.on != settings_.on || settings.at != settings_.at) listener_.reset();
  if (settings_.on && !settings.on) close_all();
  settings_ = settings;
  told_ = false;
  retry_.stop();
  TrustpointContext::Wanted wanted;
  wanted.on = settings.on;
  wanted.trustpoint = settings.trustpoint;
  wanted.profile = settings.profile;
  wanted.client_cert = settings.client_cert;
  wanted.policy = settings.policy;
  context_.configure(wanted);
  wake();
}

Poll SecureListener::step() {
  (void)retry_.fired();
  reap();
  if (context_.renew()) {
    if (context_.get() != nullptr) told_ = false;
    else listener_.reset();
    if (!context_.trouble()) tell(context_.trouble());
  }
  if (context_.get() != nullptr) {
    if (listener_ == nullptr && !retry_.running()) listen();
    if (listener_ != nullptr) accept_all();
  }
  idle();
  return Poll::pending;
}

void SecureListener::tell(const Status& why) {
  if (!told_) parts_.log(crypto_pki::kNoTlsPort, name_, settings_.at.port, why.error().what);
  told_ = true;
}

void SecureListener::listen() {
  auto made = parts_.net.listen(*this, settings_.at, kBacklog);
  if (!made) {
    trouble_ = made.error();
    retry_.start(kRetry);
    return tell(trouble_);
  }
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
    if (!open(context_.get(), std::move(*stream))) ++counters_.refused_full;
  }
  wake();
}

}  // namespace parley
