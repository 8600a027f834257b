// Services: names to objects, filled in create(), read afterwards.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/module.h"

namespace parley {

void Services::set(const char* name, void* service) {
  for (Entry& e : entries_) {
    if (e.name == nullptr) {
      e = {name, service};
      return;
    }
    PARLEY_CHECK(std::string_view(e.name) != name);  // two providers of one service: a mistake of the module list
  }
  PARLEY_PANIC("too many services");
}

void* Services::get(const char* name) const {
  for (const Entry& e : entries_) {
    if (e.name != nullptr && std::string_view(e.name) == name) return e.service;
  }
  return nullptr;
}

}  // namespace parley
