// Global command rows of crypto-pki, certificate chains and maps.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Actions (crypto pki authenticate / enroll / import / export, crypto key generate / zeroize / import / export) are EXEC and
// configuration actions: their rows stand beside their functions.
#include "modules/crypto-pki/pki_config.h"

#include "cli/place.h"

namespace parley::crypto_pki {

using namespace parley::cli;

constexpr Row kChainRows[] = {
    list("certificate [ca|self-signed|rollover] HEX -> CERT-HEX", "Certificate as hex digits", &Chain::certificates,
         &Certificate::kind, &Certificate::serial, &Certificate::der),                                  // 000:2140, 2163
};
constexpr Mode kChainMode = mode("cert-chain", "(config-cert-chain)", "Crypto CA certificate chain", kChainRows);
constexpr Block kChainBlock = entries<Chain>(kChainMode, Sorted::defined);

constexpr Mode kMapMode = mode("cert-map", "(ca-certificate-map)", "Crypto CA certificate map", free_body);
constexpr Block kMapBlock = entries<Map>(kMapMode, Sorted::defined);

constexpr Row kServerConfigRows[] = {
    pending(value("crypto pki notice days <1-365> [repeat <1-30>]", "Days before the end that a notice is sent",
                  &Config::notice_days, &Config::notice_repeat_days)),                                  // design.md 6
    pending(value("crypto pki notice mail-server WORD from WORD to WORD", "Mail server that takes notices",
                  &Config::mail_server, &Config::mail_from, &Config::mail_to)),
    block("crypto pki server WORD", "Certificate server", kServerBlock, &Config::servers, &CaServer::label),       // 000:506
};
constexpr Row kTrustpointConfigRows[] = {
    block("crypto pki trustpoint WORD", "Certificate of this router", kTrustpointBlock, &Config::trustpoints,
          &Trustpoint::label),                                                                          // 000:512, 602
    hidden(block("crypto ca trustpoint WORD", "Older spelling of crypto pki trustpoint", kTrustpointBlock,
                 &Config::trustpoints, &Trustpoint::label)),
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

constexpr Section kSections[4] = {
    {Place::pki_server, kServerConfigRows, false},
    {Place::pki_trustpoint, kTrustpointConfigRows, false},
    {Place::pki_map, kMapConfigRows, false},
    {Place::pki_chain, kChainConfigRows, true},
};

constexpr Gloss kGloss[55] = {
    {"3des", "Triple DES"},
    {"auto", "All requests"},
    {"ca", "Certificate of the authority"},
    {"ca-cert", "Next certificate of the authority"},
    {"certificate", "Certificate"},
    {"cnm", "Files of single certificates"},
    {"complete", "The certificate and all about it"},
    {"continue", "Up to this trustpoint"},
    {"crl", "Revocation list"},
    {"crt", "Certificates"},
    {"crypto", "Certificates and keys"},
    {"database", "Files of the server"},
    {"des", "DES and triple DES"},
    {"enrollment", "How a certificate is asked for"},
    {"from", "Sender"},
    {"ike", "VPN"},
    {"lifetime", "How long something is valid"},
    {"match", "What a peer must have"},
    {"md5", "MD5 (old)"},
    {"minimum", "Only the serial number"},
    {"mode", "Way of working"},
    {"names", "Serial number and name"},
    {"none", "None"},
    {"notice", "Notices before certificates end"},
    {"ocsp", "Ask a server about each certificate"},
    {"p12", "Keys and certificates (PKCS 12)"},
    {"password", "Password"},
    {"pem", "PEM form"},
    {"pkcs12", "PKCS 12 form"},
    {"pki", "Public key infrastructure"},
    {"profile", "Settings of a profile"},
    {"publish", "Others may fetch the files"},
    {"ra", "Registration authority"},
    {"ra-auto", "Requests of a registration authority"},
    {"ra-cert", "Next certificate of the registration authority"},
    {"regenerate", "With a new key"},
    {"repeat", "Days between two notices"},
    {"retry", "Questions about a waiting request"},
    {"rollover", "Next certificate"},
    {"self-signed", "Signed by itself"},
    {"selfsigned", "Sign it by itself"},
    {"ser", "Serial number"},
    {"sha1", "SHA-1"},
    {"sha256", "SHA-256"},
    {"sha384", "SHA-384"},
    {"sha512", "SHA-512"},
    {"source", "Where requests come from"},
    {"ssl-client", "TLS client"},
    {"ssl-server", "TLS server"},
    {"stop", "At this trustpoint"},
    {"sub-cs", "Subordinate server"},
    {"terminal", "Through this terminal"},
    {"to", "Receiver"},
    {"transparent", "Pass requests on unchanged"},
    {"url", "Address"},
};

}  // namespace parley::crypto_pki
