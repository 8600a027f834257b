// The module voice-srtp: media, SRTP, DSPs, calls between routers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"

namespace parley {

extern const Module kVoiceSrtp;

}  // namespace parley
