// Rows of the module.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/row.h"

namespace parley::crypto_engine {

extern const cli::Row kExec[2];

}  // namespace parley::crypto_engine
