// One argument of a log message, made harmless for a terminal.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/log/log.h"

namespace parley {

void LogArg::print(Writer& to) const {
  switch (kind_) {
    case Kind::number: to.dec(number_); return;
    case Kind::ip: to.ipv4(static_cast<uint32_t>(number_)); return;
    case Kind::text: break;
  }
  for (const char c : text_) to.put(c >= 0x20 && c < 0x7f ? c : '.');
}

}  // namespace parley
