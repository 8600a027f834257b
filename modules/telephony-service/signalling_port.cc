// The secure signalling port.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/signalling_port.h"

#include "config.h"
#include "modules/telephony-service/telephony_messages.h"

namespace parley::telephony_service {
namespace {

constexpr SecureLimits kLimits{CONFIG_SECURE_SCCP_SESSIONS + kSpareSessions, kSessionsOfOneAddress};

}  // namespace

SignallingPort::SignallingPort(Env& env, SignallingOwner& owner, Trustpoints& trustpoints, PeerTrust& peers)
    : env_(env), owner_(owner), trustpoints_(trustpoints), peers_(peers), fence_(env.services.find<LegacyFence>()) {
  port_ = std::make_unique<Port>(env.scheduler, "Secure signalling", SecureListener::Parts{env.net, env.tls, env.jobs, env.log},
                                 kLimits, static_cast<Registrar&>(*this), arena_);
}

SignallingPort::~SignallingPort() {
  tell_fence(false);
  port_->stop();
}

Status SignallingPort::start() {
  TRY(port_->start_pool());
  port_->start(trustpoints_);
  return {};
}

// Sessions, and jobs that make their context, may still ask an older policy: each one made stays, and is found again.
Result<PhonePolicy*> SignallingPort::policy_for(const SignallingSettings& s) {
  for (Rule& r : rules_)
    if (r.legacy == s.legacy && r.label == s.lsc_issuer) return r.policy.get();
  Rule r;
  r.legacy = s.legacy;
  r.label = s.lsc_issuer;
  TRY_ASSIGN(r.policy, PhonePolicy::make(peers_, trustpoints_, s.lsc_issuer, s.legacy));
  PhonePolicy* made = r.policy.get();
  TRY(rules_.push(std::move(r)));
  return made;
}

void SignallingPort::configure(const SignallingSettings& settings) {
  SecureSettings s;
  s.on = !settings.trustpoint.empty() && settings.ip != 0;
  s.trustpoint = settings.trustpoint;
  s.at = {settings.ip, kSecureSccpPort};
  s.profile = settings.legacy ? TlsProfile::legacy : TlsProfile::modern;
  s.client_cert = ClientCert::required;
  settings_ = settings;
  const auto policy = s.on ? policy_for(settings) : Result<PhonePolicy*>(nullptr);
  if (!policy) {
    log_refusal("Every phone", s.at, policy.error().what);
    s.on = false;
  }
  s.policy = policy_ = policy ? *policy : nullptr;
  port_->configure(s);
  tell_fence(s.on && settings.legacy);
}

void SignallingPort::trustpoints_changed(std::string_view label) {
  if (label == settings_.lsc_issuer.view() && policy_ != nullptr) policy_->set_authority(trustpoints_, label);
}

void SignallingPort::set_trial(Bytes certificate) {
  if (policy_ != nullptr) policy_->set_trial(certificate);
}

void SignallingPort::tell_fence(bool legacy) {
  if (fence_ == nullptr || legacy == fenced_) return;
  if (legacy) fence_->offer(kSecureSccpPort, "TLS 1.0");
  else fence_->withdraw(kSecureSccpPort);
  fenced_ = legacy;
}

void SignallingPort::log_refusal(std::string_view device, Endpoint from, const char* why) {
  env_.log(kSecureRefused, device, LogArg::ip(from.ip), why);
}

void SignallingPort::no_handshake(Endpoint from, const Fault& why) {
  ++counters_.certificate;
  log_refusal("A phone", from, why.what);
}

void SignallingPort::broken(const SccpPeer& peer, const Fault& why) {
  ++counters_.broken;
  log_refusal(peer.device, peer.from, why.what);
}

Result<SccpPeer> SignallingPort::connected(const TlsInfo& info, Endpoint from) {
  SccpPeer peer;
  peer.secure = true;
  peer.from = from;
  peer.trial = owner_.is_trial(from);
  const auto name = phone_of_certificate(info.peer_certificate.view());
  if (!name) {
    ++counters_.certificate;
    log_refusal("A phone", from, name.error().what);
    return name.error();
  }
  peer.device = name->device.view();
  peer.mic = name->mic;
  peer.null_cipher = info.suite.view().find("NULL") != std::string_view::npos;
  if (peer.trial) return peer;
  if (fence_ != nullptr) fence_->handshake(kSecureSccpPort, peer.device, info);
  SecurePhone phone;
  if (peer.mic || !owner_.secure_phone(peer.device, phone) || phone.certificate.empty()) return peer;
  const auto known = phone_of_certificate(phone.certificate);
  if (!known || known->mic || equal_bytes(phone.certificate, info.peer_certificate.view())) return peer;
  constexpr Fault kReplaced{Code::untrusted, "the LSC was replaced by another one", 0};
  ++counters_.certificate;
  log_refusal(peer.device, from, kReplaced.what);
  return kReplaced;
}

void SignallingPort::received(const SccpPeer& peer, const SccpMessage& message) {
  counters_.alarms += message.id == SccpId::alarm;
  owner_.message_received(peer, message);
}

void SignallingPort::session_closed(SccpSession& session) {
  owner_.link_down(session);
  port_->wake();
}

RegisterAnswer SignallingPort::refuse(const SccpPeer& peer, uint64_t& counter, const char* why, const char* text) {
  ++counter;
  log_refusal(peer.device, peer.from, why);
  owner_.refused(peer, why);
  return {RejectText(text)};
}

RegisterAnswer SignallingPort::register_phone(SccpSession& session, const SccpPeer& peer, const RegisterRequest& request) {
  if (request.device.view() != peer.device.view())
    return refuse(peer, counters_.name, "it registers with another name than its certificate has", "Certificate of another phone");
  SecurePhone phone;
  if (!owner_.secure_phone(peer.device, phone))
    return refuse(peer, counters_.unknown, "no ephone has its mac-address", "Phone is not configured");
  if (phone.mode == DeviceMode::none)
    return refuse(peer, counters_.mode, "its device-security-mode is none", "Security mode is none");
  if (phone.mode == DeviceMode::encrypted && peer.null_cipher)
    return refuse(peer, counters_.mode, "its device-security-mode is encrypted, it encrypts nothing", "Encryption is required");
  ++counters_.registers;
  if (peer.trial) return {RejectText(kNoCalls)};
  owner_.phone_seen(peer.device, peer.mic ? PhoneSign::secure_with_mic : PhoneSign::secure_with_lsc);
  return owner_.link_up(peer.device, session);
}

void SignallingPort::show(Writer& out) const {
  out.put("secure signaling ").ipv4(settings_.ip).put(" port ").dec(kSecureSccpPort).put(", ");
  if (port_->listening()) out.put("listening");
  else if (!port_->settings().on) out.put("off");
  else out.put("down: ").put(port_->trouble() ? "starting" : port_->trouble().error().what);
  out.put(", TLS minimum ").put(settings_.legacy ? "1.0" : "1.2").put('\n');
  const auto count = [&out](const char* what, uint64_t n) { out.put(what).dec(static_cast<int64_t>(n)); };
  count("  connections ", port_->counters().accepted);
  count(", registers ", counters_.registers);
  count("; refused: certificate ", counters_.certificate);
  count(", unknown phone ", counters_.unknown);
  count(", other name ", counters_.name);
  count(", security mode ", counters_.mode);
  count(", not SCCP ", counters_.broken);
  count(", too many ", port_->counters().refused_full + port_->counters().refused_address);
  out.put('\n');
}

}  // namespace parley::telephony_service
