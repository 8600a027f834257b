// The module telephony-service: phones and their files.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// What a phone is told stands in its file SEP<MAC>.cnf.xml: the servers, the firmware, the language, the security mode. A
// phone that holds a trust list asks for SEP<MAC>.cnf.xml.sgn only, the same file behind a signed header.
//
// Story of the files: `create cnf-files` (or its stamp in the running-config at boot) makes them wanted. From then on each
// change of the configuration, of the signing certificate or of the trust list asks the CnfBuilder for a build. It writes
// the XML of the phones whose settings differ from those behind the published files, with a blank stamp, compares, and gives
// only what differs to CnfJobs, which sign and store; then all names change in one step. With `cnf-file location flash:` (or slot0:) the files survive a
// restart and are served again without a signature; with system: they live in memory and are signed again at boot.
//
// Security mode: no effect before a trust list exists. The first list switches `server-security-mode` to secure; while it
// is non-secure, every phone is told mode 1 (none), whatever its own mode says.
//
// `cnf-file encrypted`: the names that everybody can read hold a partial file without secrets; the whole one exists only as
// .enc.sgn, for the RSA key in the phone's certificate, which capf-server tells.
//
// SignallingPort is TCP 2443: phones prove themselves with their certificates there. PlainPort is TCP 2000, for phones without security
// mode; unknown ones become ephones there (AutoRegister). A register is answered, but no calls follow. PhoneLinks holds the connections,
// so that resets and restarts reach the phones.
//
// `load-cfg-file` is CfgFiles: files of the router under names that phones ask for, signed anew when they change.
//
// Not here: calls (rows are marked pending).
#include "modules/telephony-service/telephony_service.h"

#include <algorithm>
#include <cstring>

#include "cli/engine.h"
#include "modules/telephony-service/telephony_messages.h"
#include "modules/system/password_policy.h"

namespace parley::telephony_service {
namespace {

constexpr Millis kSettle{300};   // a paste changes many lines in a row

}  // namespace

TelephonyService::TelephonyService(Env& env) : env_(env) { env.services.provide<PhoneBook>(this); }
TelephonyService::~TelephonyService() { stop(); }

const char* TelephonyService::verify() {
  const Telephony& t = config_.telephony;
  if (t.cnf_location == CnfLocation::tftp && server_secure()) return "External TFTP is not supported in secure mode";
  if (t.mixed && t.auto_reg_ephone) return "Auto-registration is not supported in mixed mode: no auto-reg-ephone";
  return taken_twice();
}

// Every line of a paste comes through here: no comparison of each phone with each other one.
const char* TelephonyService::taken_twice() {
  const cli::Table<Ephone>& phones = config_.phones;
  const cli::Table<RegisterPool>& pools = config_.register_pools;
  const auto mac_of = [&](size_t n) -> const cli::Mac& { return n < phones.size() ? phones[n].mac : pools[n - phones.size()].mac; };
  HashIndex seen(general_arena());
  for (size_t n = 0; n < phones.size() + pools.size(); ++n) {
    const cli::Mac& mac = mac_of(n);
    const uint32_t key = key_hash(mac.bytes);
    const uint32_t owner = mac.empty() ? HashIndex::kNone : seen.find(key, [&](uint32_t i) { return mac_of(i) == mac; });
    if (owner == HashIndex::kNone) {
      if (!seen.add(key)) return "No memory to compare the phones";
      continue;
    }
    const bool pool = owner >= phones.size();
    char line[100];
    FixedWriter w(line);
    w.put("mac-address already in use by ").put(pool ? "voice register pool " : "ephone ");
    w.dec(pool ? pools[owner - phones.size()].tag : phones[owner].tag);
    refusal_ = w.view();
    return refusal_.c_str();
  }
  return nullptr;
}

Status TelephonyService::start() {
  trustpoints_ = env_.services.find<Trustpoints>();
  trust_list_ = env_.services.find<TrustList>();
  trust_roles_ = env_.services.find<TrustRoles>();
  publisher_ = env_.services.find<Publisher>();
  if (trustpoints_ == nullptr || trust_list_ == nullptr || publisher_ == nullptr)
    return Fault{Code::missing, "telephony-service needs crypto-pki, ctl-client and file-service", 0};
  builder_ = std::make_unique<CnfBuilder>(env_, *this, *trustpoints_, *publisher_);
  cfg_files_ = std::make_unique<CfgFiles>(env_, *trustpoints_, *publisher_);
  links_ = std::make_unique<PhoneLinks>(env_, *this, *publisher_);
  plain_ = std::make_unique<PlainPort>(env_, static_cast<SignallingOwner&>(*links_));
  TRY(plain_->start());
  if (PeerTrust* peers = env_.services.find<PeerTrust>()) {
    signalling_ = std::make_unique<SignallingPort>(env_, static_cast<SignallingOwner&>(*links_), *trustpoints_, *peers);
    TRY(signalling_->start());
  }
  trustpoints_->subscribe(*this);
  trust_list_->subscribe(*this);
  if (trust_roles_ != nullptr) trust_roles_->subscribe(*this);
  had_ctl_ = trust_list_->ctl_exists();
  return {};
}

void TelephonyService::stop() {
  if (builder_ == nullptr) return;
  builder_ = nullptr;
  cfg_files_ = nullptr;
  signalling_ = nullptr;
  plain_ = nullptr;
  links_ = nullptr;
  if (trust_roles_ != nullptr) {
    trust_roles_->unsubscribe(*this);
    (void)trust_roles_->set_uses("telephony-service", {});
  }
  trust_list_->unsubscribe(*this);
  trustpoints_->unsubscribe(*this);
  wanted_ = stamp_wanted_ = false;
}

void TelephonyService::apply() {
  by_mac_old_ = true;
  if (PasswordPolicy* policy = env_.services.find<PasswordPolicy>()) {
    policy->set_encrypt_password(config_.telephony.encrypt_password);
  }
  if (builder_ == nullptr) return;
  const Telephony& t = config_.telephony;
  trust_list_->set_secure(!t.server_mode_set || t.server_mode == ServerMode::secure);
  trust_list_->set_digest(t.cnf_digest == Digest::sha1 ? Hash::sha1 : Hash::sha512);
  tell_phones();
  tell_uses();
  if (t.id == 0) wanted_ = false;
  show_credentials();
  links_->phones_changed();
  rebuild();
  for (PhoneBook::Listener* l : book_listeners_) l->phones_changed();
}

// What phones meet: the trustpoints in use, which may be former ones while some phones do not know the next.
void TelephonyService::show_credentials() {
  publisher_->set_credentials(config_.telephony.id == 0 ? std::string_view() : file_signer());
  set_up_signalling();
  cfg_files_->set(config_.telephony, file_signer());
}

std::string_view TelephonyService::in_use(TrustRole role, std::string_view configured) const {
  return trust_roles_ == nullptr ? configured : trust_roles_->in_use("telephony-service", role, configured);
}

std::string_view TelephonyService::file_signer() const { return in_use(TrustRole::tftp, config_.telephony.tftp_credentials); }

void TelephonyService::credentials_changed() {
  if (builder_ == nullptr) return;
  show_credentials();
  rebuild();
}

void TelephonyService::set_up_signalling() {
  const Telephony& t = config_.telephony;
  if (plain_ != nullptr) plain_->configure({t.id == 0 ? 0 : uint32_t{t.source}, t.port});
  if (signalling_ == nullptr) return;
  SignallingSettings s;
  if (t.id != 0) s.trustpoint = in_use(TrustRole::ccm, t.secure_signaling);
  s.ip = t.source;
  s.legacy = t.tls_minimum == TlsMinimum::v1_0;
  s.lsc_issuer = notes_.server().issuer;
  signalling_->configure(s);
}

void TelephonyService::rebuild() {
  if (builder_ != nullptr && (wanted() || builder_->files() != 0)) builder_->request(kSettle);
}

// Lists for single phones appear together with the phones.
void TelephonyService::tell_phones() {
  List<PhoneMac> macs(general_arena());
  for (const Ephone& phone : config_.phones) {
    if (phone.mac.empty()) continue;
    PhoneMac mac;
    std::copy_n(phone.mac.bytes, sizeof mac.bytes, mac.bytes);
    if (!macs.push(mac)) break;
  }
  for (const RegisterPool& pool : config_.register_pools) {
    if (pool.mac.empty()) continue;
    PhoneMac mac;
    std::copy_n(pool.mac.bytes, sizeof mac.bytes, mac.bytes);
    if (!macs.push(mac)) break;
  }
  trust_list_->set_phones({macs.begin(), macs.size()});
}

// The certificates that phones meet here: behind signed files and on the secure signalling port.
void TelephonyService::tell_uses() {
  if (trust_roles_ == nullptr) return;
  const Telephony& t = config_.telephony;
  TrustUse uses[2];
  size_t n = 0;
  const auto use = [&](std::string_view trustpoint, TrustRole role) {
    if (t.id == 0 || trustpoint.empty()) return;
    uses[n].trustpoint = trustpoint;
    uses[n].role = role;
    uses[n++].ip = t.source;
  };
  use(t.tftp_credentials, TrustRole::tftp);
  use(t.secure_signaling, TrustRole::ccm);
  if (n > 0 && uses[n - 1].role == TrustRole::ccm && signalling_ != nullptr) uses[n - 1].port = signalling_->port();
  (void)trust_roles_->set_uses("telephony-service", {uses, n});
}

void TelephonyService::tvs_of(uint32_t& ip, uint16_t& port) const {
  const TrustUse* tvs = trust_roles_ == nullptr ? nullptr : trust_roles_->use_of(TrustRole::tvs);
  ip = tvs == nullptr ? 0 : tvs->ip;
  port = tvs == nullptr || tvs->port == nullptr ? uint16_t{0} : tvs->port->settings().at.port;
}

void TelephonyService::trust_roles_changed() {
  uint32_t ip = 0;
  uint16_t port = 0;
  tvs_of(ip, port);
  if (ip == tvs_ip_ && port == tvs_port_) return;
  tvs_ip_ = ip;
  tvs_port_ = port;
  rebuild();
}

bool TelephonyService::ctl_exists() const { return trust_list_ != nullptr && trust_list_->ctl_exists(); }

bool TelephonyService::server_secure() const {
  const Telephony& t = config_.telephony;
  return ctl_exists() && (!t.server_mode_set || t.server_mode == ServerMode::secure);
}

uint64_t TelephonyService::create_files(Task& waiter) {
  wanted_ = stamp_wanted_ = true;
  builder_->wait(waiter);
  return builder_->request_now();
}

void TelephonyService::files_made(bool changed) {
  links_->files_made(builder_->begun());
  if (changed) {
    env_.log(kFilesMade, builder_->files(), builder_->signatures());
    warn_of_secrets();
  }
  if (!changed && !stamp_wanted_) return;
  stamp_wanted_ = false;
  char line[80];
  FixedWriter w(line);
  w.put("create cnf-files version-stamp ").put(stamp_of(env_.clock.wall()));
  (void)env_.cli.configure("telephony-service", w.view());
}

void TelephonyService::warn_of_secrets() {
  const Telephony& t = config_.telephony;
  bool readable = false;
  for (const Ephone& phone : config_.phones) readable = readable || (!phone.mac.empty() && !encrypted_file(config_, phone));
  for (const RegisterPool& pool : config_.register_pools) {
    if (sip_warned_ || pool.mac.empty() || pool.password.set == 0) continue;
    sip_warned_ = true;
    env_.log(pool.password.type == 0 ? kClearSip : kUnreadableSip, pool.tag);
  }
  if (warned_ || t.ssh_password.set == 0 || !readable) return;
  warned_ = true;
  env_.log(t.ssh_password.type == 0 ? kClearSecret : kUnreadableSecret);
}

// The first list switches to secure mode (commands.md 10); a list that is gone takes the setting back.
void TelephonyService::ctl_changed() {
  const bool now = ctl_exists();
  if (now && !had_ctl_ && config_.telephony.id != 0) (void)env_.cli.configure("telephony-service", "server-security-mode secure");
  if (!now && had_ctl_ && config_.telephony.server_mode_set) (void)env_.cli.configure("telephony-service", "no server-security-mode");
  had_ctl_ = now;
  if (wanted()) builder_->request(Millis(1));
}

void TelephonyService::trustpoints_changed(std::string_view label) {
  if (signalling_ != nullptr) signalling_->trustpoints_changed(label);
  if (label != file_signer()) return;
  cfg_files_->set(config_.telephony, file_signer());
  if (wanted()) builder_->request(kSettle);
}

void TelephonyService::erase_ctl() { trust_list_->erase(); }

namespace {

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<TelephonyService>(env); }

constexpr const char* kNeeds[] = {Trustpoints::kService, TrustList::kService, Publisher::kService};
constexpr const char* kProvides[] = {PhoneBook::kService};

}  // namespace

extern const cli::Row kExec[26];

}  // namespace parley::telephony_service

namespace parley {

extern const Module kTelephonyService;
const Module kTelephonyService{
    .name = "telephony-service",
    .summary = "Phones, directory numbers and phone files",
    .needs = telephony_service::kNeeds,
    .provides = telephony_service::kProvides,
    .sections = telephony_service::kSections,
    .exec = telephony_service::kExec,
    .messages = telephony_service::kMessages,
    .create = telephony_service::create,
    .glossary = telephony_service::kGloss,
};

}  // namespace parley
