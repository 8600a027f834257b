// What `show tech-support` leaves out.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/text.h"

namespace parley::system {

// Configuration lines; what stands behind a word like `password` or `key` becomes <removed>.
void put_concealed(Writer& out, std::string_view lines);

}  // namespace parley::system
