// The CAPF server: start and stop, the durable table, what sessions ask.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_service.h"

#include <algorithm>

#include "modules/capf-server/capf_keeper.h"
#include "modules/capf-server/capf_messages.h"
#include "modules/system/password_policy.h"
#include "platform/tls/legacy.h"

namespace parley::capf_server {
namespace {

constexpr SecureLimits kLimits{64, 8};       // capf.md 7
constexpr size_t kPhonesPerStep = 128;
constexpr Millis kSettle{200}, kHourly{3600 * 1000}, kWindow{300 * 1000};

}  // namespace

CapfService::CapfService(Env& env) : env_(env) {}
CapfService::~CapfService() { stop(); }

Status CapfService::start() {
  trustpoints_ = env_.services.find<Trustpoints>();
  roles_ = env_.services.find<TrustRoles>();
  list_ = env_.services.find<TrustList>();
  book_ = env_.services.find<PhoneBook>();
  peers_ = env_.services.find<PeerTrust>();
  issuer_ = env_.services.find<PhoneIssuer>();
  fence_ = env_.services.find<LegacyFence>();
  passwords_ = env_.services.find<PasswordPolicy>();
  if (trustpoints_ == nullptr || book_ == nullptr || peers_ == nullptr || issuer_ == nullptr)
    return Fault{Code::missing, "capf-server needs crypto-pki and telephony-service", 0};
  TRY(load_devices());
  keeper_ = std::make_unique<Keeper>(env_.scheduler, *this);
  port_ = std::make_unique<Port>(env_.scheduler, "CAPF server", SecureListener::Parts{env_.net, env_.tls, env_.jobs, env_.log},
                                 kLimits, *this, arena_);
  TRY(port_->start_pool());
  port_->start(*trustpoints_);
  book_->subscribe(*this);
  if (roles_ != nullptr) roles_->subscribe(*this);
  if (auto* files = env_.services.find<TrustFiles>()) files->add(*this);
  for (size_t i = 0; i < devices_.size(); ++i) book_->set_certificate(devices_[i].name, devices_[i].current.view());
  keeper_->hourly.start(kHourly);
  keeper_->window.start(kWindow);
  keeper_->settle.start(kSettle);
  return {};
}

Status CapfService::can_issue() const {
  if (config_.capf.id == 0) return Fault{Code::missing, "capf-server is not configured", 0};
  if (config_.capf.enroll_trustpoint.empty()) return Fault{Code::missing, "no cert-enroll-trustpoint is configured", 0};
  if (config_.capf.offline) return {};   // by hand
  return issuer_ == nullptr ? Status(Fault{Code::missing, "no certificate server", 0}) : issuer_->ready(config_.capf.enroll_trustpoint);
}

void CapfService::stop() {
  if (keeper_ == nullptr) return;
  if (auto* files = env_.services.find<TrustFiles>()) files->remove(*this);
  book_->unsubscribe(*this);
  if (roles_ != nullptr) roles_->unsubscribe(*this);
  if (roles_ != nullptr) (void)roles_->set_uses("capf-server", {});
  port_ = nullptr;
  keeper_ = nullptr;
  telling_ = false;
  devices_.clear();
}

uint32_t CapfService::address() const { return config_.capf.source; }

void CapfService::apply() {
  if (port_ == nullptr) return;
  set_up_port();
  keeper_->settle.start(kSettle);   // phones and roles follow when the lines of a paste are over
}

void CapfService::set_up_port() {
  const Capf& c = config_.capf;
  SecureSettings s;
  s.on = c.id != 0 && !c.trustpoint.empty() && c.source != 0;
  s.trustpoint = roles_ == nullptr ? c.trustpoint.view()   // phones may not know the next one yet
                                   : roles_->in_use("capf-server", TrustRole::capf, c.trustpoint);
  s.at = {c.source, c.port};
  s.profile = c.tls_minimum == TlsMinimum::v1_0 ? TlsProfile::legacy : TlsProfile::modern;
  if (fence_ != nullptr && port_->settings().on) fence_->withdraw(port_->settings().at.port);
  if (fence_ != nullptr && s.on && s.profile == TlsProfile::legacy) fence_->offer(c.port, "TLS 1.0");
  port_->configure(s);
}

void CapfService::phones_changed() {
  if (keeper_ != nullptr && !keeper_->settle.running()) keeper_->settle.start(kSettle);
}

void CapfService::tell_phones() {
  TrustUse use;
  use.trustpoint = config_.capf.trustpoint;
  use.role = TrustRole::capf;
  use.ip = address();
  use.port = port_.get();
  const bool on = port_->settings().on;
  if (roles_ != nullptr) (void)roles_->set_uses("capf-server", std::span<const TrustUse>(&use, on ? 1 : 0));
  book_->set_capf({on ? address() : 0, config_.capf.port, config_.capf.enroll_trustpoint});
  tell_next_ = 0;
  telling_ = true;
  keeper_->wake();
  const KeyOrder order = key_order(3);
  const int asked = config_.capf.key_size == KeySize::bits_512 ? 512 : config_.capf.key_size == KeySize::bits_1024 ? 1024 : 2048;
  if (on && order.type == WireKey::rsa && order.bits != asked && !key_size_told_) {
    key_size_told_ = true;
    env_.log(kKeySizeDiffers, asked, int{order.bits});
  }
}

// A thousand phones take several steps.
bool CapfService::tell_some() {
  if (!telling_) return false;
  tell_next_ = book_->some_phones(tell_next_, kPhonesPerStep, [](void* context, const PhoneEntry& phone) {
    static_cast<CapfService*>(context)->tell_phone(phone);
  }, this);
  telling_ = tell_next_ != 0;
  return telling_;
}

void CapfService::tell_phone(const PhoneEntry& phone) {
  const Device* d = devices_.find(phone.device);
  const Device none;
  Plan plan;
  uint8_t mode = 0;   // capfAuthMode: trust-files.md 6
  if (port_->settings().on && this->plan(phone, d == nullptr ? none : *d, plan) && !plan.self_started) {
    switch (plan.proof) {
      case Proof::auth_string: mode = 1; break;
      case Proof::null_string: mode = 2; break;
      case Proof::lsc: mode = 3; break;
      case Proof::mic: mode = 4; break;
    }
  }
  book_->set_session_wanted(phone.device, mode);
}

// Each phone has its own begin within the first three quarters of the window, by its name: a thousand phones do not come at once.
bool CapfService::in_window(std::string_view device) const {
  const Capf& c = config_.capf;
  if (c.window_from_min == c.window_to_min) return true;
  const auto minute = static_cast<uint32_t>(env_.clock.wall() / 60 % 1440);
  const uint32_t length = (c.window_to_min + 1440u - c.window_from_min) % 1440;
  const uint32_t begin = ByteReader(hash(Hash::sha256, as_bytes(device)).view()).u32() % (length * 3 / 4 + 1);
  const uint32_t since = (minute + 1440u - c.window_from_min) % 1440;
  return since >= begin && since < length;
}

// Also for as many days after the end: a phone that was off is not left to the operator.
bool CapfService::renewal_due(const Device& device) const {
  const Capf& c = config_.capf;
  if (c.auth_mode == AuthMode::none || c.renew_days == 0 || device.failed) return false;
  const UnixTime now = env_.clock.wall(), from = device.renewal(c.renew_days);
  return from != 0 && now >= from && now < device.ends + c.renew_days * int64_t{86400} && trustpoints_->clock_valid() &&
         !issuer_->revoked(device.current.view());
}

bool CapfService::plan(const PhoneEntry& phone, const Device& device, Plan& out) const {
  out.phone = phone;
  out.self_started = out.renewal = false;
  const AuthMode global = config_.capf.auth_mode;
  if (phone.operation_set && !device.failed) {
    out.operation = phone.operation;
    out.proof = phone.auth_mode;
    return true;
  }
  if (device.bulk && !device.failed && global != AuthMode::none && in_window(phone.device)) {
    out.operation = device.bulk_operation;
    out.proof = global == AuthMode::auth_string ? Proof::auth_string : global == AuthMode::lsc ? Proof::lsc
                : global == AuthMode::mic ? Proof::mic : Proof::null_string;
    return true;
  }
  if (renewal_due(device) && in_window(phone.device)) {   // by its own certificate, whatever new phones have to show
    out.operation = Operation::upgrade;
    out.proof = Proof::lsc;
    out.renewal = true;
    return true;
  }
  // An encrypted file needs the certificate of the phone; nobody but its owner may hand it in (capf.md 5.1).
  if (phone.encrypted && device.current.empty()) {
    out.operation = Operation::fetch;
    out.proof = Proof::lsc;
    out.self_started = true;
    return true;
  }
  return false;
}

std::unique_ptr<PeerJob> CapfService::validation(PeerUse use, std::string_view device) const {
  PeerRule rule;
  rule.use = use;
  rule.legacy = book_->legacy_signalling();
  (void)rule.name.set(device);
  if (use == PeerUse::phone_lsc) rule.labels[0] = config_.capf.enroll_trustpoint;
  return peers_->validation(rule);
}

KeyOrder CapfService::key_order(uint8_t version) const {
  KeyOrder order;
  const Capf& c = config_.capf;
  order.type = c.key_type == KeyType::ec && version >= 3 ? WireKey::ec : WireKey::rsa;
  order.bits = c.key_size != KeySize::bits_2048 && book_->legacy_signalling() ? 1024 : 2048;
  return order;
}

bool CapfService::own_key(Bytes spki) const {
  struct Search {
    const Keys& keys;
    Bytes spki;
    bool found = false;
  } search{env_.keys, spki};
  env_.keys.list([](void* context, KeyRef key, const KeyInfo&) {
    auto& s = *static_cast<Search*>(context);
    const auto mine = s.keys.public_key(key);
    s.found = mine && equal_bytes(mine->view(), s.spki);
    return !s.found;
  }, &search);
  return search.found;
}

Text<64> CapfService::enroll_password() const {
  Text<64> out;
  if (passwords_ != nullptr && config_.capf.enroll_password.set != 0) (void)passwords_->plain(config_.capf.enroll_password, out);
  return out;
}

uint32_t CapfService::new_session_id() {
  uint8_t b[4] = {};
  for (int n = 0; n < 4; ++n) {
    if (!env_.random.fill(MutBytes(b))) PARLEY_PANIC("no random numbers");
    const uint32_t id = ByteReader(Bytes(b)).u32();
    if (id != 0) return id;
  }
  return 1;
}

// True: it goes on in the next step.
bool CapfService::keep() {
  (void)keeper_->retry.fired();
  if (const auto done = keeper_->job.take()) group_written(*done);
  if (keeper_->hourly.fired()) {
    keeper_->hourly.start(kHourly);
    end_bulk_after_deadline();
  }
  if (keeper_->window.fired()) {   // it opens and closes, phone by phone
    keeper_->window.start(kWindow);
    const bool had_renewals = renewals_;
    renewals_ = any_renewal();
    const bool windowed = config_.capf.window_from_min != config_.capf.window_to_min;
    if ((windowed && any_bulk()) || renewals_ || had_renewals) tell_phones();
  }
  if (keeper_->settle.fired()) {
    set_up_port();
    tell_phones();
  }
  write_some();
  return tell_some();
}

bool CapfService::any_bulk() const {
  for (size_t i = 0; i < devices_.size(); ++i)
    if (devices_.at(i).bulk) return true;
  return false;
}

bool CapfService::any_renewal() const {
  for (size_t i = 0; i < devices_.size(); ++i)
    if (renewal_due(devices_.at(i))) return true;
  return false;
}

void CapfService::end_bulk_after_deadline() {
  for (size_t i = 0; i < devices_.size(); ++i) {
    Device& d = devices_[i];
    if (!d.bulk || env_.clock.wall() - d.bulk_since < config_.capf.deadline_days * 86400) continue;
    d.bulk = false;
    env_.log(kDeadline, d.name);
    save(d);
  }
}

}  // namespace parley::capf_server
