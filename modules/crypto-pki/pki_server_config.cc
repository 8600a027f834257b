// Command rows of the certificate server (cs-server mode).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_actions.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_config.h"

namespace parley::crypto_pki {

using namespace parley::cli;

constexpr Row kServerRows[] = {
    value("database level {minimum=minimal|names|complete}", "What is kept of each certificate", &CaServer::level),  // 000:507
    value("database url URL", "Where the files of the server are kept", &CaServer::url),                             // 000:508
    list("database url URL {cnm|crl|crt|p12|pem|ser} -> [publish]", "Where one kind of file is kept",
         &CaServer::urls, &DatabaseUrl::url, &DatabaseUrl::file, &DatabaseUrl::publish),
    flag("database archive {pem|pkcs12} [password PW07]", "Copy of the server's key and certificate",
         &CaServer::archive_set, &CaServer::archive, &CaServer::archive_password),
    // Kept as the vendor's configurations have it: TFTP asks for no user.
    value("database username WORD [password PW07]", "User at the place of the files", &CaServer::database_user,
          &CaServer::database_password),
    value("issuer-name LINE", "Name of the certificate authority", &CaServer::issuer),                               // 000:510
    flag("grant {auto [rollover ca-cert|rollover ra-cert]|none|ra-auto}", "Answer requests without the operator",
         &CaServer::grant_set, &CaServer::grant, &CaServer::grant_rollover),                                         // 000:516, 2120
    value("hash {md5|sha1|sha256|sha384|sha512}", "Digest of signatures", &CaServer::hash),
    value("lifetime ca-certificate <1-7305>", "Days of the server's own certificate",
                  &CaServer::ca_lifetime_days),
    value("lifetime certificate <1-1825> [<0-23> [<0-59>]]", "Days of issued certificates", &CaServer::lifetime_days,
          &CaServer::lifetime_hours, &CaServer::lifetime_minutes),                                                   // 000:509, 1096
    value("lifetime crl <0-336>", "Hours of the revocation list", &CaServer::crl_lifetime_hours),
    value("lifetime enrollment-request <1-1000>", "Hours a request may wait",
                  &CaServer::request_lifetime_hours),
    flag("mode {ra [transparent]|sub-cs}", "Not a root: registration authority or subordinate",
         &CaServer::mode_set, &CaServer::mode, &CaServer::transparent),                                              // 000:1071
    flag("auto-rollover [<0-1825>]", "Next CA certificate before the old one ends", &CaServer::auto_rollover,
         &CaServer::rollover_days),
    value("cdp-url URL", "Address of the revocation list in certificates", &CaServer::cdp_url),
    value("serial-number WORD", "First serial number (0x and hex digits)", &CaServer::first_serial),
    store("redundancy", "Share the server with a second router"),
    store("eku LINE", "Extended key usage of issued certificates"),
    flag("scep-legacy {3des|des}", "Weak SCEP ciphers that are answered", &CaServer::weak_scep_set,
                 &CaServer::weak_scep),                                                                             // design.md 6
    confirm<confirm_shutdown>(positive(flag("shutdown", "Stop the server; no shutdown starts it",
                                            &CaServer::stopped))),                                                   // 000:517, 1101
    action<show_server_settings>("show", "Settings of this server"),
};

constexpr Mode kServerMode = mode("cs-server", "(cs-server)", "Certificate Server", kServerRows);
constexpr Block kServerBlock = verified<&check_server>(entries<CaServer>(kServerMode, Sorted::defined));

}  // namespace parley::crypto_pki
