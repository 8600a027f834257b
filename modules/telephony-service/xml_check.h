// Reads XML of phones: well formed, and small enough for a phone. The only reader of XML in the image.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"

namespace parley::telephony_service {

constexpr size_t kMaxXml = 256 * 1024;

// Fault invalid: not well formed (value: line), a document type (entities would come with it), or over a limit.
Status check_xml(Bytes text);

// The same, and calls `each` at the end of every element: its path ("/device/capfList/capf"), and the text that stands in it (at
// most kMaxXmlText bytes; behind its last child, if it has any).
constexpr size_t kMaxXmlText = 1024;
using XmlEach = void (*)(void* context, std::string_view path, std::string_view text);
Status read_xml(Bytes text, XmlEach each, void* context);

}  // namespace parley::telephony_service
