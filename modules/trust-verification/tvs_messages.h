// Log catalogue of the trust verification service.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::trust_verification {

inline constexpr LogMessage kRefused{"TVS", 4, "REFUSED", "Peer {} was not answered: {}",
    "The handshake failed, or the peer spoke another protocol. Further ones are counted in 'show trust-verification'.",
    "Look at the peer; phones with TLS 1.0 need 'tls-minimum 1.0'."};
inline constexpr LogMessage kInvalid{"TVS", 5, "INVALID", "{} asked for a certificate that is not trusted here",
    "The phone met a server whose certificate is none of this router, or an old one.",
    "If the server is yours, put its certificate into the trust list ('import certificate' in ctl-client)."};
inline constexpr LogMessage kTableDamaged{"TVS", 3, "DAMAGED", "{} is not used: {}",
    "Certificates that were replaced in the last thirty days are not known any more.", "None; the present ones are trusted."};
inline constexpr LogMessage kTableNotWritten{"TVS", 3, "NOTWRITTEN", "The trust table cannot be kept: {}",
    "After a restart, certificates that were replaced are not known any more.", "Look at space and health of nvram:."};

inline constexpr const LogMessage* kMessages[] = {&kRefused, &kInvalid, &kTableDamaged, &kTableNotWritten};

}  // namespace parley::trust_verification
