// The TLS context of a listening port, kept in step with the certificate of its trustpoint.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/trustpoint_context.h"

namespace parley {
namespace {

constexpr Millis kRetry{5'000};

}  // namespace

TrustpointContext::TrustpointContext(Task& owner, Tls& tls, Jobs& jobs)
    : owner_(owner), tls_(tls), jobs_(jobs) {}

void TrustpointContext::start(Trustpoints& trustpoints) {
  trustpoints_ = &trustpoints;
  trustpoints.subscribe(*this);
  owner_.wake();
}

void TrustpointContext::stop() {
  if (trustpoints_ != nullptr) trustpoints_->unsubscribe(*this);
  trustpoints_ = nullptr;
  job_.cancel();
  context_.reset();
  retry_.stop();
  stale_ = true;
}

// The old context serves until the new one is there.
void TrustpointContext::configure(const Wanted& wanted) {
  if (wanted == wanted_) return;
  wanted_ = wanted;
  stale_ = true;
  retry_.stop();
  job_.cancel();
  owner_.wake();
}

void TrustpointContext::trustpoints_changed(std::string_view label) {
  if (label != wanted_.trustpoint.view()) return;
  stale_ = true;
  retry_.stop();
  owner_.wake();
}

bool TrustpointContext::fail(const Status& why) {
  context_.reset();
  trouble_ = why;
  retry_.start(kRetry);
  return true;
}

bool TrustpointContext::renew() {
  (void)retry_.fired();
  if (trustpoints_ == nullptr) return false;
  if (!wanted_.on) {
    trouble_ = {};
    return std::exchange(context_, nullptr) != nullptr;
  }
  bool fresh = false;
  if (const auto done = job_.take()) {
    if (!done->result) return fail(done->result.error());
    context_ = std::move(*done->result);
    trouble_ = {};
    fresh = true;
  }
  if (!stale_ || job_.busy() || retry_.running()) return fresh;
  const Purpose purpose = wanted_.profile == TlsProfile::modern ? Purpose::tls_modern : Purpose::tls_legacy;
  const auto own = trustpoints_->usable(wanted_.trustpoint, purpose);
  if (!own) return fail(own.error());
  auto job = std::make_unique<TlsContextJob>(tls_, TlsContextJob::Side::server);
  job->config.profile = wanted_.profile;
  job->config.oldest = wanted_.oldest;
  job->config.client_cert = wanted_.client_cert;
  job->config.policy = wanted_.policy;
  job->config.key = own->key;
  bool whole = job->add(own->certificate).has_value();
  for (const Bytes& ca : own->ca)
    if (!job->full()) whole = whole && job->add(ca);
  if (whole && job_.start(jobs_, owner_, std::move(job))) stale_ = false;
  else retry_.start(kRetry);
  return fresh;
}

}  // namespace parley
