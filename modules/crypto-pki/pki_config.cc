// Global command rows of crypto-pki, certificate chains and maps.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Actions (crypto pki authenticate / enroll / import / export, crypto key generate / zeroize / import / export) are EXEC and
// configuration actions: their rows stand beside their functions.
#include "modules/crypto-pki/pki_config.h"

#include "cli/place.h"
#include "modules/crypto-pki/pki_actions.h"
#include "modules/crypto-pki/pki_commands.h"

namespace parley::crypto_pki {

using namespace parley::cli;

constexpr Row kChainRows[] = {
    confirm<confirm_certificate>(list("certificate [ca|self-signed|rollover] HEX -> CERT-HEX", "Certificate as hex digits",
                                      &Chain::certificates, &ChainCertificate::kind, &ChainCertificate::serial,
                                      &ChainCertificate::der)),                                         // 000:2140, 2163
    at_boot(action<&certificate_from_file>("certificate [ca|self-signed|rollover] HEX URL", "Certificate of a file",
                                           &CertificateFileArgs::kind, &CertificateFileArgs::serial, &CertificateFileArgs::url)),
};
constexpr Mode kChainMode = mode("cert-chain", "(config-cert-chain)", "Crypto CA certificate chain", kChainRows);
constexpr Block kChainBlock = verified<&check_chain>(entries<Chain>(kChainMode, Sorted::defined));

constexpr Row kMapRows[] = {
    list("alt-subject-name {co|eq|nc|ne} LINE", "Any subject alternative name", &Map::alternatives, &NameRule::test,
         &NameRule::text),
    list("expires-on {eq|ge|lt|ne} LINE", "End: MMM DD YYYY hh:mm:ss or DD MM YYYY hh:mm:ss", &Map::ends, &DateRule::test,
         &DateRule::text),
    list("issuer-name {co|eq|nc|ne} LINE", "Name of the issuer", &Map::issuers, &NameRule::test, &NameRule::text),
    list("subject-name {co|eq|nc|ne} LINE", "Name of the subject", &Map::subjects, &NameRule::test, &NameRule::text),
    list("unstructured-subject-name {co|eq|nc|ne} LINE", "Unstructured name of the subject", &Map::unstructured,
         &NameRule::test, &NameRule::text),
    list("valid-start {eq|ge|lt|ne} LINE", "Begin: MMM DD YYYY hh:mm:ss or DD MM YYYY hh:mm:ss", &Map::begins,
         &DateRule::test, &DateRule::text),
};
constexpr Mode kMapMode = mode("cert-map", "(ca-certificate-map)", "Crypto CA certificate map", kMapRows);
constexpr Block kMapBlock = verified<&check_map>(entries<Map>(kMapMode, Sorted::defined));

constexpr Row kServerConfigRows[] = {
    value("crypto pki notice days <1-365> [repeat <1-30>]", "Days before the end that a notice is sent",
          &Config::notice_days, &Config::notice_repeat_days),                                  // design.md 6
    value("crypto pki notice mail-server WORD from WORD to WORD", "Mail server that takes notices",
          &Config::mail_server, &Config::mail_from, &Config::mail_to),
    confirm<confirm_server>(block("crypto pki server WORD", "Certificate server", kServerBlock, &Config::servers,
                                  &CaServer::label)),                                                   // 000:506
};
constexpr Row kTrustpointConfigRows[] = {
    confirm<confirm_trustpoint>(block("crypto pki trustpoint WORD", "Certificate of this router", kTrustpointBlock,
                                      &Config::trustpoints, &Trustpoint::label)),                                                                          // 000:512, 602
    hidden(confirm<confirm_trustpoint>(block("crypto ca trustpoint WORD", "Older spelling of crypto pki trustpoint",
                                             kTrustpointBlock, &Config::trustpoints, &Trustpoint::label))),
};
constexpr Row kMapConfigRows[] = {
    block("crypto pki certificate map WORD <1-65535>", "Rules for names in certificates", kMapBlock, &Config::maps,
          &Map::label, &Map::sequence),
};
constexpr Row kChainConfigRows[] = {
    block("crypto pki certificate chain WORD", "Certificates of a trustpoint", kChainBlock, &Config::chains,
          &Chain::label),                                                                               // 000:2139
    hidden(block("crypto ca certificate chain WORD", "Older spelling of crypto pki certificate chain", kChainBlock,
                 &Config::chains, &Chain::label)),
};

constexpr Section kSections[5] = {
    {Place::pki_server, kServerConfigRows, false},
    {Place::pki_trustpoint, kTrustpointConfigRows, false},
    {Place::pki_map, kMapConfigRows, false},
    {Place::pki_chain, kChainConfigRows, true},
    {Place::pki_chain, kActionRows, false},
};

constexpr Gloss kGloss[110] = {
    {"256", "Curve P-256"},
    {"384", "Curve P-384"},
    {"3des", "Triple DES"},
    {"aes", "AES-256"},
    {"affiliation-changed", "The owner belongs to somebody else"},
    {"all", "All"},
    {"allow", "Take a certificate in spite of a fault"},
    {"auto", "All requests"},
    {"base64", "Without BEGIN and END lines"},
    {"ca", "Certificate of the authority"},
    {"ca-cert", "Next certificate of the authority"},
    {"ca-compromise", "The key of the authority was stolen"},
    {"callbacks", "Callbacks"},
    {"certificate", "Certificate"},
    {"certificates", "Issued certificates"},
    {"cessation", "Not needed any more"},
    {"clear", "Reset functions"},
    {"cnm", "Files of single certificates"},
    {"co", "Contains"},
    {"complete", "The certificate and all about it"},
    {"continue", "Up to this trustpoint"},
    {"counters", "Requests answered and refused"},
    {"crl", "Revocation list"},
    {"crt", "Certificates"},
    {"crypto", "Certificates and keys"},
    {"database", "Files of the server"},
    {"des", "DES and triple DES"},
    {"ec", "Elliptic curve keys"},
    {"enrollment", "How a certificate is asked for"},
    {"eq", "Equal"},
    {"expired-certificate", "Although it has ended"},
    {"export", "Take out of the router"},
    {"exportable", "The private key may be exported"},
    {"from", "Sender"},
    {"ge", "At this time or later"},
    {"general-keys", "One pair for everything"},
    {"generate", "Make keys"},
    {"grant", "Grant waiting requests"},
    {"hold", "For some time"},
    {"ike", "VPN"},
    {"import", "Bring into the router"},
    {"info", "Lists of the server"},
    {"key", "Keys"},
    {"key-compromise", "The key was stolen"},
    {"keysize", "Size in bits"},
    {"label", "Name of the keys"},
    {"lifetime", "How long something is valid"},
    {"lt", "Before"},
    {"match", "What a peer must have"},
    {"md5", "MD5 (old)"},
    {"messages", "Messages"},
    {"minimum", "Only the serial number"},
    {"mode", "Way of working"},
    {"modulus", "Size in bits"},
    {"mypubkey", "Public keys of this router"},
    {"names", "Serial number and name"},
    {"nc", "Does not contain"},
    {"ne", "Not equal"},
    {"none", "None"},
    {"notice", "Notices before certificates end"},
    {"ocsp", "Ask a server about each certificate"},
    {"p12", "Keys and certificates (PKCS 12)"},
    {"password", "Password"},
    {"pem", "PEM form"},
    {"pkcs10", "Request in PKCS 10 form"},
    {"pkcs12", "PKCS 12 form"},
    {"pki", "Public key infrastructure"},
    {"profile", "Settings of a profile"},
    {"publish", "Others may fetch the files"},
    {"ra", "Registration authority"},
    {"ra-auto", "Requests of a registration authority"},
    {"ra-cert", "Next certificate of the registration authority"},
    {"regenerate", "With a new key"},
    {"reject", "Reject waiting requests"},
    {"remove", "Forget requests"},
    {"repeat", "Days between two notices"},
    {"request", "Take a request by hand"},
    {"requests", "Requests of clients"},
    {"retry", "Questions about a waiting request"},
    {"revocation-check", "Revocation is not asked for"},
    {"revoke", "Revoke a certificate"},
    {"rollover", "Next certificate"},
    {"rsa", "RSA keys"},
    {"scep", "Enrolment"},
    {"self-signed", "Signed by itself"},
    {"selfsigned", "Sign it by itself"},
    {"ser", "Serial number"},
    {"server", "Certificate server"},
    {"sha1", "SHA-1"},
    {"sha256", "SHA-256"},
    {"sha384", "SHA-384"},
    {"sha512", "SHA-512"},
    {"show", "Show running system information"},
    {"skip", "Leave out a check"},
    {"source", "Where requests come from"},
    {"ssl-client", "TLS client"},
    {"ssl-server", "TLS server"},
    {"status", "State of keys and certificates"},
    {"stop", "At this trustpoint"},
    {"sub-cs", "Subordinate server"},
    {"superseded", "Replaced by another one"},
    {"terminal", "Through this terminal"},
    {"to", "Receiver"},
    {"transactions", "Steps of an enrolment"},
    {"transparent", "Pass requests on unchanged"},
    {"url", "Address"},
    {"usage-keys", "One pair to sign, one to decrypt"},
    {"validation", "Why certificates of peers are refused"},
    {"verbose", "With key and extensions"},
    {"zeroize", "Remove keys"},
};

}  // namespace parley::crypto_pki
