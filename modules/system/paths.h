// File names as the operator types them ("flash:a", "flash:/a", "a") to paths of the store.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "platform/store/store.h"

namespace parley::system {

// Completes a name with the current folder ("flash:" or "flash:sub/"). Fault invalid: unknown file system or bad name.
Result<Path> resolve(std::string_view typed, std::string_view current);
std::string_view fs_of(std::string_view path);      // "flash:"
std::string_view name_of(std::string_view path);    // after the colon, without leading '/'
std::string_view leaf_of(std::string_view path);    // after the last '/' or ':'
void put_display(Writer& out, std::string_view path);   // "flash:/a"
const char* error_text(Code code);                  // "No such file or directory", as inside "%Error opening flash:x (...)"

}  // namespace parley::system
