// Judges XML that phones shall be given: well formed, and small enough for a phone. The only reader of XML in the image.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"

namespace parley::telephony_service {

constexpr size_t kMaxXml = 256 * 1024;

// Fault invalid: not well formed (value: line), a document type (entities would come with it), or over a limit.
Status check_xml(Bytes text);

}  // namespace parley::telephony_service
