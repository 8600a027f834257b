// The legacy fence (design.md 5): who still needs old TLS, short keys or weak SCEP dialects. Modules tell, `show crypto
// legacy` prints.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/text.h"
#include "platform/base/time.h"

namespace parley {

struct TlsInfo;

// One use of something the modern profile refuses. Empty or 0: not known, or not the reason.
struct LegacyUse {
  Text<64> device;      // "SEP001122334455" where it is known, else the name in the certificate, else the address
  uint16_t port = 0;    // of the listener: 2443, 3804, 2445, 443; 80 = SCEP
  Text<16> version;     // "TLSv1", "SCEP"
  Text<48> suite;       // "AES128-SHA"; SCEP: "DES-CBC/MD5"
  uint16_t key_bits = 0;
  Text<16> hash;        // signature hash of the peer's certificate or message: "SHA1"
};

struct LegacyRecord {
  LegacyUse use;
  UnixTime first = 0, last = 0;
  uint32_t count = 0;
};

// A service (Services); find it in start(), nullptr when the module crypto-engine is not in the image. Scheduler thread.
class LegacyFence {
 public:
  static constexpr const char* kService = "LegacyFence";
  virtual ~LegacyFence() = default;

  // A listener begins or ceases to offer old things. name: literal, "TLS 1.0" or "scep-legacy des".
  virtual void offer(uint16_t port, const char* name) = 0;
  virtual void withdraw(uint16_t port) = 0;
  // Counted for the device; the first use is logged. The records survive a restart.
  virtual void used(const LegacyUse& use) = 0;
  // The device came with nothing old to this listener: it does not need the fence any more.
  virtual void modern(uint16_t port, std::string_view device) = 0;
  // used() or modern(), as the finished handshake was.
  void handshake(uint16_t port, std::string_view device, const TlsInfo& info);

  using Each = bool (*)(void* context, const LegacyRecord& record);   // false = stop
  virtual void each(Each each, void* context) const = 0;
};

}  // namespace parley
