// Log catalogue of the file service.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::file_service {

inline constexpr LogMessage kNoSocket{"TFTP", 3, "NOSOCKET", "UDP port {} cannot be opened: {}",
    "Phones cannot fetch their files. It is tried again every ten seconds.",
    "Look for another program or service that uses the port."};
inline constexpr LogMessage kBusy{"TFTP", 4, "BUSY", "{} requests were dropped because all transfers are in use",
    "The pool of transfers is full, or one address holds its whole share. Clients ask again by themselves.",
    "If it goes on, raise the number of transfers in the image, or look for the address that floods the router."};
inline constexpr LogMessage kRefused{"TFTP", 4, "REFUSED", "Request from {} was refused: {}",
    "Somebody tried to write, or to reach a file outside of the published set.",
    "Find out who uses that address. Further refusals are counted in 'show tftp-server'."};
inline constexpr LogMessage kNoAccessLists{"TFTP", 4, "NOACL", "tftp-server {} names access list {}, which cannot be asked; the file is not served",
    "A file that is bound to an access list is served only when the list permits it.",
    "Remove the access list from the tftp-server line, or use an image that has access lists."};

inline constexpr const LogMessage* kMessages[] = {&kNoSocket, &kBusy, &kRefused, &kNoAccessLists};

}  // namespace parley::file_service
