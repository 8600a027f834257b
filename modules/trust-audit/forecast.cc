// When the certificates of phones and their router end, what stops then, and how each is renewed.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-audit/forecast.h"

#include <algorithm>

#include "modules/crypto-pki/certificate.h"
#include "modules/module.h"
#include "modules/telephony-service/phone_book.h"
#include "modules/telephony-service/phone_policy.h"
#include "platform/crypto/engine.h"

namespace parley::trust_audit {
namespace {

struct Collector {
  Forecast& list;
  const Trustpoints& trustpoints;
  Status status;
};
constexpr size_t kPhonesPerStep = 16;

Status add(Forecast& list, Ending::Kind kind, std::string_view owner, Bytes der, const TrustRole* role) {
  const auto c = crypto_pki::parse_certificate(der);
  if (!c) return {};
  const Digest d = hash(Hash::sha256, der);
  Ending* e = std::find_if(list.begin(), list.end(), [&](const Ending& known) { return equal_bytes(known.sha256, d.view()); });
  if (e == list.end()) {
    Ending fresh;
    fresh.kind = kind;
    fresh.owner = owner.substr(0, Text<127>::kCapacity);
    std::copy_n(d.data, sizeof fresh.sha256, fresh.sha256);
    fresh.not_after = c->not_after;
    TRY(list.push(fresh));
    e = &list[list.size() - 1];
  }
  const bool known = role == nullptr || std::find(e->roles, e->roles + e->role_count, *role) != e->roles + e->role_count;
  if (!known && e->role_count < std::size(e->roles)) e->roles[e->role_count++] = *role;
  return {};
}

void add_trusted(void* context, const TrustRoles::Trusted& t) {
  auto& c = *static_cast<Collector*>(context);
  if (!c.status) return;
  c.status = add(c.list, t.listed ? Ending::Kind::listed : Ending::Kind::service, t.source, t.certificate, &t.role);
  if (t.listed) return;
  const auto found = c.trustpoints.view(t.source);
  if (!found) return;
  for (const Bytes& ca : found->ca)
    if (c.status && !equal_bytes(ca, t.certificate)) c.status = add(c.list, Ending::Kind::authority, t.source, ca, nullptr);
}

const char* kind_text(Ending::Kind k) {
  switch (k) {
    case Ending::Kind::service: return "trustpoint ";
    case Ending::Kind::listed: return "record of the CTL file ";
    case Ending::Kind::authority: return "CA of trustpoint ";
    case Ending::Kind::lsc: return "LSC of ";
    case Ending::Kind::mic: return "MIC of ";
  }
  return "";
}

const char* role_text(TrustRole role) {
  switch (role) {
    case TrustRole::sast: return "signer";
    case TrustRole::ccm: return "CCM";
    case TrustRole::ccm_tftp: return "CCM+TFTP";
    case TrustRole::tftp: return "TFTP";
    case TrustRole::capf: return "CAPF";
    case TrustRole::app_server: return "application server";
    case TrustRole::tvs: return "TVS";
  }
  return "";
}

const char* plan(const Ending& e) {
  switch (e.kind) {
    case Ending::Kind::service: return "'crypto pki enroll' of the trustpoint, or 'auto-enroll' in it; phones are waited for (show ctl-client rotation)";
    case Ending::Kind::listed: return "the list is made anew without it; that of another server: its own renewal, or 'import certificate'";
    case Ending::Kind::authority: return "'auto-rollover' in the certificate server, or the next CA certificate by 'auto-enroll'";
    case Ending::Kind::lsc: return "by itself at a boot of the phone ('cert-oper renew' of capf-server), or by 'cert-oper upgrade' of the ephone";
    case Ending::Kind::mic: return "an LSC instead: 'cert-oper upgrade' of the ephone";
  }
  return "";
}

}  // namespace

const char* what_stops(const Ending& e, size_t role) {
  switch (e.kind) {
    case Ending::Kind::authority: return "certificates that it issued are not accepted any more, nothing is issued";
    case Ending::Kind::lsc:
    case Ending::Kind::mic: return "the phone does not register securely, and cannot prove itself to CAPF with it";
    case Ending::Kind::service:
    case Ending::Kind::listed: break;
  }
  switch (role < e.role_count ? e.roles[role] : TrustRole::sast) {
    case TrustRole::sast: return "no CTL or ITL file is signed with it";
    case TrustRole::ccm: return "secure signalling on 2443";
    case TrustRole::ccm_tftp: return "secure signalling on 2443, and phone files are not signed any more";
    case TrustRole::tftp: return "phone files are not signed any more: phones keep their last configuration";
    case TrustRole::capf: return "phones get no certificates";
    case TrustRole::app_server: return "HTTPS services of phones";
    case TrustRole::tvs: return "phones cannot ask for unknown certificates";
  }
  return "";
}

Status ForecastWalk::begin() {
  const auto* book = services_.find<PhoneBook>();
  const auto* trustpoints = services_.find<Trustpoints>();
  const auto* roles = services_.find<TrustRoles>();
  if (book == nullptr || trustpoints == nullptr || roles == nullptr) return Fault{Code::missing, "the services of phones are not in this image", 0};
  Collector c{list_, *trustpoints, {}};
  roles->each_trusted(add_trusted, &c);
  book->each_phone([](void* context, const PhoneEntry& phone) {
    (void)static_cast<List<Phone>*>(context)->push(Phone{phone.tag, phone.device});
  }, &phones_);
  return c.status;
}

bool ForecastWalk::step() {
  if (!begun_) status_ = begin();
  begun_ = true;
  const auto* book = services_.find<PhoneBook>();
  for (size_t i = 0; i < kPhonesPerStep && status_ && next_ < phones_.size(); ++i, ++next_) {
    const Phone& p = phones_[next_];
    PhoneTrust trust;
    if (!book->trust_of(p.tag, trust) || trust.certificate.empty()) continue;
    const auto name = telephony_service::phone_of_certificate(trust.certificate.view());
    status_ = add(list_, name && name->mic ? Ending::Kind::mic : Ending::Kind::lsc, p.device, trust.certificate.view(), nullptr);
  }
  return status_ && next_ < phones_.size();
}

Forecast& ForecastWalk::sorted() {
  std::sort(list_.begin(), list_.end(), [](const Ending& a, const Ending& b) { return a.not_after < b.not_after; });
  return list_;
}

void print_forecast(Writer& out, const Forecast& endings, UnixTime now) {
  constexpr UnixTime kDay = 86400;
  out.put("\nCertificates in the order of their end\n");
  for (const Ending& e : endings) {
    const Calendar t = to_calendar(e.not_after);
    out.put('\n').put(kind_text(e.kind)).put(e.owner);
    for (size_t i = 0; i < e.role_count; ++i) out.put(i == 0 ? " (" : ", ").put(role_text(e.roles[i]));
    out.put(e.role_count != 0 ? ")" : "").put("\n    Ends: ");
    out.dec(t.hour, 2, '0').put(':').dec(t.minute, 2, '0').put(':').dec(t.second, 2, '0').put(" UTC ");
    out.put(month_name(t.month)).put(' ').dec(t.day).put(' ').dec(t.year);
    if (e.not_after < now) out.put(", has ended\n");
    else out.put(", in ").dec((e.not_after - now) / kDay).put(" days\n");
    for (size_t i = 0; i < std::max<size_t>(e.role_count, 1); ++i) out.put("    Stops: ").put(what_stops(e, i)).put('\n');
    out.put("    Plan: ").put(plan(e)).put('\n');
  }
  if (endings.empty()) out.put("None\n");
}

}  // namespace parley::trust_audit
