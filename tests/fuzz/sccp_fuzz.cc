// Fuzz: SCCP frames and registers as the secure signalling port reads them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "modules/telephony-service/sccp_wire.h"

using namespace parley;
using namespace parley::telephony_service;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes rest(data, size);
  while (rest.size() >= kSccpHead) {
    const auto length = read_sccp_head(rest.first(kSccpHead));
    if (!length) return 0;
    if (*length < kMinSccpBody || *length > kMaxSccpBody) std::abort();
    rest = rest.subspan(kSccpHead);
    if (rest.size() < *length) return 0;
    const SccpMessage m = read_sccp_body(rest.first(*length));
    if (const auto r = read_register(m.payload); r && (r->device.empty() || r->device.size() > 16)) std::abort();
    rest = rest.subspan(*length);
  }
  return 0;
}
