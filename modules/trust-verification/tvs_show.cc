// show trust-verification; debug trust-verification.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/row.h"
#include "modules/crypto-pki/certificate.h"
#include "modules/trust-verification/tvs_service.h"
#include "platform/log/debug_subjects.h"

namespace parley::trust_verification {
namespace {

const char* role_name(uint8_t role) {
  switch (static_cast<TrustRole>(role)) {
    case TrustRole::sast: return "SAST";
    case TrustRole::ccm: return "CCM";
    case TrustRole::ccm_tftp: return "CCM+TFTP";
    case TrustRole::tftp: return "TFTP";
    case TrustRole::capf: return "CAPF";
    case TrustRole::app_server: return "APP-SERVER";
    case TrustRole::tvs: return "TVS";
  }
  return "?";
}

void put_date(Writer& out, UnixTime t) {
  const Calendar c = to_calendar(t);
  out.dec(c.year, 4, '0').put('-').dec(c.month, 2, '0').put('-').dec(c.day, 2, '0');
}

void show_entry(Writer& out, const TrustEntry& e) {
  const auto c = crypto_pki::parse_certificate(e.certificate.view());
  if (!c) return;
  char roles[96];
  FixedWriter r(roles);
  for (size_t i = 0; i < e.role_count; ++i) r.put(i == 0 ? "" : " ").put(role_name(e.roles[i]));
  out.put("  Subject: ");
  (void)crypto_pki::print_name(c->subject, crypto_pki::NameStyle::ios, out);
  out.put("\n    Issuer: ");
  (void)crypto_pki::print_name(c->issuer, crypto_pki::NameStyle::ios, out);
  out.put("\n    Serial: ");
  crypto_pki::print_serial(c->serial, out);
  out.put("  Roles: ").put(r.view()).put("  Source: ").put(e.source).put("  Expires: ");
  put_date(out, e.not_after);
  if (e.replaced != 0) {
    out.put("  Replaced, kept until: ");
    put_date(out, e.replaced + kKeepReplaced.count());
  }
  out.put('\n');
}

struct Debug {
  uint8_t what = 0;   // all, error, events
};
constexpr DebugSubject kSubjects[] = {{"trust-verification error", "Trust verification errors"},
                                      {"trust-verification events", "Trust verification events"}};
void set_debug(cli::Call& call, const Debug& a, bool on) {
  switch_debug(call.module<TvsService>().log(), all_or_one(kSubjects, a.what), on, call.out());
}
void debug_on(cli::Call& call, const Debug& a) { set_debug(call, a, true); }
void debug_off(cli::Call& call, const Debug& a) { set_debug(call, a, false); }
void show_tvs(cli::Call& call) { call.module<TvsService>().show(call.out()); }

}  // namespace

void TvsService::show(Writer& out) const {
  const Tvs& c = config_.tvs;
  out.put("Trust Verification Service\n");
  const char* state = c.id == 0 ? "not configured" : port_ == nullptr || !port_->settings().on ? "no trustpoint"
                      : port_->listening() ? "listening" : port_->trouble() ? "starting" : port_->trouble().error().what;
  out.put("  State: ").put(state).put("\n  Address: ").ipv4(address());
  out.put("\n  Port: ").dec(c.port).put("\n  Trustpoint: ").put(c.trustpoint);
  out.put("\n  TTL: ").dec(c.ttl_min).put(" minutes\n  Oldest TLS version: ");
  out.put(c.tls_minimum == TlsMinimum::v1_0 ? "1.0" : "1.2");
  out.put("\n  Sessions: ").dec(static_cast<int64_t>(port_ == nullptr ? 0 : port_->size()));
  out.put("\n  Answers: ").dec(static_cast<int64_t>(counters_.valid)).put(" valid, ");
  out.dec(static_cast<int64_t>(counters_.invalid)).put(" invalid, ").dec(static_cast<int64_t>(counters_.refused)).put(" refused");
  if (port_ != nullptr) {
    const SecureCounters& n = port_->counters();
    out.put("\n  Connections: ").dec(static_cast<int64_t>(n.accepted)).put(" accepted, ");
    out.dec(static_cast<int64_t>(n.refused_full)).put(" refused (no room), ");
    out.dec(static_cast<int64_t>(n.refused_address)).put(" refused (too many from one address)");
  }
  out.put("\n\nTrusted certificates: ").dec(static_cast<int64_t>(table_.size())).put('\n');
  for (size_t i = 0; i < table_.size(); ++i) show_entry(out, table_[i]);
}

extern const cli::Row kExec[3];
constexpr cli::Row kExec[3] = {
    cli::action<show_tvs>("show trust-verification", "Trust verification service and its table"),
    cli::privilege(15, cli::action<debug_on>("debug trust-verification {all|error|events}", "Trust verification service",
                                             &Debug::what)),
    cli::privilege(15, cli::action<debug_off>("undebug trust-verification {all|error|events}", "Trust verification service",
                                              &Debug::what)),
};

}  // namespace parley::trust_verification
