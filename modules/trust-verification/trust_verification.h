// The module trust-verification: answers phones that ask whether to trust (TVS).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

extern const Module kTrustVerification;

}  // namespace parley
