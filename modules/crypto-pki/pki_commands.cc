// Rows of crypto-pki outside the configuration blocks: EXEC, show, global actions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_commands.h"

#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_show.h"

namespace parley::crypto_pki {
namespace {

using namespace parley::cli;

bool listed_before(const TrustStore& store, size_t entry, const Stored& s) {
  for (size_t i = 0; i < entry; ++i) {
    for (const Stored& other : store[i].certificates) {
      if (other.kind == s.kind && equal_bytes(other.certificate.der, s.certificate.der)) return true;
    }
  }
  return false;
}

void show_stored(const TrustStore& store, const Stored& s, std::string_view only, bool verbose, bool& any, Writer& out) {
  Blob labels;
  const Entry* where = nullptr;
  for (size_t i = 0; i < store.size(); ++i) {
    for (const Stored& other : store[i].certificates) {
      if (other.kind != s.kind || !equal_bytes(other.certificate.der, s.certificate.der)) continue;
      if (!only.empty() && store[i].label.view() != only) continue;
      labels.put(labels.empty() ? "" : " ").put(store[i].label);
      if (other.received) where = &store[i];
      break;
    }
  }
  if (any) out.put('\n');
  any = true;
  const Path file = where == nullptr ? Path() : chain_path(where->label);
  print_certificate(s, labels.text(), verbose, file, out);
}

}  // namespace

void not_local(Call& call, std::string_view url) {
  call.out().put("% ").put(url).put(" is not a file system of this router\n");
}

void show_certificates(Call& call, const ShowCertificates& a) {
  Pki& pki = call.module<Pki>();
  const TrustStore& store = pki.store();
  if (!a.label.empty() && store.find(a.label) == nullptr) return unknown_trustpoint(call, a.label);
  bool any = false;
  for (size_t i = 0; i < store.size(); ++i) {
    const Entry& e = store[i];
    if (!a.label.empty() && e.label.view() != a.label.view()) continue;
    if (const Enrolment* running = pki.enrolment(e.label); running != nullptr && !running->ended() && !running->csr().empty()) {
      if (any) call.out().put('\n');
      any = true;
      print_pending_request(*running, pki.context().host_name(), call.out());
    }
    for (const bool authorities : {false, true}) {
      for (const Stored& s : e.certificates) {
        if ((s.kind == ChainKind::ca) != authorities) continue;
        if (a.label.empty() && listed_before(store, i, s)) continue;
        show_stored(store, s, a.label, a.verbose, any, call.out());
        if (a.verbose) print_validation(pki.peers(), e.label, s, call.out());
      }
    }
  }
}

void show_trustpoints(Call& call, const ShowTrustpoints& a) {
  Pki& pki = call.module<Pki>();
  const TrustStore& store = pki.store();
  if (!a.label.empty() && store.find(a.label) == nullptr) return unknown_trustpoint(call, a.label);
  for (size_t i = 0; i < store.size(); ++i) {
    const Entry& e = store[i];
    if (!a.label.empty() && e.label.view() != a.label.view()) continue;
    if (a.status) {
      const Enrolment* running = pki.enrolment(e.label);
      call.out().put('\n');
      print_trustpoint_status(store, e, running != nullptr && !running->ended(), call.out());
      continue;
    }
    const Trustpoint* t = pki.trustpoint_record(e.label);
    const bool scep = t != nullptr && t->enrollment == Enrollment::url && starts_nocase(t->enrollment_url, "http");
    if (i != 0 && a.label.empty()) call.out().put('\n');
    print_trustpoint(e, scep ? t->enrollment_url.view() : std::string_view(), call.out());
  }
}

void show_server(Call& call, const ShowServer& a) {
  Pki& pki = call.module<Pki>();
  bool any = false;
  for (size_t i = 0; i < pki.authority_count(); ++i) {
    const Authority& server = pki.authority(i);
    if (!a.label.empty() && server.settings().label.view() != a.label.view()) continue;
    any = true;
    if (a.what == 3) print_requests(server, call.out());
    else if (a.what == 2) print_crl(server, call.out());
    else if (a.what == 1) print_issued(server, call.out());
    else print_server(server, call.out());
  }
  if (!any && !a.label.empty()) call.out().put("% Certificate Server ").put(a.label).put(" is not configured.\n");
}

void show_crls(Call& call) {
  Pki& pki = call.module<Pki>();
  for (size_t i = 0; i < pki.authority_count(); ++i) {
    if (pki.authority(i).crl() != nullptr) print_crl(pki.authority(i), call.out());
  }
  print_fetched(pki.peers().revocation(), call.out());
}

void show_counters(Call& call) {
  Pki& pki = call.module<Pki>();
  print_counters(pki.scep().counters(), pki.ocsp().counters(), call.out());
  print_peer_counters(pki.peers(), call.out());
}

void show_server_settings(Call& call) {
  const CaServer& s = *static_cast<const CaServer*>(call.record);
  const Pki& pki = call.module<Pki>();
  const ServerSettings now = pki.server_settings(s);
  constexpr const char* kLevels[] = {"minimum", "names", "complete"};
  Writer& out = call.out();
  if (Authority* a = call.module<Pki>().server(s.label); a != nullptr && a->identity() != nullptr) {
    out.put("serial-number 0x").hex(a->last_serial()).put('\n');
  }
  out.put("database level ").put(kLevels[static_cast<size_t>(now.database.level)]).put('\n');
  out.put("database url ").put(s.url).put('\n').put(s.archive_set ? "database archive " : "no database archive");
  if (s.archive_set) out.put(s.archive == Archive::pem ? "pem" : "pkcs12");
  out.put("\nissuer-name ");
  if (s.issuer.empty()) out.put("CN=").put(s.label).put('\n');
  else out.put(s.issuer).put('\n');
  if (s.grant_set) out.put("grant ").put(now.granting == Granting::automatic ? "auto" : now.granting == Granting::none ? "none" : "ra-auto").put('\n');
  out.put("lifetime crl ").dec(s.crl_lifetime_hours).put("\nlifetime certificate ").dec(s.lifetime_days);
  out.put("\nlifetime ca-certificate ").dec(s.ca_lifetime_days).put("\nlifetime enrollment-request ").dec(s.request_lifetime_hours);
  out.put('\n');
}

// ---- rows

namespace {

constexpr const char* kAuthenticate = "crypto pki authenticate WORD";
constexpr const char* kEnroll = "crypto pki enroll WORD";
constexpr const char* kImport = "crypto pki import WORD certificate";
constexpr const char* kAuthenticateHelp = "Get the certificate of the authority";
constexpr const char* kEnrollHelp = "Request a certificate from the authority";
constexpr const char* kDebugHelp = "Certificates and their authorities";
constexpr const char* kImportHelp = "Paste the certificate of this router";
constexpr Row kImportPem = action<import_pem>("crypto pki import WORD pem [exportable] {terminal|url URL} [exportable] WORD",
                                              "Bring keys and certificates in", &PemArguments::label, &PemArguments::exportable,
                                              &PemArguments::where, &PemArguments::url, &PemArguments::exportable_late,
                                              &PemArguments::passphrase);
constexpr Row kImportPkcs12 = action<import_pkcs12>("crypto pki import WORD pkcs12 {terminal|URL} [password WORD|WORD]",
                                                    "Bring keys and certificates in", &Pkcs12Arguments::label,
                                                    &Pkcs12Arguments::where, &Pkcs12Arguments::url, &Pkcs12Arguments::given,
                                                    &Pkcs12Arguments::password, &Pkcs12Arguments::passphrase);

}  // namespace

constexpr Row kExecRows[kExecRowCount] = {
    privilege(15, action<authenticate>(kAuthenticate, kAuthenticateHelp, &LabelArgument::label)),          // 000:591, 617
    privilege(15, action<enroll>(kEnroll, kEnrollHelp, &LabelArgument::label)),                            // 000:592
    privilege(15, action<import_certificate>(kImport, kImportHelp, &LabelArgument::label)),                // 001:1281
    privilege(15, kImportPem),
    privilege(15, kImportPkcs12),
    privilege(15, action<server_grant>("crypto pki server WORD grant {all|<1-4294967295>}", "Grant waiting requests",
                                       &ServerRequest::label, &ServerRequest::which, &ServerRequest::id)),
    privilege(15, action<server_reject>("crypto pki server WORD reject {all|<1-4294967295>}", "Reject waiting requests",
                                        &ServerRequest::label, &ServerRequest::which, &ServerRequest::id)),
    privilege(15, action<server_remove>("crypto pki server WORD remove {all|<1-4294967295>}", "Forget requests",
                                        &ServerRequest::label, &ServerRequest::which, &ServerRequest::id)),
    privilege(15, action<server_requests>("crypto pki server WORD info requests", "List the requests", &LabelArgument::label)),
    privilege(15, action<server_crl>("crypto pki server WORD info crl", "Show the revocation list", &LabelArgument::label)),
    privilege(15, action<server_revoke>(
                      "crypto pki server WORD revoke WORD [key-compromise|ca-compromise|affiliation-changed|superseded|cessation|hold]",
                      "Revoke a certificate", &RevokeArguments::label, &RevokeArguments::serial, &RevokeArguments::reason)),
    privilege(15, action<server_password>("crypto pki server WORD password generate [<1-1440>]", "Make a one-time password",
                                          &PasswordRequest::label, &PasswordRequest::minutes)),
    privilege(15, action<server_pkcs10>("crypto pki server WORD request pkcs10 {terminal|URL} [base64|pem]",
                                        "Take a request by hand", &Pkcs10Arguments::label, &Pkcs10Arguments::from,
                                        &Pkcs10Arguments::url, &Pkcs10Arguments::form)),
    privilege(15, action<clear_crls>("clear crypto pki crls [WORD]", "Forget revocation lists", &LabelArgument::label)),
    privilege(15, action<debug_pki>("debug crypto pki {callbacks|messages|scep|server|transactions|validation}", kDebugHelp,
                                    &DebugArguments::what)),
    privilege(15, action<undebug_pki>("undebug crypto pki {callbacks|messages|scep|server|transactions|validation}", kDebugHelp,
                                      &DebugArguments::what)),
    action<show_certificates>("show crypto pki certificates [verbose] [WORD]", "Certificates of this router",
                              &ShowCertificates::verbose, &ShowCertificates::label),
    action<show_trustpoints>("show crypto pki trustpoints [WORD] [status]", "Trustpoints", &ShowTrustpoints::label,
                             &ShowTrustpoints::status),                                                    // 000:1729
    action<show_server>("show crypto pki server [WORD] [certificates|crl|requests]", "Certificate servers", &ShowServer::label,
                        &ShowServer::what),
    action<show_crls>("show crypto pki crls", "Revocation lists"),
    action<show_timers>("show crypto pki timers", "When something ends"),
    action<show_counters>("show crypto pki counters", "Requests answered and refused"),
    privilege(15, action<show_keys>("show crypto key mypubkey {rsa|ec|all}", "Public keys of this router", &ShowKeys::type)),
};

constexpr Row kActionRows[kActionRowCount] = {
    action<authenticate>(kAuthenticate, kAuthenticateHelp, &LabelArgument::label),                         // 000:591
    action<enroll>(kEnroll, kEnrollHelp, &LabelArgument::label),                                           // 000:592
    action<import_certificate>(kImport, kImportHelp, &LabelArgument::label),                               // 001:1281
    kImportPem,
    kImportPkcs12,
    action<export_pem>("crypto pki export WORD pem {terminal|url URL} [3des|des|aes] WORD", "Write keys and certificates out",
                       &PemArguments::label, &PemArguments::where, &PemArguments::url, &PemArguments::cipher,
                       &PemArguments::passphrase),
    action<export_pkcs12>("crypto pki export WORD pkcs12 {terminal|URL} [password WORD|WORD]", "Write keys and certificates out",
                          &Pkcs12Arguments::label, &Pkcs12Arguments::where, &Pkcs12Arguments::url, &Pkcs12Arguments::given,
                          &Pkcs12Arguments::password, &Pkcs12Arguments::passphrase),
    action<generate_rsa>("crypto key generate rsa [general-keys|usage-keys] [label WORD & modulus <360-4096> & exportable]",
                         "Make RSA keys", &RsaArguments::keys, &RsaArguments::label, &RsaArguments::modulus,
                         &RsaArguments::exportable),                                                       // 001:1246
    action<generate_ec>("crypto key generate ec keysize {256|384} [exportable] [label WORD]", "Make elliptic curve keys",
                        &EcArguments::size, &EcArguments::exportable, &EcArguments::label),                // 001:326, 004:245
    action<zeroize_rsa>("crypto key zeroize rsa [WORD]", "Remove RSA keys", &ZeroizeArguments::label),
    action<zeroize_ec>("crypto key zeroize ec [WORD]", "Remove elliptic curve keys", &ZeroizeArguments::label),
    action<export_key>("crypto key export {rsa|ec} WORD [~pem] {terminal|url URL} [3des|des|aes] WORD", "Write a key pair out",
                       &PemArguments::type, &PemArguments::label, &PemArguments::where, &PemArguments::url,
                       &PemArguments::cipher, &PemArguments::passphrase),
    action<import_key>("crypto key import {rsa|ec} WORD [~pem] [exportable] {terminal|url URL} [exportable] WORD",
                       "Bring a key pair in", &PemArguments::type, &PemArguments::label, &PemArguments::exportable,
                       &PemArguments::where, &PemArguments::url, &PemArguments::exportable_late, &PemArguments::passphrase),
};

}  // namespace parley::crypto_pki
