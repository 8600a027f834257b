// Log catalogue of the CTL client about providers of other routers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::ctl_client {

inline constexpr LogMessage kProviderRecords{"CTL", 5, "PROVIDER", "{} certificates received from the CTL provider at {}",
    "The certificates of another router changed; they enter the CTL file.", "None."};
inline constexpr LogMessage kProviderFailed{"CTL", 4, "PROVIDERFAIL", "CTL provider at {} gave nothing: {}",
    "What it gave before, if anything, is still used.",
    "Look at 'credentials' on that router, at user and password on both, and at its certificate."};
inline constexpr LogMessage kProviderConfirmed{"CTL", 5, "PROVIDERTRUST", "Certificate of the CTL provider at {} accepted at the console, SHA256 {}",
    "An operator compared the fingerprint; it is kept in nvram:.", "None."};
inline constexpr LogMessage kProvidersDamaged{"CTL", 3, "PROVIDERDAMAGED", "{} is not used: {}",
    "Certificates of other routers, and which of their fingerprints were accepted, are not known any more.",
    "Use 'regenerate' in ctl-client mode: it asks them anew."};
inline constexpr LogMessage kProvidersNotWritten{"CTL", 3, "PROVIDERNOTWRITTEN", "What CTL providers gave cannot be kept: {}",
    "After a restart they must be asked, and their certificates accepted, again.", "Look at space and health of nvram:."};

}  // namespace parley::ctl_client
