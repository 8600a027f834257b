// XML that phones shall be given.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/telephony-service/xml_check.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  (void)parley::telephony_service::check_xml(parley::Bytes(data, size));
  return 0;
}
