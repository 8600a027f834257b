// One connected peer: revocation before it counts as connected, everything again when trust changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/peer_watch.h"

#include "modules/crypto-pki/pki_debug.h"

namespace parley::crypto_pki {

// ---- job

Status ChainJob::add(Bytes certificate) {
  if (chain_.size() == kMaxPeerCertificates) return Fault{Code::full, "too many certificates", kMaxPeerCertificates};
  TRY_ASSIGN(Certificate c, parse_certificate(certificate));
  return chain_.push(std::move(c));
}

void ChainJob::run() {
  path_ = check_path(*state_, std::span<const Certificate>(chain_.begin(), chain_.size()), set_, *reports_);
  result_ = path_.status;
  if (const TrustSource* s = source()) trustpoint_ = s->label;
}

const TrustSource* ChainJob::source() const {
  if (set_ == nullptr || !path_.ok()) return nullptr;
  return &set_->sources[path_.source];
}

// ---- watch

Watch::Watch(PeerTrustService& service, std::shared_ptr<RuleState> state, Task& waiter)
    : service_(service), state_(std::move(state)), waiter_(&waiter), next_(service.watches_), link_(&service.watches_) {
  if (next_ != nullptr) next_->link_ = &next_;
  service.watches_ = this;
}

Watch::~Watch() {
  if (link_ == nullptr) return;        // the service was stopped
  *link_ = next_;
  if (next_ != nullptr) next_->link_ = link_;
}

Status Watch::add(Bytes certificate) {
  TRY_ASSIGN(Blob copy, Blob::copy_of(certificate));
  return chain_.push(std::move(copy));
}

void Watch::decide(Status verdict) {
  const bool first = !verdict_ && verdict_.error().code == Code::busy;
  const bool lost = verdict_.has_value() && !verdict;
  if (!first && !lost) return;         // good stays good; a refused session is never taken back
  verdict_ = verdict;
  if (DebugLine line(service_.context_.log, debug_of::kCallbacks); line) {
    line.out().put("CRYPTO_PKI: session told: ").put(verdict ? "the peer is trusted" : verdict.error().what);
  }
  if (lost) service_.reports_->closed();
  waiter_->wake();
}

Status Watch::start_path() {
  auto job = std::make_unique<ChainJob>(state_, service_.reports_);
  for (const Blob& c : chain_) TRY(job->add(c));
  return slot_.start(service_.context_.jobs, service_, std::move(job));
}

// "Next only on error" (000:604): an answer of a method is the answer. The anchor itself is not asked for.
bool Watch::ask() {
  const PathResult& path = path_->path();
  const TrustSource& source = *path_->source();
  while (at_ + 1 < path.length) {
    const Certificate& c = *path.path[at_];
    if (at_ == 0 && source.maps.holds(MapUse::How::skip_revocation, c)) {
      ++at_;
      continue;
    }
    const Result<bool> revoked = service_.revocation_.ask(source.methods[method_], Question{c, *path.path[at_ + 1], source});
    if (revoked && !*revoked) {
      ++at_;
      method_ = 0;
      continue;
    }
    if (!revoked && revoked.error().code == Code::busy) return false;
    if (!revoked && ++method_ < source.method_count) continue;
    const char* why = revoked ? "certificate is revoked" : "revocation could not be checked";
    service_.reports_->refused(&c, why);
    decide(Fault{Code::untrusted, why, static_cast<uint32_t>(at_)});
    return true;
  }
  decide({});
  return true;
}

bool Watch::step() {
  if (slot_.busy()) {
    std::unique_ptr<ChainJob> done = slot_.take();
    if (done == nullptr) return false;
    at_ = method_ = 0;
    if (!done->result()) decide(done->result());
    else if (done->source()->method_count == 0) decide({});
    else path_ = std::move(done);
    return true;
  }
  if (path_ != nullptr) {
    if (!ask()) return false;
    path_.reset();
    return true;
  }
  if (!again_) return false;
  const Status started = start_path();
  if (!started && started.error().code == Code::busy) return false;   // the queue is full: by timer
  again_ = false;
  if (!started) decide(started);
  return true;
}

}  // namespace parley::crypto_pki
