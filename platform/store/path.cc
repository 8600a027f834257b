// Checks of file names.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/store/path.h"

#include <iterator>

namespace parley {
namespace {

bool good_part(std::string_view part) {
  if (part.empty() || part == "." || part == ".." || part.size() > kMaxNamePart || part.starts_with(kReservedName))
    return false;
  for (const char c : part)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
  return true;
}

bool good_name(std::string_view name) {
  if (name.size() > Path::kCapacity) return false;
  while (!name.empty()) {
    const size_t slash = name.find('/');
    if (!good_part(name.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    name.remove_prefix(slash + 1);
    if (name.empty()) return false;  // "folder/"
  }
  return true;
}

}  // namespace

Result<SplitPath> split_path(std::string_view path) {
  for (size_t i = 0; i < std::size(kFileSystems); ++i) {
    if (!path.starts_with(kFileSystems[i])) continue;
    std::string_view name = path.substr(std::string_view(kFileSystems[i]).size());
    if (name.starts_with('/')) name.remove_prefix(1);
    if (!good_name(name)) return Fault{Code::denied, "bad file name", 0};
    return SplitPath{i, name};
  }
  return Fault{Code::invalid, "no such file system", 0};
}

Result<SplitPath> split_file_path(std::string_view path) {
  TRY_ASSIGN(const SplitPath split, split_path(path));
  if (split.name.empty()) return Fault{Code::denied, "bad file name", 0};
  return split;
}

}  // namespace parley
