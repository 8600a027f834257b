// Log catalogue of the CTL provider.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::credentials {

inline constexpr LogMessage kServed{"CREDENTIALS", 5, "SERVED", "{} certificates handed to the CTL client at {}, user {}, {}",
    "Another router lists the certificates of this one in the trust lists of its phones.", "None."};
inline constexpr LogMessage kRefused{"CREDENTIALS", 4, "REFUSED", "CTL client at {} was refused: {}",
    "The peer failed in the TLS handshake, spoke another protocol, or was too slow. Counted in 'show credentials'.",
    "Look at the peer; if nobody shall ask, take the address away from untrusted networks."};
inline constexpr LogMessage kAuthFailed{"CREDENTIALS", 4, "AUTHFAIL", "CTL client at {} gave a wrong proof of user and secret",
    "The user or the secret is wrong, an old exchange was played again, or somebody stands in between.",
    "Compare 'ctl-service admin' here with 'server cme ... username' there."};
inline constexpr LogMessage kLocked{"CREDENTIALS", 2, "LOCKED", "CTL client at {} is locked out for {} seconds after wrong proofs",
    "Somebody guesses the secret.", "Find out who owns the address. Another 'ctl-service admin' line unlocks."};
inline constexpr LogMessage kNoSecret{"CREDENTIALS", 3, "NOSECRET", "The CTL provider answers nobody: {}",
    "Without a usable secret no CTL client can prove itself.", "Enter 'ctl-service admin' again."};

inline constexpr const LogMessage* kMessages[] = {&kServed, &kRefused, &kAuthFailed, &kLocked, &kNoSecret};

}  // namespace parley::credentials
