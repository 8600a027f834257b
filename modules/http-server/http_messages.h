// Log catalogue of http-server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::http_server {

inline constexpr LogMessage kListenFailed = {
    "HTTP", 3, "LISTEN", "Cannot listen on port {}: {}",
    "The HTTP server is switched on, but its port could not be opened. It is tried again every 5 seconds.",
    "Give the HTTP server another port (ip http port), or free this one."};

inline constexpr LogMessage kFull = {
    "HTTP", 4, "CONNLIMIT", "All {} connections are in use, a new one was refused",
    "Every connection of the HTTP server is being answered. Told once until the server is restarted.",
    "Raise ip http max-connections, or look for a peer that opens too many connections (show ip http server status)."};

inline constexpr LogMessage kHandshakeFailed = {
    "HTTP", 4, "TLSFAIL", "HTTPS session with {} ended: {}",
    "The TLS handshake failed, or the certificate of the client is not trusted. At most 10 are told in a minute.",
    "Look at the certificates of both sides (show crypto pki certificates verbose) and at ip http tls-version."};

inline constexpr LogMessage kNoHttps = {
    "HTTP", 4, "NOHTTPS", "HTTPS port {} has no certificate: {}",
    "HTTPS is on, but the trustpoint it needs cannot be used. It starts by itself when that changes.",
    "Enrol the trustpoint: that of ip http secure-trustpoint (443), of tftp-server-credentials (6972)."};

inline constexpr const LogMessage* kMessages[] = {&kListenFailed, &kFull, &kHandshakeFailed, &kNoHttps};

}  // namespace parley::http_server
