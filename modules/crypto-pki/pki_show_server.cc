// Layouts of show crypto pki server (commands.md 2.3), requests and revocation lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_show.h"

namespace parley::crypto_pki {
namespace {

const char* granting_text(Granting g) {
  switch (g) {
    case Granting::manual: return "manual";
    case Granting::automatic: return "auto";
    case Granting::none: return "none";
    case Granting::ra_only: return "ra-auto";
  }
  return "";
}

const char* level_text(Level l) {
  switch (l) {
    case Level::minimum: return "Minimum - no cert data written to storage";
    case Level::names: return "Names - subject name data written as <serialnum>.cnm";
    case Level::complete: return "Complete - all issued certs written as <serialnum>.cer";
  }
  return "";
}

void print_state(const Authority& a, Writer& out) {
  const bool runs = a.state() == ServerState::enabled || a.state() == ServerState::starting;
  if (runs && !a.http_on()) {
    out.put("    Status: disabled, HTTP Server is disabled\n    State: check failed\n");
    // The vendor's words mean SCEP; an operator who reads "disabled" must not believe that this key signs nothing.
    if (a.serving()) out.put("    Issued without HTTP: certificates of phones (CAPF), requests granted by hand\n");
    return;
  }
  const char* state = "";
  switch (a.state()) {
    case ServerState::initial: state = a.waits_for_clock() ? "waiting for the clock to be set" : "initial"; break;
    case ServerState::starting: state = "starting"; break;
    case ServerState::enabled: state = "enabled"; break;
    case ServerState::disabled: state = "disabled"; break;
    case ServerState::failed: state = "check failed"; break;
  }
  out.put("    Status: ").put(a.state() == ServerState::enabled ? "enabled" : "disabled").put('\n');
  out.put("    State: ").put(state).put('\n');
  if (a.state() == ServerState::failed && !a.failure()) out.put("    Reason: ").put(a.failure().error().what).put('\n');
}

// As IOS, below the timers.
void print_rollover(const Authority& a, Writer& out) {
  if (a.identity() == nullptr || !a.settings().auto_rollover) return;
  out.put("    Auto-Rollover configured, overlap period ").dec(a.settings().rollover_days).put(" days\n");
  const Successor& next = a.successor();
  if (next.identity == nullptr) {
    print_time(a.identity()->certificate.not_after - a.settings().rollover_days * int64_t{86400}, out.put("    Autorollover timer: "));
    out.put('\n');
    return;
  }
  out.put("    Rollover status: available for rollover\n    Rollover CA certificate fingerprint: ");
  print_fingerprint(next.identity->certificate.der, Hash::md5, out);
  print_time(next.identity->certificate.not_after, out.put("\n    Rollover CA certificate expiration timer: "));
  out.put('\n');
}

void print_issuer(const Authority& a, Writer& out) {
  const ServerSettings& s = a.settings();
  out.put("    Issuer name: ");
  if (s.mode != ServerMode::root && a.identity() != nullptr) {   // RA: whose certificates it hands out
    const Certificate& c = s.mode == ServerMode::registration ? a.identity()->issuer : a.identity()->certificate;
    (void)print_name(c.subject, NameStyle::comma, out);
    out.put('\n');
  } else if (s.issuer.empty()) {
    out.put("CN=").put(s.label).put('\n');
  } else {
    out.put(s.issuer).put('\n');
  }
}

}  // namespace

void print_server(const Authority& a, Writer& out) {
  const ServerSettings& s = a.settings();
  out.put("Certificate Server ").put(s.label).put(":\n");
  print_state(a, out);
  if (a.state() == ServerState::enabled) out.put("    Server's configuration is locked  (enter \"shut\" to unlock it)\n");
  print_issuer(a, out);
  if (s.mode == ServerMode::registration) out.put("    Server configured in RA mode\n    RA cert fingerprint: ");
  else if (s.mode == ServerMode::subordinate) out.put("    Server configured in subordinate server mode\n    CA cert fingerprint: ");
  else out.put("    CA cert fingerprint: ");
  if (a.identity() == nullptr) out.put("-Not found-");
  else print_fingerprint(a.identity()->certificate.der, Hash::md5, out);
  out.put("\n    Granting mode is: ").put(granting_text(s.granting)).put('\n');
  if (a.identity() != nullptr && s.mode == ServerMode::registration) {
    print_time(a.identity()->certificate.not_after, out.put("    RA certificate expiration timer: "));
    out.put('\n');
  } else if (a.identity() != nullptr) {
    out.put("    Last certificate issued serial number (hex): ").hex(a.last_serial()).put("\n    CA certificate expiration timer: ");
    print_time(a.identity()->certificate.not_after, out);
    out.put("\n    CRL NextUpdate timer: ");
    print_time(a.crl_next_update(), out);
    out.put('\n');
  }
  print_rollover(a, out);
  out.put("    Current primary storage dir: ").put(s.database.folder).put('\n');
  out.put("    Database Level: ").put(level_text(s.database.level)).put('\n');
}

namespace {

void print_requests_of(const RequestList& list, Profile profile, Writer& out) {
  out.put("ReqID  State      Fingerprint                      SubjectName\n"
          "--------------------------------------------------------------\n");
  for (size_t i = 0; i < list.size(); ++i) {
    const Request& r = list[i];
    if (r.profile != profile) continue;
    char id[12], print[80];
    FixedWriter number(id), fingerprint(print);
    number.dec(r.id);
    fingerprint.hex_bytes(r.fingerprint.data, r.fingerprint.size);
    out.left(number.view(), 7).left(request_state_text(r.state), 11).left(fingerprint.view(), 33);
    if (!print_name(r.subject, NameStyle::ios, out)) out.put("(unreadable)");
    out.put('\n');
  }
}

}  // namespace

void print_requests(const Authority& a, Writer& out) {
  out.put("Enrollment Request Database:\n\nSubordinate CA certificate requests:\n");
  print_requests_of(a.requests(), Profile::subordinate, out);
  print_requests_of(a.requests(), Profile::registration, out.put("\nRA certificate requests:\n"));
  print_requests_of(a.requests(), Profile::router, out.put("\nRouter certificates requests:\n"));
}

void print_issued(const Authority& a, Writer& out) {
  out.put("Serial Issued date              Expire date              Subject Name\n");
  a.index().each([](void* to, const IssuedRecord& r) {
    Writer& line = *static_cast<Writer*>(to);
    uint8_t bytes[8];
    char serial[24], from[40], to_text[40];
    FixedWriter s(serial), begin(from), end(to_text);
    print_serial(serial_bytes(r.serial, bytes), s);
    print_time(r.from, begin);
    print_time(r.to, end);
    line.left(s.view(), 7).left(begin.view(), 25).left(end.view(), 25);
    if (r.subject.empty() || !print_name(r.subject, NameStyle::ios, line)) line.put("-");
    if (r.revoked != 0) line.put(" (revoked)");
    line.put('\n');
    return true;
  }, &out);
}

void print_crl(const Authority& a, Writer& out) {
  const Result<Crl> list = a.crl() == nullptr ? Result<Crl>(Fault{Code::missing, "", 0}) : parse_crl(*a.crl());
  if (!list) {
    out.put("% No Certificate Revocation List\n");
    return;
  }
  out.put("Certificate Revocation List:\n    Issuer: ");
  (void)print_name(list->issuer, NameStyle::ios, out);
  out.put("\n    This Update: ");
  print_time(list->this_update, out);
  out.put("\n    Next Update: ");
  print_time(list->next_update, out);
  out.put("\n    CRL Number (hex): ").hex(list->number);
  size_t count = 0;
  (void)each_revoked(*list, [](void* n, const Revoked&) { ++*static_cast<size_t*>(n); return true; }, &count);
  out.put("\n    Number of CRL entries: ").dec(static_cast<int64_t>(count)).put('\n');
}

}  // namespace parley::crypto_pki
