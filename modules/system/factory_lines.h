// Lines that every router has before it reads a configuration: terminal lines and its own interfaces.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/text.h"
#include "platform/net/link.h"

namespace parley::system {

inline void put_factory_lines(Links& links, Writer& out) {
  out.put("line con 0\nline aux 0\nline vty 0 4\n");
  for (const char* name : {"GigabitEthernet0/0", "GigabitEthernet0/1"}) {
    if (links.state(name).present) out.put("interface ").put(name).put('\n');
  }
  out.put("exit\n");
}

}  // namespace parley::system
