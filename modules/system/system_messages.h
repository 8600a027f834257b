// Log catalogue of the system module.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/log/log.h"

namespace parley::system {

extern const LogMessage kMsgConfigured;
extern const LogMessage kMsgReload;
extern const LogMessage kMsgRestart;
extern const LogMessage kMsgCpuHog;
extern const LogMessage kMsgClockSet;
extern const LogMessage kMsgLoginFailed;
extern const LogMessage kMsgLoginSuccess;
extern const LogMessage kMsgUserLocked;
extern const LogMessage kMsgUserUnlocked;
extern const LogMessage kMsgPasswordUnusable;
extern const LogMessage kMsgMemory;
extern const LogMessage kMsgStored;
extern const LogMessage kMsgRollbackWaits;
extern const LogMessage kMsgRolledBack;
extern const LogMessage kMsgNotArchived;
extern const LogMessage kMsgTrustRestored;
extern const LogMessage kMsgTrustNotRestored;

}  // namespace parley::system
