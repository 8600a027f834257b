// One phone at the CAPF server: what its answers mean (spec: capf.md 3 to 5).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_service.h"
#include "modules/capf-server/capf_session.h"

namespace parley::capf_server {
namespace {

constexpr Millis kProofLimit{20'000}, kAnswer{30'000};
constexpr uint8_t kOk = 1;                 // reason of a phone (capf.md 2.3)

}  // namespace

void FetchJob::run() {
  for (PeerJob* job : {lsc.get(), mic.get()}) {
    if (job == nullptr) continue;
    result = job->add(certificate.view());
    if (result) {
      job->run();
      result = job->result();
    }
    kind = job == lsc.get() ? CertificateKind::lsc : CertificateKind::mic;
    if (result) return;
  }
}

void CapfSession::on_auth(const Elements& e) {
  version_ = e.byte(kVersion, 0);
  if (version_ < 1 || version_ > 3) return end(Reason::refused, "the phone speaks an unknown version");
  const std::string_view name = e.text(kDeviceName);
  if (name.empty()) return end(Reason::refused, "the phone told no name");
  PhoneEntry phone;
  if (!is_device_name(name) || !service_.find(name, phone)) return end(Reason::unknown_device, "no such phone");
  Device* device = service_.devices().get(name);
  if (device == nullptr) return end(Reason::refused, "no memory");
  if (trial_) return on_trial(phone, *device, e.text(kPassword));
  if (device->in_session) return end(Reason::refused, "the phone has another session");
  device_ = device;
  device->in_session = true;
  tag_ = phone.tag;
  service_.handshake(tls_->info(), device->name, peer_);
  CapfService::Plan plan;
  if (!service_.plan(phone, *device, plan)) return end(Reason::nothing, nullptr);
  operation_ = plan.operation;
  proof_ = plan.proof;
  self_started_ = plan.self_started;
  if (service_.locked(*device)) return end(Reason::refused, "locked after wrong authentication strings");
  switch (proof_) {
    case Proof::null_string:
      service_.debug_event(name, "accepted without a proof (null-string)");
      return authenticated();
    case Proof::auth_string:
      if (!service_.string_matches(phone, *device, e.text(kPassword))) return end(Reason::refused, "wrong authentication string");
      return authenticated();
    case Proof::lsc:
    case Proof::mic: break;
  }
  auto job = std::make_unique<ProofJob>();
  const bool has_lsc = !device->current.empty() && device->kind == CertificateKind::lsc;
  job->input.device = device->name;
  job->input.session = id_;
  job->input.old_phone = version_ < 3 && service_.settings().tls_minimum == TlsMinimum::v1_0;
  job->input.mic_only = proof_ == Proof::mic;
  job->input.mic_allowed = !has_lsc;
  job->input.lsc_deleted = device->deleted;
  job->input.lsc_revoked = has_lsc && service_.issuer().revoked(device->current.view());
  job->input.now = service_.env().clock.wall();
  if (plan.renewal) job->input.ended_from = job->input.now - service_.settings().renew_days * int64_t{86400};
  job->lsc = service_.validation(PeerUse::phone_lsc, name);
  job->mic = service_.validation(PeerUse::phone_mic, name);
  job->sudi = service_.validation(PeerUse::phone_mic, name);
  const bool whole = job->body.append(body_.view()) && (!has_lsc || job->current.append(device->current.view()));
  if (!whole || !proof_job_.start(service_.env().jobs, *this, std::move(job))) return end(Reason::refused, "the router is busy");
  enter(At::proving, kProofLimit);
}

// A string is compared, but neither counted nor used up; a certificate cannot be proven by somebody who is not the phone.
void CapfSession::on_trial(const PhoneEntry& phone, Device& device, std::string_view typed) {
  if (device.in_session) return end(Reason::refused, "the phone has another session");
  device_ = &device;
  device.in_session = true;
  CapfService::Plan plan;
  if (!service_.plan(phone, device, plan)) return end(Reason::nothing, nullptr);
  if (service_.locked(device)) return end(Reason::refused, "locked after wrong authentication strings");
  if (plan.proof == Proof::auth_string && !service_.string_is(phone, device, typed)) return end(Reason::refused, "wrong authentication string");
  if (plan.proof == Proof::lsc || plan.proof == Proof::mic) return end(Reason::nothing, "trial: no certificate is asked for");
  ask_key();
}

// A key that went to an offline authority: its certificate has come, or the phone has to come again.
bool CapfSession::offline_turn() {
  if (device_->requested.empty() || !service_.settings().offline) return false;
  if (device_->pending.empty()) {
    end(Reason::refused, "its key waits for the offline authority");
    return true;
  }
  key_.clear();
  if (!key_.append(device_->requested.view())) end(Reason::refused, "no memory");
  else enter(At::saving, kAnswer);
  return true;
}

void CapfSession::authenticated() {
  switch (operation_) {
    case Operation::upgrade:
      if (!offline_turn()) ask_key();
      return;
    case Operation::fetch:
      send(Message(Command::fetch_request, id_));
      if (at_ != At::closed) enter(At::await_fetch, kAnswer);
      return;
    case Operation::remove:
      send(Message(Command::delete_request, id_));
      if (at_ != At::closed) enter(At::await_delete, kAnswer);
      return;
  }
}

void CapfSession::on_key(const Elements& e) {
  if (!e.has(kPublicKey)) {
    service_.keygen_failed(*device_, tag_);
    return end(Reason::refused, "the phone could not make a key");
  }
  auto job = std::make_unique<KeyJob>();
  job->order = order_;
  key_.clear();
  if (!key_.append(e.value(kPublicKey)) || !job->spki.append(key_.view()) || !key_job_.start(service_.env().jobs, *this, std::move(job)))
    return end(Reason::refused, "the router is busy");
  enter(At::checking, kProofLimit);
}

void CapfSession::on_store(const Elements& e) {
  // Pending and operation stay: the phone may come again and get the same certificate. After the long way through an offline
  // authority it may have lost the key: then it makes another one next time.
  if (e.byte(kReason) != kOk) {
    if (!device_->requested.empty()) {
      device_->requested.clear();
      device_->pending.clear();
      service_.save(*device_);
    }
    return end(Reason::refused, "the phone could not store its certificate");
  }
  device_->requested.clear();
  device_->current = std::move(device_->pending);
  device_->pending.clear();
  device_->kind = CertificateKind::lsc;
  device_->deleted = false;
  commit(Reason::done);
}

void CapfSession::on_fetch(const Elements& e) {
  if (e.byte(kReason) != kOk) {
    if (e.has(kReason)) service_.debug_event(device(), "has no certificate");
    return end(Reason::nothing, nullptr);
  }
  const auto shown = read_certificate(e.value(kCertificate));
  if (!shown) return end(Reason::refused, shown.error().what);
  auto job = std::make_unique<FetchJob>();
  job->lsc = service_.validation(PeerUse::phone_lsc, device());
  job->mic = service_.validation(PeerUse::phone_mic, device());
  if (!job->certificate.append(shown->der) || !fetch_job_.start(service_.env().jobs, *this, std::move(job)))
    return end(Reason::refused, "the router is busy");
  enter(At::judging, kProofLimit);
}

void CapfSession::on_delete(const Elements& e) {
  // 7: it has none; that is what was wanted (capf.md 4).
  const uint8_t reason = e.byte(kReason, 0xFF);
  if (reason != kOk && reason != static_cast<uint8_t>(Reason::refused)) return end(Reason::refused, "the phone could not delete its certificate");
  device_->current.clear();
  device_->pending.clear();
  device_->requested.clear();
  device_->deleted = true;
  commit(Reason::done);
}

void CapfSession::commit(Reason reason) {
  end_reason_ = reason;
  device_->failed = false;
  device_->keygen_failures = 0;
  device_->bulk = false;
  service_.save(*device_);
  enter(At::committing, kAnswer);
}

}  // namespace parley::capf_server
