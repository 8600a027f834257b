// An attribute beside those of row.h: lines that add to a list.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/row.h"

namespace parley::cli {

// A value of one Several: later lines add to it, an item with the key of another replaces that, `no` with items takes those.
inline constexpr Attribute kAdding = static_cast<Attribute>(64);
static_assert(kAdding > kPositive);
consteval Row adding(Row r) {
  if (r.kind != Kind::value || r.member_count != 1 || r.members[0].item == 0) row_detail::repeated_value_needs_Several();
  return with(r, kAdding);
}

}  // namespace parley::cli
