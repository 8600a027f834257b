// One phone: its certificate, services, signalling.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/phone_jobs.h"

namespace parley::test_phone {
namespace {

constexpr Millis kPause{1'000};            // between looks at the file after a CAPF session
constexpr unsigned kMostPauses = 20;
constexpr uint16_t kSecureSccp = 2443;
constexpr std::string_view kNoCalls = "Call control not present";

Text<32> md5_hex(Bytes der) {
  const Digest d = hash(Hash::md5, der);
  char hex[32];
  FixedWriter w(hex);
  w.hex_bytes(d.data, d.size, false);
  return Text<32>(w.view());
}

}  // namespace

// certHash is that of the LSC, else of the MIC (trust-files.md 4.2).
bool Phone::own_certificate_matches() const {
  const Bytes own = flash_.lsc.empty() ? plan_.mic.view() : flash_.lsc.view();
  return !own.empty() && equal_nocase(trim(settings_.certificate_hash.view()), md5_hex(own).view());
}

// ---- CAPF

bool Phone::wants_capf() const {
  if (settings_.capf.ip == 0) return false;
  if (plan_.trial) return true;
  return settings_.capf_mode != 0 || (!settings_.full && !own_certificate_matches());
}

void Phone::after_file() {
  if (!capf_told_) {
    if (wants_capf()) return begin_capf();
    tell(Step::capf, {}, settings_.capf.ip == 0 ? "no CAPF server in the phone's file" : "no session wanted");
    return after_capf();
  }
  // The router takes a moment to make the file that follows from the session.
  const bool follows = settings_.full ? settings_.capf_mode == 0 || capf_.outcome() == CapfTalk::Outcome::nothing
                                      : own_certificate_matches();
  if (follows || ++pauses_ > kMostPauses) return after_capf();
  pause_.start(kPause);
  at_ = At::pause;
}

void Phone::begin_capf() {
  const bool needs_user = settings_.capf_mode == 1 && plan_.auth_string.empty();
  if (needs_user) {
    tell(Step::capf, Fault{Code::denied, "the phone waits for the authentication string of its user", 0});
    return after_capf();
  }
  const bool look_only = plan_.trial && settings_.capf_mode != 1 && settings_.capf_mode != 2;
  at_ = At::capf;
  if (const Status s = capf_.open(settings_, look_only); !s) capf_ended(s);
}

void Phone::capf_ended(const Status& result) {
  if (!result && result.error().code == Code::untrusted && ask_tvs(link_.unknown(), role::kCapf, At::capf)) return;
  capf_.cancel();
  if (!result) {
    tell(Step::capf, result);
    return after_capf();
  }
  using Outcome = CapfTalk::Outcome;
  const Outcome outcome = capf_.outcome();
  constexpr const char* kNotes[] = {"nothing was scheduled", "certificate stored", "certificate handed in", "certificate deleted",
                                    "proof and key accepted", "server is the right one"};
  tell(Step::capf, {}, kNotes[static_cast<size_t>(outcome)]);
  const bool again = outcome == Outcome::stored || outcome == Outcome::handed_in || outcome == Outcome::deleted;
  if (!again) return after_capf();
  capf_told_ = true;
  pause_.start(kPause);
  at_ = At::pause;
}

void Phone::after_capf() {
  if (settings_.full && !settings_.encrypted) {
    if (!plan_.trial) return begin(At::tvs);
    tell(Step::encrypted, {}, "not configured");
    return begin(At::tvs);
  }
  if (plan_.trial ? settings_.certificate_hash.empty() : !own_certificate_matches()) {
    tell(Step::encrypted, plan_.trial || settings_.certificate_hash.empty()
                              ? Fault{Code::missing, "the router knows no certificate of this phone", 0}
                              : Fault{Code::untrusted, "the router has another certificate of this phone", 0});
    return begin(At::tvs);
  }
  char name[64];
  FixedWriter w(name);
  w.put(plan_.device).put(".cnf.xml.enc.sgn");
  at_ = At::fetch_encrypted;
  if (const Status s = fetch_.start(plan_, w.view()); !s) {
    tell(Step::encrypted, s);
    begin(At::tvs);
  }
}

// ---- TVS: asked about the certificate that the call manager will show

void Phone::begin_tvs() {
  if (plan_.old) return begin(At::services);
  const Endpoint server = tvs_server();
  if (server.ip == 0) {
    if (plan_.trial) tell(Step::tvs, {}, "not configured");
    return begin(At::services);
  }
  constexpr uint16_t kCallManager[] = {role::kCcm, role::kCcmTftp}, kFiles[] = {role::kTftp};
  List<Blob> known(general_arena());
  uint16_t wanted = role::kCcm;
  Status s = trusted_for(kCallManager, flash_.trust, known);
  if (s && known.empty()) {
    wanted = role::kTftp;
    s = trusted_for(kFiles, flash_.trust, known);
  }
  if (s && known.empty()) s = Fault{Code::missing, "the phone's lists name no server to ask about", 0};
  if (s) s = tvs_.open(server, known[0].view(), wanted);
  if (s) return;
  tell(Step::tvs, s);
  begin(At::services);
}

// ---- phone services by HTTPS: is it the right server?

void Phone::begin_services() {
  if (settings_.service_url.empty()) return begin(At::signalling);
  LinkPlan link;
  Status s;
  if (!https_endpoint(settings_.service_url, link.to)) s = Fault{Code::unsupported, "the service URL holds a name; the phone has no DNS", 0};
  link.roles[0] = role::kAppServer;
  link.old = plan_.old;
  link.offer = plan_.old ? TlsOffer::tls1_0 : TlsOffer::by_profile;
  at_ = At::services;
  if (s) s = link_.open(plan_, flash_, link);
  if (!s) services_ended(s);
}

void Phone::services_ended(const Status& result) {
  if (!result && result.error().code == Code::untrusted && ask_tvs(link_.unknown(), role::kAppServer, At::services)) return;
  tell(Step::services, result);
  link_.close();
  begin(At::signalling);
}

// ---- signalling

void Phone::begin_signalling() {
  at_ = At::signalling;
  Status s;
  if (plan_.trial && !settings_.full) {    // only the real phone can read its mode and server: those of the list
    settings_.call_manager = {listed_server({role::kCcm, role::kCcmTftp}), kSecureSccp};
    settings_.security_mode = lists_role(role::kCcm, flash_.trust) || lists_role(role::kCcmTftp, flash_.trust) ? 3 : 1;
  }
  if (!settings_.full && !plan_.trial) {     // its mode and servers stand in the whole file only
    tell(Step::signalling, Fault{Code::missing, "the phone could not open its whole file", 0});
    return stop();
  }
  const bool plain = settings_.security_mode < 2;
  if (plain && !settings_.full) {
    tell(Step::signalling, {}, "device-security-mode is none");
    return stop();
  }
  if (settings_.call_manager.ip == 0) s = Fault{Code::missing, "the phone's file names no call manager", 0};
  else if (!plain && flash_.lsc.empty() && plan_.mic.empty()) s = Fault{Code::missing, "the phone has no certificate", 0};
  else s = register_.open(settings_.call_manager, settings_.security_mode, plan_.stays);
  if (!s) signalling_ended(s);
}

void Phone::signalling_ended(const Status& result) {
  if (!result && result.error().code == Code::untrusted && ask_tvs(link_.unknown(), role::kCcm, At::signalling)) return;
  if (!result) tell(Step::signalling, result);
  else if (register_.accepted()) tell(Step::signalling, {}, "registered");
  else if (register_.text() == kNoCalls) tell(Step::signalling, {}, register_.text());
  else tell(Step::signalling, Fault{Code::denied, "the call manager refused the register", 0}, register_.text());
  if (!result || !plan_.stays) return stop();
  at_ = At::staying;
}

void Phone::ordered(const Status& result) {
  if (!result) {
    tell(Step::signalling, {}, "the call manager hung up");
    return stop();
  }
  const bool reset = register_.order() == RegisterTalk::Order::reset;
  tell(Step::signalling, {}, reset ? "reset by the call manager" : "restarted by the call manager");
  if (reset) boot();
  else begin(At::signalling);
}

}  // namespace parley::test_phone
