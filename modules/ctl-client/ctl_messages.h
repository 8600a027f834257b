// Log catalogue of the CTL client.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/provider_messages.h"
#include "platform/log/log.h"

namespace parley::ctl_client {

inline constexpr LogMessage kMade{"CTL", 5, "GENERATED", "CTL file made, {} mode, signed by trustpoint {}",
    "Phones fetch the new list at their next restart and accept it because they know its signer.", "None."};
inline constexpr LogMessage kRemoved{"CTL", 5, "REMOVED", "CTL file removed",
    "New phones get no list any more. Phones that hold one keep it until it is deleted at the phone.", "None."};
inline constexpr LogMessage kDamaged{"CTL", 3, "DAMAGED", "The stored CTL file is not served: {}",
    "The file in nvram: does not pass the checks that a phone makes.", "Make it new with 'regenerate' in ctl-client mode."};
inline constexpr LogMessage kStale{"CTL", 4, "STALE", "A certificate changed and the CTL file cannot follow: {}",
    "Phones would not trust the new certificate, because the list they fetch still names the old one.",
    "Remove the cause that the message names, then use 'regenerate' in ctl-client mode."};
inline constexpr LogMessage kFailed{"CTL", 3, "FAILED", "The CTL file could not be changed: {}",
    "Signing or writing failed; the list that was there before is still served.", "Look at space and health of nvram:."};

inline constexpr LogMessage kItlMade{"ITL", 5, "GENERATED", "ITL file made, signed by trustpoint {}",
    "A certificate, address or setting changed; phones fetch the new list at their next restart.", "None."};
inline constexpr LogMessage kItlStaged{"ITL", 5, "STAGED", "ITL file made, signed by the former signer; {} is listed in it and signs when all phones have fetched it",
    "Phones accept a new signer only when a signer that they know has listed it.", "'reset' phones that did not fetch ITLSEP<MAC>.tlv since: telephony-service, reset {all|H.H.H}."};
inline constexpr LogMessage kItlKept{"ITL", 4, "KEPT", "The ITL file is not made anew: {}",
    "Phones would refuse the new list, or it cannot be made. What was served before is still served.",
    "Remove the cause that the message names. 'no itl' and 'itl' begin anew; phones that hold the old list must then be reset by hand."};
inline constexpr LogMessage kItlRemoved{"ITL", 5, "REMOVED", "ITL file removed",
    "New phones get no ITL any more. Phones that hold one keep it until it is deleted at the phone.", "None."};
inline constexpr LogMessage kItlDamaged{"ITL", 3, "DAMAGED", "The stored ITL file is not served: {}",
    "The file in nvram: does not pass the checks that a phone makes.", "'no itl' and 'itl' in ctl-client mode make it anew."};

inline constexpr LogMessage kMemoryDamaged{"CTL", 3, "MEMORY", "What phones hold is not known any more: {}",
    "nvram:phone-lists does not pass its check. Each phone is taken to hold the lists that are served now.",
    "'reset all' in telephony-service before signers or certificates of phone services are changed."};
inline constexpr LogMessage kMemoryNotWritten{"CTL", 3, "MEMORYWRITE", "What phones hold could not be written: {}",
    "Stages of a rotation wait until it can be written.", "Look at space and health of nvram:."};
inline constexpr LogMessage kRotationDamaged{"CTL", 3, "ROTATION", "Which certificates were in use is not known any more: {}",
    "nvram:trust-rotation does not pass its check. The newest certificates are used at once; former key pairs are kept.", "'reset all' in telephony-service."};
inline constexpr LogMessage kRotationNotWritten{"CTL", 3, "ROTATIONWRITE", "Which certificates are in use could not be written: {}",
    "After a restart the rotation goes on from an earlier stage.", "Look at space and health of nvram:."};
inline constexpr LogMessage kNextInUse{"CTL", 5, "ROTATED", "The next certificate of trustpoint {} is in use",
    "All phones know it from their lists.", "None."};
inline constexpr LogMessage kInUse{"CTL", 5, "INUSE", "Trustpoint {} is in use instead of {}",
    "All phones know it from their lists.", "None."};

inline constexpr LogMessage kEndedWaiting{"CTL", 4, "ENDED", "Trustpoint {} has its next certificate in use: that of {} has ended while phones know no other",
    "Phones that were off since it was renewed hear of the next one at their boot.", "None for phones that boot; running ones need a restart."};

inline constexpr const LogMessage* kMessages[] = {&kMade, &kRemoved, &kDamaged, &kStale, &kFailed,
                                                  &kItlMade, &kItlStaged, &kItlKept, &kItlRemoved, &kItlDamaged,
                                                  &kMemoryDamaged, &kMemoryNotWritten, &kRotationDamaged,
                                                  &kRotationNotWritten, &kNextInUse, &kInUse, &kEndedWaiting, &kProviderRecords,
                                                  &kProviderFailed, &kProviderConfirmed, &kProvidersDamaged, &kProvidersNotWritten};

}  // namespace parley::ctl_client
