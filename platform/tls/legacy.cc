// What a finished handshake means for the legacy fence.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/tls/legacy.h"

#include "platform/tls/tls.h"

namespace parley {

void LegacyFence::handshake(uint16_t port, std::string_view device, const TlsInfo& info) {
  if (!info.legacy) return modern(port, device);
  LegacyUse use;
  use.device = Text<64>(device.substr(0, 64));
  use.port = port;
  use.version = info.version;
  use.suite = info.suite;
  use.key_bits = info.peer_bits;
  use.hash = info.peer_hash;
  used(use);
}

}  // namespace parley
