// Log catalogue of the CAPF server.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::capf_server {

inline constexpr LogMessage kDone{"CAPF", 5, "DONE", "{}: {} finished, certificate serial {}",
    "The phone confirmed; its files are made again with the new certificate.", "None."};
inline constexpr LogMessage kRefused{"CAPF", 4, "REFUSED", "{} ({}): session ended, {}",
    "The phone could not prove who it is, broke the protocol, or could not be served. Further ones are counted.",
    "Look at the reason; phones with TLS 1.0 need 'tls-minimum 1.0'."};
inline constexpr LogMessage kUnknown{"CAPF", 4, "UNKNOWN", "{}: a phone that is not configured here asked for its certificate",
    "No ephone has the mac-address that the name of the phone says.", "Configure the phone, or find out who asks."};
inline constexpr LogMessage kLocked{"CAPF", 3, "LOCKED", "{} is locked for ten minutes after five wrong authentication strings",
    "Somebody may be guessing the PIN of the phone.", "Ask the user; make a new string with 'auth-string generate'."};
inline constexpr LogMessage kGaveUp{"CAPF", 3, "GAVEUP", "{}: the phone could not make its key {} times, the operation is given up",
    "keygen-retry is used up.", "Restart the phone, then set its cert-oper again."};
inline constexpr LogMessage kDeadline{"CAPF", 4, "DEADLINE", "{}: operation was not done before its deadline and is dropped",
    "The phone did not come within 'cert-oper deadline' days.", "Find the phone; start the operation again."};
inline constexpr LogMessage kKeySizeDiffers{"CAPF", 4, "KEYSIZE", "phone-key-size is {}, phones are asked for {} bits",
    "A shorter key could not be used for secure signalling.", "None; 'tls-minimum 1.0' in telephony-service allows 1024."};
inline constexpr LogMessage kDamaged{"CAPF", 3, "DAMAGED", "{} is not used: {}",
    "What was remembered of this phone is lost.", "Set cert-oper fetch for the phone."};
inline constexpr LogMessage kNotWritten{"CAPF", 3, "NOTWRITTEN", "The record of {} cannot be kept: {}",
    "Its session waits; it ends without effect when the record cannot be written.", "Look at space and health of nvram:."};

inline constexpr LogMessage kImported{"CAPF", 5, "IMPORTED", "{}: certificate of the offline authority imported",
    "The phone gets it at its next contact.", "'reset' in the mode of its ephone."};

inline constexpr const LogMessage* kMessages[] = {&kDone, &kRefused, &kUnknown, &kLocked, &kGaveUp, &kDeadline, &kKeySizeDiffers, &kDamaged,
                                                  &kNotWritten, &kImported};

}  // namespace parley::capf_server
