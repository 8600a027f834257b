// The module crypto-pki: configuration to trustpoints, servers and enrolments, and back.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Parts: TrustStore keeps certificates, Authority is a certificate server, ScepHandler answers SCEP for all servers, Enrolment
// is one SCEP client. Keys live in platform/crypto. Commands are dialogues (pki_*_dialogue.cc); rows stand in pki_commands.cc
// and pki_*_config.cc.
//
// Boot: startup-config is bound; start() reads nvram:pki/ (received certificates that nobody saved yet); apply() brings both
// together and starts the servers that were enabled. While the clock is not valid nothing is issued or asked for; servers
// start by themselves when it is set.
#include "modules/crypto-pki/crypto_pki.h"

#include <algorithm>

#include "cli/engine.h"
#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/system/password_codec.h"
#include "platform/tls/legacy.h"

namespace parley::crypto_pki {
namespace {

Hash hash_of(HashChoice c) { return c == HashChoice::md5 ? Hash::sha256 : static_cast<Hash>(c); }

Granting granting_of(const CaServer& s) {
  if (!s.grant_set) return Granting::manual;
  switch (s.grant) {
    case Grant::automatic: return s.grant_rollover == 0 ? Granting::automatic : Granting::manual;
    case Grant::none: return Granting::none;
    case Grant::ra_only: return Granting::ra_only;
  }
  return Granting::manual;
}

template <class T, class Label>
const T* find_label(const cli::Table<T>& table, Label label) {
  for (const T& t : table) {
    if (t.label.view() == label) return &t;
  }
  return nullptr;
}

}  // namespace

Pki::Pki(Env& env)
    : env_(env),
      context_{env.scheduler, env.jobs, env.clock, env.net, env.keys, env.store, env.log, env.random},
      store_(context_, *this),
      peers_(context_, store_, *this, config_),
      https_(context_, store_, peers_, env.tls, env.cli),
      renewals_(*this),
      next_authority_(*this),
      notices_(*this),
      scep_(context_, *this),
      ocsp_(context_, *this) {
  env.services.provide<Trustpoints>(&store_);
  env.services.provide<PeerTrust>(&peers_);
  env.services.provide<StartupNotices>(this);
  env.services.provide<PhoneIssuer>(&phones_);
}

Pki::~Pki() { stop(); }

// The server line stands before its trustpoint and its chain: when it was parsed, both were unknown.
void Pki::startup_loaded(Writer& out) {
  if (config_.servers.empty()) return;
  out.put("% Failed to find Certificate Server's trustpoint at startup\n");
  out.put("% Failed to find Certificate Server's cert.\n");
  for (const std::unique_ptr<Authority>& a : servers_) {
    if (!a->settings().stopped) a->start_again();
  }
}

Status Pki::start() {
  context_.http = env_.services.find<HttpRoutes>();
  context_.host = env_.services.find<HostFacts>();
  context_.legacy = env_.services.find<LegacyFence>();
  context_.interfaces = env_.services.find<Interfaces>();
  TRY(store_.load());
  trust_files_.start(env_.services);
  if (context_.http != nullptr) {
    context_.http->add(ScepHandler::kPath, scep_);
    context_.http->add(OcspHandler::kPath, ocsp_);
  }
  peers_.start();
  https_.start();
  started_ = true;
  return {};
}

void Pki::stop() {
  if (!started_) return;
  started_ = false;
  trust_files_.stop();
  if (context_.http != nullptr) {
    context_.http->remove(scep_);
    context_.http->remove(lists_);
    context_.http->remove(ocsp_);
  }
  renewals_.stop();
  next_authority_.stop();
  notices_.stop();
  enrolments_.clear();
  servers_.clear();
  https_.stop();
  peers_.stop();
  store_.stop();
}

void Pki::apply() {
  if (!started_) return;
  store_.begin_sync();
  for (const Trustpoint& t : config_.trustpoints) store_.sync_trustpoint(t.label, key_label(t));
  for (const Chain& chain : config_.chains) {
    for (const ChainCertificate& c : chain.certificates) {
      store_.sync_certificate(chain.label, static_cast<ChainKind>(c.kind), c.serial, c.der.view());
    }
  }
  store_.end_sync();
  phones_.set_notice({config_.notice_days, config_.notice_repeat_days});
  peers_.settings_changed();
  for (size_t i = enrolments_.size(); i-- > 0;) {
    if (trustpoint_record(enrolments_[i]->settings().label) == nullptr) enrolments_.remove(i);
  }
  apply_servers();
  offer_legacy();
  renewals_.look_again();
  next_authority_.look_again();
  notices_.look_again();
}

// `show crypto legacy` names the listener while one server answers weak dialects.
void Pki::offer_legacy() {
  if (context_.legacy == nullptr || context_.http == nullptr) return;
  WeakDialect weakest = WeakDialect::none;
  for (const std::unique_ptr<Authority>& a : servers_) weakest = std::max(weakest, a->settings().weak);
  const uint16_t port = context_.http->http_port();
  if (weakest == WeakDialect::none) return context_.legacy->withdraw(port);
  context_.legacy->offer(port, weakest == WeakDialect::des ? "scep-legacy des" : "scep-legacy 3des");
}

void Pki::apply_servers() {
  bool others = false;
  for (size_t i = servers_.size(); i-- > 0;) {
    if (server_record(servers_[i]->settings().label) != nullptr) continue;
    servers_[i]->stop();
    servers_.remove(i);
    others = true;
  }
  for (const CaServer& s : config_.servers) {
    Authority* a = server(s.label);
    if (a == nullptr) {
      if (!servers_.push(std::make_unique<Authority>(context_, store_, s.label))) continue;
      a = servers_[servers_.size() - 1].get();
      others = true;
    }
    const Granting before = a->settings().granting;
    a->configure(server_settings(s));
    if (a->settings().granting == Granting::automatic && before != Granting::automatic) context_.log(kGrantAuto);
    const bool runs = a->state() == ServerState::enabled || a->state() == ServerState::starting;
    if (s.stopped && runs) a->stop();
  }
  if (others && context_.http != nullptr) lists_.listen(*context_.http);
}

const Trustpoint* Pki::trustpoint_record(std::string_view label) const { return find_label(config_.trustpoints, label); }
const CaServer* Pki::server_record(std::string_view label) const { return find_label(config_.servers, label); }

Authority* Pki::server(std::string_view label) {
  for (const std::unique_ptr<Authority>& a : servers_) {
    if (a->settings().label.view() == label) return a.get();
  }
  return nullptr;
}

KeyLabel Pki::key_label(const Trustpoint& t) const {
  if (!t.key.empty()) return KeyLabel(t.key.view());
  if (!t.ec_key.empty()) return KeyLabel(t.ec_key.view());
  return KeyLabel(context_.fqdn().view().substr(0, KeyLabel::kCapacity));
}

ServerSettings Pki::server_settings(const CaServer& s) const {
  ServerSettings out;
  out.label = s.label;
  const Trustpoint* t = trustpoint_record(s.label);   // 000:537: its key is the CA's key
  out.key = t != nullptr && !t->key.empty() ? key_label(*t) : KeyLabel(s.label.view());
  if (t != nullptr && t->key_bits >= 1024) out.key_bits = t->key_bits;
  out.database.level = static_cast<Level>(s.level);
  out.database.label = s.label;
  if (is_local_place(s.url) || is_remote_place(s.url)) out.database.folder = place_from_url(s.url);
  for (const DatabaseUrl& u : s.urls) {
    if (!is_local_place(u.url) && !is_remote_place(u.url)) continue;
    (u.publish ? out.database.publish : out.database.place)[static_cast<size_t>(u.file)] = place_from_url(u.url);
  }
  uint64_t first = 0;
  if (!s.first_serial.empty() && parse_hex_number(s.first_serial, first)) out.first_serial = first;
  out.issuer = s.issuer;
  out.granting = granting_of(s);
  out.hash = hash_of(s.hash);
  out.lifetime = Seconds(s.lifetime_days * int64_t{86400} + s.lifetime_hours * 3600 + s.lifetime_minutes * 60);
  out.ca_lifetime_days = s.ca_lifetime_days;
  out.crl_lifetime_hours = s.crl_lifetime_hours;
  out.request_lifetime_hours = s.request_lifetime_hours;
  out.cdp_url = s.cdp_url;
  if (t != nullptr) out.ocsp_url = t->ocsp_url;
  if (s.mode_set) {
    out.mode = s.mode == CaMode::registration ? ServerMode::registration : ServerMode::subordinate;
    out.transparent = s.transparent;
    if (Result<TrustpointSettings> upper = trustpoint(s.label)) {
      out.upper = *upper;
      out.key = upper->key;
      out.key_bits = upper->key_bits;
    }
  }
  if (s.weak_scep_set) out.weak = s.weak_scep == WeakScep::des ? WeakDialect::des : WeakDialect::triple_des;
  out.archived = s.archive_set;
  out.archive_pem = s.archive == Archive::pem;
  out.auto_rollover = s.auto_rollover;
  out.rollover_days = s.rollover_days;
  out.stopped = s.stopped;
  return out;
}

uint32_t Pki::address_of(const cli::Interface& interface) const {
  char text[48];
  FixedWriter w(text);
  cli::print_interface(w, interface);
  return context_.interfaces == nullptr ? 0 : context_.interfaces->address_of(w.view());
}

Result<TrustpointSettings> Pki::trustpoint(std::string_view label) const {
  const Trustpoint* t = trustpoint_record(label);
  if (t == nullptr) return Fault{Code::missing, "no such trustpoint", 0};
  TrustpointSettings s;
  s.label = t->label;
  switch (t->enrollment) {
    case Enrollment::url: s.by = starts_nocase(t->enrollment_url, "http") ? EnrolBy::scep : EnrolBy::file; break;
    case Enrollment::terminal: s.by = EnrolBy::terminal; break;
    case Enrollment::self_signed: s.by = EnrolBy::self_signed; break;
    case Enrollment::none:
    case Enrollment::profile: break;
  }
  s.pem = t->terminal_pem || t->url_pem;
  s.url = t->enrollment_url;
  s.registration = t->registration;
  s.subject = t->subject;
  s.fqdn = t->fqdn == 1 ? Ask::value : t->fqdn == 2 ? Ask::none : Ask::ask;
  s.fqdn_name = t->fqdn_name;
  s.serial = !t->serial_number ? Ask::ask : t->serial_none ? Ask::none : Ask::value;
  s.address = t->ip_address == 1 ? Ask::value : t->ip_address == 3 ? Ask::none : Ask::ask;
  s.ip = t->ip;
  if (t->ip_address == 2) {
    s.ip = address_of(t->ip_interface);
    if (s.ip != 0) s.address = Ask::value;
  }
  if (!t->source.empty()) {
    s.from_ip = address_of(t->source);
    s.source_down = s.from_ip == 0;
  }
  s.regenerate = t->regenerate || (t->auto_enroll && t->auto_regenerate);
  constexpr uint16_t kUsages[] = {0, ext_usage::kIpsecIke, ext_usage::kClientAuth, ext_usage::kServerAuth};
  s.ext_usage = kUsages[t->usage];
  if (t->password.set != 0) {
    s.has_password = true;
    system::PasswordText clear;
    if (t->password.type != 7) (void)s.password.set(t->password.text.view().substr(0, 63));
    else if (system::type7_decode(t->password.text, clear)) (void)s.password.set(clear.view().substr(0, 63));
  }
  for (const char c : t->fingerprint.view()) {
    if (hex_digit(c) < 0) continue;
    char text[65];
    FixedWriter w(text);
    w.put(s.fingerprint).put(ascii_upper(c));
    s.fingerprint = Text<64>(w.view().substr(0, 64));
  }
  s.alt_name = t->alt_name;
  s.hash = hash_of(t->hash);
  s.key = key_label(*t);
  s.configured_bits = t->key_bits;
  s.key_bits = t->key_bits == 0 ? 2048 : t->key_bits < 1024 ? 1024 : t->key_bits;
  s.encryption_bits = t->encryption_key_bits != 0 && t->encryption_key_bits < 1024 ? 1024 : t->encryption_key_bits;
  if (t->key.empty() && !t->ec_key.empty()) {
    s.key_type = KeyType::ec_p256;
    s.key_bits = 256;
    s.configured_bits = s.encryption_bits = 0;
  }
  s.retry_count = t->retry_count;
  s.retry_minutes = t->retry_minutes;
  return s;
}

Enrolment* Pki::enrolment(std::string_view label) {
  for (const std::unique_ptr<Enrolment>& e : enrolments_) {
    if (e->settings().label.view() == label) return e.get();
  }
  return nullptr;
}

Result<Enrolment*> Pki::new_enrolment(const TrustpointSettings& settings) {
  for (size_t i = enrolments_.size(); i-- > 0;) {
    if (enrolments_[i]->settings().label == settings.label || enrolments_[i]->ended()) enrolments_.remove(i);
  }
  TRY(enrolments_.push(std::make_unique<Enrolment>(context_, store_, settings)));
  return enrolments_[enrolments_.size() - 1].get();
}

void Pki::make_trustpoint(std::string_view label) {
  if (trustpoint_record(label) != nullptr) return;
  char mode[100], line[100];
  FixedWriter m(mode), l(line);
  m.put("crypto pki trustpoint ").put(label);
  l.put("rsakeypair ").put(label);
  (void)env_.cli.configure(m.view(), l.view());
}

void Pki::use_key(std::string_view label, const KeyLabel& key, KeyType type) {
  const Trustpoint* t = trustpoint_record(label);
  if (t != nullptr && key_label(*t) == key) return apply();
  char mode[100], line[100];
  FixedWriter m(mode), l(line);
  m.put("crypto pki trustpoint ").put(label);
  l.put(type == KeyType::rsa ? "rsakeypair " : "eckeypair ").put(key);
  (void)env_.cli.configure(m.view(), l.view());
}

// ---- running-config

namespace {

constexpr std::string_view kKindWords[] = {"", "ca ", "self-signed ", "rollover "};

void chain_mode(std::string_view label, Writer& out) { out.put("crypto pki certificate chain ").put(label); }

}  // namespace

Status Pki::put(std::string_view label, ChainKind kind, std::string_view serial, Bytes der) {
  char mode[110];
  FixedWriter m(mode);
  chain_mode(label, m);
  Blob lines;
  lines.put("certificate ").put(kKindWords[static_cast<size_t>(kind)]).put(serial).put('\n');
  for (size_t at = 0; at < der.size(); at += 32) {
    const Bytes part = der.subspan(at, der.size() - at < 32 ? der.size() - at : 32);
    lines.hex_bytes(part.data(), part.size()).put('\n');
  }
  lines.put("quit");
  if (!lines.ok()) return Fault{Code::full, "no memory for a certificate", 0};
  return env_.cli.configure(m.view(), lines.text());
}

Status Pki::drop(std::string_view label, ChainKind kind, std::string_view serial) {
  char mode[110], line[80];
  FixedWriter m(mode), l(line);
  chain_mode(label, m);
  l.put("no certificate ").put(kKindWords[static_cast<size_t>(kind)]).put(serial);
  return env_.cli.configure(m.view(), l.view());
}

Status Pki::drop_all(std::string_view label) {
  if (find_label(config_.chains, label) == nullptr) return {};
  char mode[110];
  FixedWriter m(mode);
  m.put("no ");
  chain_mode(label, m);
  return env_.cli.configure(m.view(), "");
}

namespace {

constexpr const char* kNeeds[] = {HttpRoutes::kService, Interfaces::kService};
constexpr const char* kProvides[] = {Trustpoints::kService, PeerTrust::kService, StartupNotices::kService, PhoneIssuer::kService};

}  // namespace
}  // namespace parley::crypto_pki

namespace parley {

constinit const Module kCryptoPki = {
    .name = "crypto-pki",
    .summary = "Keys, trustpoints, certificate authority, SCEP",
    .needs = crypto_pki::kNeeds,
    .provides = crypto_pki::kProvides,
    .sections = crypto_pki::kSections,
    .exec = crypto_pki::kExecRows,
    .messages = crypto_pki::kMessages,
    .create = [](Env& env) -> std::unique_ptr<Instance> { return std::make_unique<crypto_pki::Pki>(env); },
    .glossary = crypto_pki::kGloss,
};

}  // namespace parley
