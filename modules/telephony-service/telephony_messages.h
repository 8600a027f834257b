// Log catalogue of telephony-service.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::telephony_service {

inline constexpr LogMessage kFilesMade{"CNF", 5, "MADE", "Phone files made: {} files, {} signatures",
    "Configuration files of phones changed and are served now.", "'reset' (all, or H.H.H) in telephony-service makes phones take them at once."};
inline constexpr LogMessage kFilesFailed{"CNF", 3, "FAILED", "Phone files were not made: {}",
    "The files that were there before are still served.", "Remove the cause that the message names; it is tried again then."};
inline constexpr LogMessage kClearSecret{"CNF", 4, "CLEARTEXT", "The phone files carry the SSH password in clear text",
    "Everybody in the telephone network can read phone files that are not encrypted.",
    "Remove 'ssh userid', or encrypt the phone files."};
inline constexpr LogMessage kUnreadableSecret{"CNF", 4, "NOSECRET", "The SSH password is stored encrypted and was left out of the phone files",
    "Phones get no SSH login, because their files are not encrypted.", "None."};
inline constexpr LogMessage kClearSip{"CNF", 4, "SIPCLEAR", "Files of SIP phones carry their password in clear text, first: voice register pool {}",
    "Everybody in the telephone network can read phone files that are not encrypted. Told once.",
    "Keep these phones in a network of their own."};
inline constexpr LogMessage kUnreadableSip{"CNF", 4, "SIPSECRET", "The password of voice register pool {} is stored encrypted and was left out of its file",
    "The phone cannot log in with it. Told once for the first such pool.", "Type it at the phone."};

inline constexpr LogMessage kCfgFileFailed{"CNF", 3, "LOADFAILED", "File {} of load-cfg-file is not served: {}",
    "Phones that ask for this name get an error.", "Remove the cause that the message names; it is tried again every 10 seconds."};

inline constexpr LogMessage kSecureRefused{"SCCP", 4, "REFUSED", "{} at {} was refused on the secure signalling port: {}",
    "A phone with a wrong certificate, name or security mode came to port 2443, or it was no phone at all.",
    "If it is one of your phones: 'cert-oper upgrade' gives it a certificate, 'device-security-mode' sets its mode."};

inline constexpr LogMessage kPlainRefused{"SCCP", 4, "PLAINREFUSED", "{} at {} was refused on the plain signalling port: {}",
    "A phone that is not configured, or that has to come to port 2443 by its security mode, or no phone at all. Eight are told in ten seconds, all are counted.",
    "If it is one of your phones: configure its ephone, or give it a certificate ('cert-oper upgrade')."};
inline constexpr LogMessage kPlainDown{"SCCP", 3, "PORTDOWN", "Plain signalling port {} cannot be opened: {}",
    "Phones cannot register there.", "Change 'ip source-address', or the address of the interface; it is tried again."};
inline constexpr LogMessage kAutoRegistered{"SCCP", 5, "AUTOREG", "{} at {} registered itself and is ephone {} now",
    "auto-reg-ephone is on, so that phones nobody configured become ephones.", "'no auto-reg-ephone' when all phones are there."};
inline constexpr LogMessage kResetsOver{"SCCP", 6, "RESETSOVER", "{} of all phones is over: {} were told, {} did not come back in time",
    "'reset all', 'reset sequence-all' or 'restart all' has reached its end.",
    "'show ephone' tells with reset_sent:1 which phones did not register since."};

inline constexpr const LogMessage* kMessages[] = {&kFilesMade, &kFilesFailed, &kClearSecret, &kUnreadableSecret, &kClearSip, &kUnreadableSip, &kCfgFileFailed,
                                                  &kSecureRefused, &kPlainRefused, &kPlainDown, &kAutoRegistered, &kResetsOver};

}  // namespace parley::telephony_service
