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

inline constexpr LogMessage kCrlFailed = {
    "PKI", 3, "CRL_FETCH_FAIL", "CRL fetch for trustpoint {} failed. URL {}. Reason : {}",
    "The revocation list could not be fetched, or it is not one of the authority. It is tried again after a minute when it is needed.",
    "Check the URL and the way to the server; revocation-check with a further method decides meanwhile."};

inline constexpr LogMessage kOcspFailed = {
    "PKI", 3, "OCSP_FAIL", "OCSP request for trustpoint {} failed. URL {}. Reason : {}",
    "The OCSP responder did not answer, or its answer cannot be trusted. It is asked again after a minute when it is needed.",
    "Check ocsp url and the certificate of the responder; revocation-check with a further method decides meanwhile."};

}  // namespace parley::crypto_pki
