// The module test-phone: `test phone` boots a built-in phone against this router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

extern const Module kTestPhone;

}  // namespace parley
