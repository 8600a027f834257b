// Log catalogue of the legacy fence.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::crypto_engine {

inline constexpr LogMessage kLegacyDevice{"CRYPTO", 4, "LEGACY", "{} uses old protocols on port {}: {} {}, {} bit, {}",
    "The device was let in because the listener's configuration allows it. It is logged once and kept in the list.",
    "Replace the device or its certificate; 'show crypto legacy' lists all that are left."};
inline constexpr LogMessage kModernDevice{"CRYPTO", 5, "MODERN", "{} does not need old protocols on port {} any more",
    "It came back with nothing that the modern profile refuses.", "None."};
inline constexpr LogMessage kUnreadable{"CRYPTO", 4, "LEGACYREAD", "The list of devices with old protocols cannot be read: {}",
    "The list begins empty; devices are logged again.", "Look at the health of nvram:."};
inline constexpr LogMessage kNotStored{"CRYPTO", 4, "LEGACYSTORE", "The list of devices with old protocols is not stored: {}",
    "It is tried again; a restart before that loses what is new.", "Look at space and health of nvram:."};

inline constexpr const LogMessage* kMessages[] = {&kLegacyDevice, &kModernDevice, &kUnreadable, &kNotStored};

}  // namespace parley::crypto_engine
