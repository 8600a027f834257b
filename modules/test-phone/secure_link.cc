// A phone's TLS connection.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/secure_link.h"

#include "platform/base/lock.h"

namespace parley::test_phone {
namespace {

constexpr Millis kHandshake{20'000};
constexpr uint16_t kModernBits = 2048;
constexpr Fault kBusy{Code::busy, "under way", 0};

}  // namespace

// A phone validates no path: it looks the certificate up in its lists.
class SecureLink::RolePolicy final : public PeerPolicy {
 public:
  RolePolicy() : trusted(general_arena()) {}
  List<Blob> trusted;
  Status check(const Bytes* chain, size_t) override {
    for (const Blob& t : trusted)
      if (equal_bytes(t.view(), chain[0])) return {};
    const Lock::Held held(lock_);
    unknown_.clear();
    (void)unknown_.append(chain[0]);
    return Fault{Code::untrusted, "the server's certificate stands in no list of the phone", 0};
  }
  bool finds_path() const override { return true; }
  Bytes unknown() {
    const Lock::Held held(lock_);
    return unknown_.view();        // written once, before the handshake fails
  }

 private:
  Lock lock_;
  Blob unknown_;
};

class SecureLink::ContextJob final : public Job {
 public:
  explicit ContextJob(Tls& t) : tls(t) {}
  void run() override {
    const Bytes chain[] = {certificate.view()};
    config.chain = chain;
    config.chain_count = certificate.empty() ? 0 : 1;
    auto made = tls.client_context(config);
    if (made) context = std::move(*made);
    else result = made.error();
  }
  Tls& tls;
  TlsConfig config;
  std::shared_ptr<RolePolicy> policy;    // lives as long as somebody may ask it
  Blob certificate;
  std::shared_ptr<TlsContext> context;
  Status result;
};

void SecureLink::close() {
  session_ = nullptr;
  stream_.reset();
  job_.cancel();
  timer_.stop();
  out_.clear();
  out_at_ = 0;
  at_ = At::idle;
}

Status SecureLink::open(const PhonePlan& phone, const PhoneFlash& flash, const LinkPlan& plan) {
  close();
  plan_ = plan;
  from_ip_ = phone.from_ip;
  connecting_ = phone.trial ? phone.connecting : nullptr;
  context_ = phone.context;
  policy_ = std::make_shared<RolePolicy>();
  if (plan.plain) return open_plain();
  TRY(trusted_for(std::span<const uint16_t>(plan.roles, plan.role_count), flash.trust, policy_->trusted));
  auto job = std::make_unique<ContextJob>(parts_.tls);
  job->policy = policy_;
  job->config.policy = policy_.get();
  job->config.profile = plan.old ? TlsProfile::legacy : TlsProfile::modern;
  job->config.offer = plan.offer;
  if (plan.prove) {
    const bool lsc = !flash.lsc.empty();
    job->config.key = lsc ? flash.key : phone.mic_key;
    const auto info = parts_.keys.info(job->config.key);
    if (info && info->type == KeyType::rsa && info->bits < kModernBits) {   // its own key is short, its TLS is not old
      job->config.profile = TlsProfile::legacy;
      if (!plan.old) job->config.oldest = TlsOldest::tls1_2;
    }
    TRY(job->certificate.append(lsc ? flash.lsc.view() : phone.mic.view()));
  }
  TRY(job_.start(parts_.jobs, owner_, std::move(job)));
  timer_.start(kHandshake);
  at_ = At::context;
  return {};
}

Status SecureLink::open_plain() {
  TRY_ASSIGN(stream_, parts_.net.connect(owner_, plan_.to, from_ip_));
  if (connecting_ != nullptr) connecting_(context_, stream_->local());
  timer_.start(kHandshake);
  at_ = At::connecting;
  return {};
}

Bytes SecureLink::unknown() const { return policy_ == nullptr ? Bytes() : policy_->unknown(); }

Status SecureLink::poll() {
  if (at_ == At::open) return {};
  if (timer_.fired()) {
    close();
    return Fault{Code::timeout, "the server does not answer", 0};
  }
  if (at_ == At::context) {
    const auto done = job_.take();
    if (done == nullptr) return kBusy;
    if (!done->result) return done->result;
    TRY_ASSIGN(std::unique_ptr<Stream> stream, parts_.net.connect(owner_, plan_.to, from_ip_));
    if (connecting_ != nullptr) connecting_(context_, stream->local());
    TRY_ASSIGN(std::unique_ptr<TlsSession> session, parts_.tls.connect(owner_, done->context, std::move(stream), {}));
    session_ = session.get();
    stream_ = std::move(session);
    at_ = At::handshake;
  }
  if (at_ == At::idle) return Fault{Code::invalid, "no connection", 0};
  if (at_ == At::connecting) {
    const auto tried = stream_->write({});
    if (!tried && tried.error().code == Code::busy) return kBusy;
    if (!tried) {
      const Fault why = tried.error();
      close();
      return why;
    }
    timer_.stop();
    at_ = At::open;
    return {};
  }
  if (!session_->failure()) {
    const Fault why = session_->failure().error();
    close();
    return why;
  }
  if (!session_->established()) return kBusy;
  timer_.stop();
  at_ = At::open;
  return {};
}

Status SecureLink::write(Bytes message) {
  const auto put = stream_->write(message);
  if (!put && put.error().code != Code::busy) return put.error();
  TRY(out_.append(message.subspan(put ? *put : 0)));
  return {};
}

Status SecureLink::flush() {
  while (out_at_ < out_.size()) {
    const auto put = stream_->write(out_.view().subspan(out_at_));
    if (!put) return put.error();
    out_at_ += *put;
  }
  out_.clear();
  out_at_ = 0;
  return {};
}

}  // namespace parley::test_phone
