// Command rows of capf-server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_config.h"

#include "cli/place.h"
#include "modules/capf-server/capf_actions.h"

namespace parley::capf_server {

using namespace parley::cli;

// Written order: cli.md.
constexpr Row kRows[] = {
    always(value("port <2000-9999>", "TCP port that phones connect to", &Capf::port)),             // 000:883, 2071
    value("auth-mode {auth-string|LSC|MIC|none|null-string}", "How phones prove who they are",
          &Capf::auth_mode),                                                                       // 000:880
    value("cert-enroll-trustpoint WORD password PW01", "CA or RA that issues phone certificates",
          &Capf::enroll_trustpoint, &Capf::enroll_password),                                       // 000:878, 2073
    flag("cert-enroll-offline", "The authority is not connected: files go to it and back", &Capf::offline),   // 001:978-997
    value("trustpoint-label WORD", "Certificate shown to phones", &Capf::trustpoint),              // 000:877
    value("source-addr A.B.C.D", "Address that phones connect to", &Capf::source),                 // 000:879
    hidden(value("source addr A.B.C.D", "Second spelling of source-addr", &Capf::source)),                  // 000:898
    value("phone-key-size {512|1024|2048}", "RSA key size a phone has to make", &Capf::key_size),  // 000:882, 2076
    value("keygen-retry <0-100>", "How often a phone may try to make its key", &Capf::keygen_retry),      // 000:885
    value("keygen-timeout <1-120>", "Minutes a phone gets to make its key", &Capf::keygen_timeout_min),   // 000:886
    value("phone-key-type {rsa|ec}", "Kind of key a phone has to make", &Capf::key_type),          // 001:1013
    value("tls-minimum {1.0|1.2}", "Oldest TLS version that phones may use", &Capf::tls_minimum),
    value("cert-oper window hh:mm hh:mm", "Time of day for operations on all phones", &Capf::window_from_min,
          &Capf::window_to_min),
    value("cert-oper deadline <1-365>", "Days until operations on all phones end", &Capf::deadline_days),
    value("cert-oper renew <0-365>", "Days before its end to renew a certificate (0: by hand)",
          &Capf::renew_days),
    action<&start_operation>("cert-oper {delete|fetch|upgrade} all", "Start an operation on all phones",
                             &OperationArguments::operation),                                      // 000:887
    action<&change_strings>("auth-string {delete|generate} {all|<1-20000>} [DIGITS]", "Make or delete PINs of phones",
                            &StringArguments::generate, &StringArguments::which, &StringArguments::tag,
                            &StringArguments::digits),                                             // 000:881, 902
};

constexpr Mode kMode = mode("capf-server", "(config-capf-server)", "CAPF server", kRows);
constexpr Block kBlock = single<Capf>(kMode);

constexpr Row kConfigRows[] = {
    block("capf-server", "Certificate authority proxy function for phones", kBlock, &Config::capf),  // 000:876
};

constexpr Section kSections[1] = {{Place::capf_server, kConfigRows, true}};

constexpr Gloss kGloss[26] = {
    {"1.0", "TLS 1.0 and its old ciphers (legacy profile)"},
    {"1.2", "TLS 1.2 or newer"},
    {"1024", "1024 bits"},
    {"2048", "2048 bits"},
    {"512", "512 bits"},
    {"LSC", "By the certificate issued here before"},
    {"MIC", "By the certificate from the factory"},
    {"all", "All configured phones"},
    {"auth-string", "PIN typed into the phone"},
    {"capf-server", "Work with an offline authority"},
    {"cert-oper", "Certificate operations on all phones"},
    {"delete", "Delete"},
    {"ec", "Elliptic curve, where the phone can"},
    {"error", "Refused sessions"},
    {"events", "Sessions and their ends"},
    {"export", "Write for an offline authority"},
    {"fetch", "Read the certificate of the phone"},
    {"generate", "Make new PINs"},
    {"import", "Read from an offline authority"},
    {"messages", "Messages of phones"},
    {"none", "No certificate operation is started"},
    {"null-string", "No proof is asked"},
    {"password", "Challenge password of the enrolment"},
    {"renew", "Renew the certificates of phones before they end"},
    {"rsa", "RSA"},
    {"upgrade", "Issue a new certificate"},
};

}  // namespace parley::capf_server
