// Time of day as the router shows it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/time.h"

namespace parley::system {

struct Zone {
  Text<32> name = Text<32>("UTC");
  int32_t offset_min = 0;    // east of UTC
};

// "12:01:02.345 UTC Sat Nov 21 2026"
void put_clock(Writer& out, UnixTime t, uint32_t ms, const Zone& zone);
// "12:01:02 UTC Sat Nov 21 2026"
void put_moment(Writer& out, UnixTime t, const Zone& zone);

}  // namespace parley::system
