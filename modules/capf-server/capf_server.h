// The module capf-server: certificates for telephones (CAPF).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

extern const Module kCapfServer;

}  // namespace parley
