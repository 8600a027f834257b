// Which certificates a phone may show on the secure signalling port.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_policy.h"

#include "modules/crypto-pki/certificate.h"
#include "modules/telephony-service/capf_notes.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kDeviceName = 15;
constexpr Fault kNoPhone{Code::untrusted, "not the certificate of a phone", 0};

Result<std::unique_ptr<PeerPolicy>> policy_for(PeerTrust& trust, PeerUse use, std::string_view label, bool legacy) {
  PeerRule rule;
  rule.use = use;
  rule.legacy = legacy;
  (void)rule.labels[0].set(label);
  return trust.policy(rule);
}

}  // namespace

Result<PhoneName> phone_of_certificate(Bytes der) {
  const auto c = crypto_pki::parse_certificate(der);
  if (!c) return kNoPhone;
  const std::string_view name = as_text(crypto_pki::name_value(c->subject, crypto_pki::NameKey::common_name));
  if (name.size() < kDeviceName) return kNoPhone;
  const std::string_view device = name.substr(name.size() - kDeviceName);
  uint8_t mac[6];
  PhoneName out;
  out.mic = name.size() > kDeviceName;
  if (!mac_of_device(device, mac) || (out.mic && !name.starts_with("CP-")) || !out.device.set(device)) return kNoPhone;
  return out;
}

Result<std::unique_ptr<PhonePolicy>> PhonePolicy::make(PeerTrust& trust, const Trustpoints& trustpoints, std::string_view label,
                                                       bool legacy) {
  std::unique_ptr<PhonePolicy> p(new PhonePolicy());
  TRY_ASSIGN(p->lsc_, policy_for(trust, PeerUse::phone_lsc, label, legacy));
  TRY_ASSIGN(p->mic_, policy_for(trust, PeerUse::phone_mic, {}, legacy));
  p->set_authority(trustpoints, label);
  return p;
}

void PhonePolicy::set_authority(const Trustpoints& trustpoints, std::string_view label) {
  const auto view = trustpoints.view(label);
  const Lock::Held held(lock_);
  own_authority_.clear();
  if (!view || view->ca.empty()) return;
  const auto ca = crypto_pki::parse_certificate(view->ca[0]);
  if (ca) (void)own_authority_.append(ca->subject);
}

bool PhonePolicy::is_ours(Bytes issuer) {
  const Lock::Held held(lock_);
  return !own_authority_.empty() && crypto_pki::equal_names(issuer, own_authority_.view());
}

void PhonePolicy::set_trial(Bytes certificate) {
  const Lock::Held held(lock_);
  trial_.clear();
  (void)trial_.append(certificate);
}

bool PhonePolicy::is_trial(Bytes certificate) {
  const Lock::Held held(lock_);
  return !trial_.empty() && equal_bytes(trial_.view(), certificate);
}

Status PhonePolicy::check(const Bytes* chain, size_t count) {
  TRY_ASSIGN(const PhoneName name, phone_of_certificate(chain[0]));
  if (is_trial(chain[0])) return {};
  if (!name.mic) return lsc_->check(chain, count);
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(chain[0]));
  if (is_ours(c.issuer))
    return Fault{Code::untrusted, "a certificate of this router is no MIC", 0};
  return mic_->check(chain, count);
}

std::unique_ptr<PeerWatch> PhonePolicy::watch(Task& waiter, const Bytes* chain, size_t count) {
  const auto name = phone_of_certificate(chain[0]);
  if (!name || is_trial(chain[0])) return nullptr;
  return (name->mic ? mic_ : lsc_)->watch(waiter, chain, count);
}

}  // namespace parley::telephony_service
