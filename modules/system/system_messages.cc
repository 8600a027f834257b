// Log catalogue of the system module.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/system_messages.h"

namespace parley::system {

const LogMessage kMsgConfigured{"SYS", 5, "CONFIG_I", "Configured from console by {}",
                                "A session left configuration mode.", "None."};
const LogMessage kMsgReload{"SYS", 5, "RELOAD", "Reload requested by {}. Reload Reason: Reload Command.",
                            "An operator asked for a reload.", "None."};
const LogMessage kMsgRestart{"SYS", 5, "RESTART", "System restarted -- Parley Software, Version {}",
                             "The router has booted.", "None."};
const LogMessage kMsgCpuHog{"SYS", 3, "CPUHOG", "Task is running for ({})usecs, more than (10000)usecs, process = {}",
                            "One step of a task took longer than the scheduler's budget; others had to wait.",
                            "If it repeats, report it with the output of show processes cpu."};
const LogMessage kMsgClockSet{"SYS", 6, "CLOCKUPDATE", "System clock has been updated from {} to {}, configured from {} by {}.",
                              "The wall clock was set.", "None."};
const LogMessage kMsgLoginFailed{"SEC_LOGIN", 4, "LOGIN_FAILED", "Login failed [user: {}] [line: {}]",
                                 "A wrong user name or password was given.", "If it repeats, find out who tries."};
const LogMessage kMsgLoginSuccess{"SEC_LOGIN", 5, "LOGIN_SUCCESS", "Login Success [user: {}] [line: {}]", "Somebody logged in.", "None."};
const LogMessage kMsgUserLocked{"AAA", 5, "USER_LOCKED", "User {} locked out on authentication failure",
                                "A local user gave too many wrong passwords in a row (aaa local authentication attempts max-fail).",
                                "Enter clear aaa local user lockout when it was the user."};
const LogMessage kMsgUserUnlocked{"AAA", 5, "USER_UNLOCKED", "User {} unlocked", "A user who was locked out may log in again.", "None."};
const LogMessage kMsgPasswordUnusable{"SYS", 4, "PASSWORD", "A stored type {} password cannot be read with this router's keys",
                                      "The password was encrypted under another master key or is not a valid string.",
                                      "Enter the password again."};
const LogMessage kMsgStored{"PARSER", 5, "STORED", "Line stored without effect: {}",
                            "An unknown line was kept because service store-unknown is on.", "None."};
const LogMessage kMsgRollbackWaits{"ARCHIVE_DIFF", 5, "ROLLBK_CNFMD_CHG_START_ABSTIMER",
                                   "Rollback Confirmed Change: Reverting in {} minute(s) unless confirmed",
                                   "A replaced configuration waits for configure confirm.", "Enter configure confirm to keep it."};
const LogMessage kMsgRolledBack{"ARCHIVE_DIFF", 5, "ROLLBK_CNFMD_CHG_ROLLBACK_START",
                                "Rollback Confirmed Change: the previous configuration is back",
                                "The timer of a replaced configuration ended, or configure revert now was entered.", "None."};
const LogMessage kMsgTrustRestored{"TRUST", 5, "RESTORED", "Keys, certificates and trust lists of a sealed copy are in place",
                                   "restore trust was entered before this boot.", "None."};
const LogMessage kMsgTrustNotRestored{"TRUST", 3, "NOTRESTORED", "The files of a sealed copy could not be put in place: {}",
                                      "restore trust was entered before this boot; what was put in place so far may be used already.",
                                      "Make room in nvram: and reload, or enter restore trust again."};
const LogMessage kMsgNotArchived{"ARCHIVE", 4, "NOTSAVED", "The configuration could not be archived to {} ({})",
                                 "A copy by write-memory or time-period of the archive mode failed.", "Check path and free space."};
const LogMessage kMsgMemory{"SYS", 2, "MALLOCFAIL", "Memory allocation failed in account {}",
                            "An account has reached its limit.", "Reduce the configuration or choose an image with higher limits."};

}  // namespace parley::system
