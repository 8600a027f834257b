// Command rows of a trustpoint (ca-trustpoint mode).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_config.h"

namespace parley::crypto_pki {

using namespace parley::cli;

constexpr Row kTrustpointRows[] = {
    value("enrollment [url URL [pem]|terminal [pem]|selfsigned|profile WORD]", "How a certificate is asked for",
          &Trustpoint::enrollment, &Trustpoint::enrollment_url, &Trustpoint::url_pem, &Trustpoint::terminal_pem,
          &Trustpoint::enrollment_profile),                                                                  // 000:513, 1176
    flag("enrollment mode ra", "The authority is a registration authority", &Trustpoint::registration),
    value("enrollment retry count <1-100>", "How often a waiting request is asked again",
                  &Trustpoint::retry_count),
    value("enrollment retry period <1-60>", "Minutes between these questions", &Trustpoint::retry_minutes),
    flag("serial-number [none]", "Serial number of the router in the name", &Trustpoint::serial_number,
         &Trustpoint::serial_none),                                                                          // 000:1067
    value("fqdn [WORD|none]", "Host name in the name", &Trustpoint::fqdn, &Trustpoint::fqdn_name),
    value("ip-address [A.B.C.D|IFNAME|none]", "Address in the name", &Trustpoint::ip_address, &Trustpoint::ip,
          &Trustpoint::ip_interface),
    value("password PW07", "Challenge password of the enrolment", &Trustpoint::password),
    value("fingerprint HEX", "Expected fingerprint of the authority", &Trustpoint::fingerprint),
    value("subject-name LINE", "Name in the request", &Trustpoint::subject),                                 // 001:1256
    value("subject-alt-name WORD", "Second name in the request", &Trustpoint::alt_name),
    always(flag("revocation-check {crl|none|ocsp}...", "How revoked certificates are found", &Trustpoint::revocation_set,
                &Trustpoint::revocation)),                                                                   // 000:587, 604
    value("rsakeypair WORD [<360-4096> [<360-4096>]]", "Key pair", &Trustpoint::key, &Trustpoint::key_bits,
          &Trustpoint::encryption_key_bits),                                                                 // 000:588, 605
    hidden(value("rsa keypair WORD [<360-4096> [<360-4096>]]", "Two words, as printed", &Trustpoint::key,
                 &Trustpoint::key_bits, &Trustpoint::encryption_key_bits)),                                  // 000:589
    hidden(value("rsa WORD [<360-4096> [<360-4096>]]", "Short form of rsakeypair", &Trustpoint::key,
                 &Trustpoint::key_bits, &Trustpoint::encryption_key_bits)),
    value("eckeypair WORD", "Elliptic curve key pair", &Trustpoint::ec_key),
    value("hash {md5|sha1|sha256|sha384|sha512}", "Digest of the request", &Trustpoint::hash),               // 001:1258
    value("usage [ike|ssl-client|ssl-server]", "What the certificate is for", &Trustpoint::usage),
    flag("auto-enroll [<1-100>] [regenerate]", "New certificate before the old one ends", &Trustpoint::auto_enroll,
         &Trustpoint::auto_enroll_percent, &Trustpoint::auto_regenerate),
    flag("regenerate", "New key at each enrolment", &Trustpoint::regenerate),
    value("chain-validation [stop|continue [WORD]]", "How far a chain is checked",
          &Trustpoint::chain_validation, &Trustpoint::chain_continue),
    value("crl query URL", "Where the revocation list is fetched", &Trustpoint::crl_url),
    store("crl cache LINE", "How long revocation lists are kept"),
    list("match certificate WORD -> [allow expired-certificate|skip revocation-check]", "Map that a peer's certificate must match",
         &Trustpoint::matches, &MapUse::map, &MapUse::how),
    value("ocsp url URL", "Server that answers about revocation", &Trustpoint::ocsp_url),
    store("storage WORD", "File system of the certificates"),
    value("source interface IFNAME", "Address that requests come from", &Trustpoint::source),
    store("primary", "Main trustpoint of the router"),
};

constexpr Mode kTrustpointMode = mode("ca-trustpoint", "(ca-trustpoint)", "Crypto CA trustpoint", kTrustpointRows);
constexpr Block kTrustpointBlock = entries<Trustpoint>(kTrustpointMode, Sorted::defined);

}  // namespace parley::crypto_pki
