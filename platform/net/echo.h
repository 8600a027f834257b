// ICMP echo as tasks see it: `ping` and `traceroute`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "platform/base/result.h"

namespace parley {

struct EchoReply {
  enum class Kind : uint8_t { answer, expired, unreachable, prohibited, too_big } kind = Kind::answer;
  uint32_t from = 0;          // who answered
  uint16_t sequence = 0;      // of the message it is about
};

// One conversation; the owner task is woken when a reply may be there. Replies to others' messages are not seen.
class IcmpEcho {
 public:
  virtual ~IcmpEcho() = default;
  // size: the whole IP packet, at least 36. Faults: unreachable networks give io, a full queue busy.
  virtual Status send(uint32_t to, uint16_t sequence, uint8_t ttl, size_t size) = 0;
  virtual Result<EchoReply> receive() = 0;    // Fault busy: nothing now
};

}  // namespace parley
