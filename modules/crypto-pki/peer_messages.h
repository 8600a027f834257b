// Log catalogue of crypto-pki: peers and revocation.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::crypto_pki {

inline constexpr LogMessage kPeerRefused = {
    "PKI", 4, "PEERREFUSED", "Certificate serial {} of a peer ({}) is refused: {}",
    "A peer of a TLS session, or a file, showed a certificate that does not lead to a trusted one by the rules of RFC 5280. At most "
    "10 are told in a minute.",
    "See show crypto pki certificates verbose for the authorities that are trusted, and debug crypto pki validation."};

}  // namespace parley::crypto_pki
