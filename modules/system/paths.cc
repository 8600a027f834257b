// File names as the operator types them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/paths.h"

namespace parley::system {

std::string_view fs_of(std::string_view path) {
  const size_t at = path.find(':');
  return at == std::string_view::npos ? std::string_view() : path.substr(0, at + 1);
}

std::string_view name_of(std::string_view path) {
  const size_t at = path.find(':');
  std::string_view name = at == std::string_view::npos ? path : path.substr(at + 1);
  while (!name.empty() && name.front() == '/') name.remove_prefix(1);
  return name;
}

std::string_view leaf_of(std::string_view path) {
  const size_t at = path.find_last_of(":/");
  return at == std::string_view::npos ? path : path.substr(at + 1);
}

Result<Path> resolve(std::string_view typed, std::string_view current) {
  const Fault bad{Code::invalid, "bad file name", 0};
  std::string_view fs = fs_of(typed);
  char text[Path::kCapacity];
  FixedWriter w(text);
  if (!fs.empty()) {
    bool known = false;
    for (const char* f : kFileSystems) {
      if (equal_nocase(fs, f)) {
        w.put(f);
        known = true;
      }
    }
    if (!known) return bad;
  } else {
    w.put(typed.starts_with('/') ? fs_of(current) : current);
  }
  w.put(name_of(typed));
  Path path;
  if (!w.ok() || !path.set(w.view())) return bad;
  return path;
}

void put_display(Writer& out, std::string_view path) {
  out.put(fs_of(path)).put('/').put(name_of(path));
}

const char* error_text(Code code) {
  switch (code) {
    case Code::missing: return "No such file or directory";
    case Code::exists: return "File exists";
    case Code::full: return "No space left on device";
    case Code::denied: return "Permission denied";
    case Code::invalid: return "Invalid argument";
    default: return "I/O error";
  }
}

}  // namespace parley::system
