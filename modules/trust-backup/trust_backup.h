// The module trust-backup: sealed copies of all keys, certificates and trust lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

extern const Module kTrustBackup;

}  // namespace parley
