// Log catalogue of trust-backup.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::trust_backup {

inline constexpr LogMessage kMade{"TRUST", 5, "BACKUP", "{} files sealed and copied to {}",
    "All keys, certificates and trust lists are in that file, under the passphrase that was typed.",
    "Keep file and passphrase in different places. Make another copy after each change of a key."};
inline constexpr LogMessage kStaged{"TRUST", 4, "RESTORE", "{} files of router {} take the place of this router's at the next reload",
    "A sealed copy was accepted.", "Use 'reload'."};
inline constexpr LogMessage kRefused{"TRUST", 4, "REFUSED", "A sealed copy was refused: {}",
    "Nothing was changed.", "Look at passphrase and file."};

inline constexpr const LogMessage* kMessages[] = {&kMade, &kStaged, &kRefused};

}  // namespace parley::trust_backup
