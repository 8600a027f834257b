// Taking paths of the router's file systems apart. The rules stand in store.h; every store uses these functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/store/store.h"

namespace parley {

struct SplitPath {
  size_t fs = 0;                // index into kFileSystems
  std::string_view name;        // without leading '/'; empty: the root folder
};

// Names starting with this belong to the stores themselves.
constexpr std::string_view kReservedName = ".parley";
constexpr size_t kMaxNamePart = 128;

// Faults: invalid (no such file system), denied (bad name).
Result<SplitPath> split_path(std::string_view path);
// The same, and refuses the root folder.
Result<SplitPath> split_file_path(std::string_view path);

}  // namespace parley
