// Judges the links of a phone's chain of trust.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-audit/audit_links.h"

namespace parley::trust_audit {
namespace {

Text<24> reset_text(uint16_t tag) {
  char text[24];
  FixedWriter w(text);
  w.put("ephone ").dec(tag).put(", reset");
  return Text<24>(w.view());
}

using telephony_service::DeviceMode;

constexpr const char* kNames[kLinks] = {
    "server address", "option 150", "clock", "file service", "CTL file", "CTL signature", "CTL signers", "ITL file", "ITL signature", "list in the phone",
    "file signer", "file signer in list", "phone file", "file signature", "file age", "device mode", "CAPF server", "CAPF in list",
    "issuing CA", "phone certificate", "certificate dates", "certificate trust", "certificate hash", "encrypted file",
    "encrypted signature", "TVS server", "TVS in list", "call control", "call control in list", "phone services",
};

class Judge {
 public:
  explicit Judge(const Facts& facts) : f(facts) {}
  Audit run() {
    base();
    lists();
    files();
    capf();
    certificate();
    encrypted();
    servers();
    return audit_;
  }

 private:
  Verdict& at(Link link) { return audit_.links[static_cast<size_t>(link)]; }
  bool is(Link link, State s) const { return audit_[link].state == s; }
  // Nothing after a broken (or unjudged) link can be blamed.
  bool bad(Link link) const { return is(link, State::broken) || is(link, State::behind); }
  void ok(Link link) { at(link).state = State::ok; }
  void behind(Link link) { at(link).state = State::behind; }
  void broken(Link link, std::string_view cause, std::string_view next) {
    Verdict& v = at(link);
    v.state = State::broken;
    (void)v.cause.set(cause);
    (void)v.next.set(next);
  }
  void judge(Link link, bool good, std::string_view cause, std::string_view next) {
    if (good) ok(link);
    else broken(link, cause, next);
  }
  // "trustpoint L: why"
  void broken_trustpoint(Link link, const ShownFacts& shown) {
    char cause[150], next[100];
    FixedWriter c(cause), n(next);
    c.put("trustpoint ").put(shown.trustpoint).put(": ").put(shown.usable.error().what);
    n.put("crypto pki enroll ").put(shown.trustpoint);
    broken(link, c.view(), n.view());
  }
  void port(Link link, const ShownFacts& shown, std::string_view missing, std::string_view next) {
    if (!shown.used) return broken(link, missing, next);
    if (!shown.usable) return clock_bad() ? behind(link) : broken_trustpoint(link, shown);
    if (shown.has_port && !shown.listening)
      return bad(Link::address) ? behind(link) : broken(link, shown.trouble ? "its port is closed" : shown.trouble.error().what, "show logging");
    ok(link);
  }
  void listed(Link link, Link server, const ShownFacts& shown, bool in_secure_list_only) {
    if (is(server, State::unused)) return;
    if (shown.listed) return ok(link);
    if (bad(server) || lists_bad() || (in_secure_list_only && (bad(Link::ctl) || bad(Link::device_mode)))) return behind(link);
    char cause[150];
    FixedWriter c(cause);
    c.put("no list names the certificate of trustpoint ").put(shown.trustpoint);
    broken(link, c.view(), f.ctl.file.empty() ? "show ctl-client" : "ctl-client, regenerate");
  }

  bool clock_bad() const { return bad(Link::clock); }
  bool lists_bad() const {
    const bool ctl = is(Link::ctl, State::ok) && is(Link::ctl_signature, State::ok);
    const bool itl = is(Link::itl, State::ok) && is(Link::itl_signature, State::ok);
    return !ctl && !itl;
  }
  bool secured() const { return f.phone.mode != DeviceMode::none; }
  bool trusts() const { return secured() || f.phone.encrypted || !f.ctl.file.empty() || f.files.used; }
  bool needs_certificate() const { return secured() || f.phone.encrypted || f.phone.session_wanted; }

  void base();
  void lists();
  void files();
  void capf();
  void certificate();
  void encrypted();
  void servers();

  const Facts& f;
  Audit audit_;
};

void Judge::base() {
  if (f.phone.ip == 0) broken(Link::address, "no source address is configured", "telephony-service, ip source-address A.B.C.D");
  else judge(Link::address, f.address_up, "no interface that is up has the source address", "show ip interface brief");
  (void)at(Link::option_150).cause.set("this router does not serve DHCP");
  judge(Link::clock, f.clock, "the clock is not set", "clock set hh:mm:ss day month year");
  if (f.tftp) return ok(Link::file_service);
  if (f.plain.empty()) behind(Link::file_service);   // it opens with the first file
  else broken(Link::file_service, "the TFTP port is closed", "show tftp-server");
}

void Judge::lists() {
  if (!f.ctl.file.empty()) ok(Link::ctl);
  else if (!secured()) at(Link::ctl).state = State::unused;
  else if (clock_bad()) behind(Link::ctl);
  else broken(Link::ctl, "there is no CTL file", "ctl-client, regenerate");
  if (is(Link::ctl, State::ok)) judge(Link::ctl_signature, f.ctl.verdict.has_value(), f.ctl.verdict ? "" : f.ctl.verdict.error().what, "ctl-client, regenerate");
  else if (is(Link::ctl, State::broken)) behind(Link::ctl_signature);
  if (is(Link::ctl, State::ok)) {
    size_t in_list = 0;
    std::string_view missing;
    for (size_t i = 0; i < f.signer_count; ++i) {
      if (f.signers[i].listed) ++in_list;
      else missing = f.signers[i].label;
    }
    char cause[150];
    FixedWriter c(cause);
    if (!missing.empty()) c.put("the CTL file does not name the certificate of trustpoint ").put(missing);
    else c.put("SAST1 and SAST2 are not both there: the loss of one key would strand this phone");
    if (is(Link::ctl_signature, State::broken)) behind(Link::ctl_signers);
    else judge(Link::ctl_signers, missing.empty() && in_list >= 2, c.view(), missing.empty() ? "show ctl-client" : "ctl-client, regenerate");
  } else if (is(Link::ctl, State::broken)) {
    behind(Link::ctl_signers);
  }
  if (!f.ctl.file.empty() || !f.itl.file.empty())
    judge(Link::list_in_phone, f.follows, "the phone holds a list that does not know who signed those of today", "show ctl-client rotation");
  if (f.itl.file.empty()) return;   // the CTL file is enough; without both the file signer tells
  ok(Link::itl);
  judge(Link::itl_signature, f.itl.verdict.has_value(), f.itl.verdict ? "" : f.itl.verdict.error().what, "show ctl-client");
}

void Judge::files() {
  if (!trusts()) {
    judge(Link::phone_file, !f.plain.empty(), f.phone.problem.empty() ? "there is no phone file" : f.phone.problem.view(), "telephony-service, create cnf-files");
    return;
  }
  if (!f.files.used) broken(Link::file_signer, "nothing signs phone files", "telephony-service, tftp-server-credentials trustpoint L");
  else if (f.files.usable) ok(Link::file_signer);
  else if (clock_bad()) behind(Link::file_signer);
  else broken_trustpoint(Link::file_signer, f.files);
  if (f.ctl.file.empty() && f.itl.file.empty() && is(Link::file_signer, State::ok) && !bad(Link::ctl)) {
    broken(Link::itl, "there is neither a CTL nor an ITL file", "ctl-client, itl");
  }
  listed(Link::file_signer_listed, Link::file_signer, f.files, false);
  const bool expected = is(Link::file_signer, State::ok);
  if (!f.plain.empty() && (!expected || !f.sgn.file.empty())) ok(Link::phone_file);
  else if (clock_bad() || bad(Link::file_signer)) behind(Link::phone_file);
  else broken(Link::phone_file, f.phone.problem.empty() ? (f.plain.empty() ? "there is no phone file" : "there is no signed phone file") : f.phone.problem.view(),
              "telephony-service, create cnf-files");
  if (f.sgn.file.empty() || lists_bad()) behind(Link::file_signature);
  else if (f.sgn.verdict) ok(Link::file_signature);
  else if (bad(Link::file_signer_listed) || bad(Link::file_signer)) behind(Link::file_signature);
  else broken(Link::file_signature, f.sgn.verdict.error().what, "telephony-service, create cnf-files");
  if (bad(Link::phone_file) || bad(Link::file_signer) || clock_bad()) behind(Link::file_age);
  else judge(Link::file_age, f.phone.problem.empty(), f.phone.problem, "telephony-service, create cnf-files");
  if (!secured()) return;
  if (f.ctl.file.empty()) behind(Link::device_mode);
  else judge(Link::device_mode, f.phone.server_secure, "the phone is told mode none: server-security-mode is non-secure", "telephony-service, server-security-mode secure");
}

void Judge::capf() {
  if (!needs_certificate()) return;
  port(Link::capf_server, f.capf, "no CAPF server is configured", "capf-server");
  listed(Link::capf_listed, Link::capf_server, f.capf, true);
  if (!f.capf.used) behind(Link::issuing_ca);
  else if (f.issuing) ok(Link::issuing_ca);
  else if (clock_bad()) behind(Link::issuing_ca);
  else broken(Link::issuing_ca, f.issuing.error().what, "show crypto pki server");
}

void Judge::certificate() {
  if (!needs_certificate()) return;
  constexpr Link kRest[] = {Link::certificate_dates, Link::certificate_trust, Link::certificate_hash};
  if (f.phone.certificate.empty() || !f.certificate_read) {
    if (bad(Link::capf_server) || bad(Link::capf_listed) || bad(Link::issuing_ca)) behind(Link::certificate);
    else if (f.phone.session_wanted) broken(Link::certificate, "the phone has not fetched its certificate yet", reset_text(f.tag).view());
    else {
      char next[60];
      FixedWriter n(next);
      n.put("ephone ").dec(f.tag).put(", cert-oper upgrade auth-mode auth-string");
      broken(Link::certificate, f.certificate_read ? "the phone has no certificate" : "the certificate is damaged", n.view());
    }
    for (const Link link : kRest) behind(link);
    return;
  }
  ok(Link::certificate);
  char next[60];
  FixedWriter n(next);
  n.put("ephone ").dec(f.tag).put(", cert-oper upgrade auth-mode LSC");
  if (clock_bad()) behind(Link::certificate_dates);
  else judge(Link::certificate_dates, f.now >= f.not_before && f.now <= f.not_after, f.now < f.not_before ? "not valid yet" : "expired", n.view());
  if (f.certificate_trust) ok(Link::certificate_trust);
  else if (bad(Link::certificate_dates)) behind(Link::certificate_trust);
  else broken(Link::certificate_trust, f.certificate_trust.error().what, n.view());
  if (!f.phone.encrypted) return;
  if (bad(Link::phone_file) || bad(Link::file_age)) behind(Link::certificate_hash);
  else judge(Link::certificate_hash, f.hash_matches, "the phone file names another certificate", "telephony-service, create cnf-files");
}

void Judge::encrypted() {
  if (!f.phone.encrypted) return;
  if (!f.enc.file.empty()) ok(Link::encrypted_file);
  else if (bad(Link::certificate) || bad(Link::phone_file) || bad(Link::certificate_hash) || bad(Link::file_age) || bad(Link::file_signer)) behind(Link::encrypted_file);
  else broken(Link::encrypted_file, "there is no encrypted phone file", "telephony-service, create cnf-files");
  if (f.enc.file.empty() || bad(Link::file_signature)) behind(Link::encrypted_signature);
  else judge(Link::encrypted_signature, f.enc.verdict.has_value(), f.enc.verdict ? "" : f.enc.verdict.error().what, "telephony-service, create cnf-files");
}

void Judge::servers() {
  if (f.tvs.used) {
    port(Link::tvs_server, f.tvs, "", "");
    listed(Link::tvs_listed, Link::tvs_server, f.tvs, false);
  }
  if (secured()) {
    port(Link::calls, f.calls, "nothing secures call control", "telephony-service, secure-signaling trustpoint L");
    listed(Link::calls_listed, Link::calls, f.calls, true);
  }
  if (!f.phone.https) return;
  if (f.services_vouched) ok(Link::services);
  else if (lists_bad() || bad(Link::tvs_server) || bad(Link::tvs_listed)) behind(Link::services);
  else broken(Link::services, "neither a list nor a TVS vouches for the HTTPS server", "ctl-client, server application A trustpoint L");
}

}  // namespace

size_t Audit::broken() const {
  size_t n = 0;
  for (const Verdict& v : links) n += v.state == State::broken;
  return n;
}

const char* link_name(Link link) { return kNames[static_cast<size_t>(link)]; }

Audit judge(const Facts& facts) { return Judge(facts).run(); }

}  // namespace parley::trust_audit
