// Command rows of http-server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_config.h"

#include "cli/place.h"

namespace parley::http_server {

using namespace parley::cli;

constexpr Row kConfigRows[] = {
    always(flag("ip http server", "HTTP server: enrolment, phone services", &Config::server)),              // 000:505, 2294
    value("ip http port <1-65535>", "TCP port of the HTTP server", &Config::port),
    pending(value("ip http access-class WORD", "Access list of the clients", &Config::access_class)),
    pending(value("ip http authentication {local|enable|aaa [LINE]}", "How users prove who they are",
                  &Config::authentication, &Config::aaa_list)),                                              // 000:2295
    always(flag("ip http secure-server", "HTTPS server", &Config::secure_server)),                  // 000:2296
    value("ip http secure-port <1-65535>", "TCP port of the HTTPS server", &Config::secure_port),
    value("ip http secure-trustpoint WORD", "Certificate of the HTTPS server", &Config::secure_trustpoint),
    value("ip http tls-version {TLSv1.0|TLSv1.1|TLSv1.2}", "Oldest TLS version of the HTTPS server",
          &Config::tls_version),                                                                    // design.md 5
    store("ip http secure-ciphersuite LINE", "Ciphers of the HTTPS server"),
    flag("ip http secure-client-auth", "Ask clients for a certificate", &Config::secure_client_auth),
    pending(value("ip http client secure-trustpoint WORD", "Certificate as a client", &Config::client_trustpoint)),
    pending(value("ip http path URL", "Folder of the files served", &Config::path)),                         // 000:2297
    value("ip http max-connections <1-1000>", "Connections at the same time", &Config::max_connections),
    store("ip http timeout-policy LINE", "When idle connections are closed"),
};

constexpr Section kSections[1] = {{Place::ip_http, kConfigRows, true}};

constexpr Gloss kGloss[12] = {
    {"TLSv1.0", "TLS 1.0 and its old ciphers (legacy profile)"},
    {"TLSv1.1", "TLS 1.1 or newer"},
    {"TLSv1.2", "TLS 1.2 or newer"},
    {"aaa", "By the AAA lists"},
    {"client", "This router as an HTTPS client"},
    {"enable", "By the enable password"},
    {"http", "HTTP server"},
    {"ip", "Internet protocol"},
    {"local", "By the local users"},
    {"server", "HTTP server"},
    {"show", "Show running system information"},
    {"ssl", "TLS"},
};

}  // namespace parley::http_server
