// The module credentials: CTL provider for another router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

extern const Module kCredentials;

}  // namespace parley
