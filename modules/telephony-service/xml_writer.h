// Writes the XML of phone files: elements, escaped text, nothing else.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/text.h"

namespace parley::telephony_service {

// Five entities, no comments; bytes that XML 1.0 forbids or that are no UTF-8 become '?'.
void escape_xml(Writer& out, std::string_view text);
bool xml_name(std::string_view name);   // may it be the name of an element? ASCII letters, digits, '_', '-', '.'

class XmlWriter {
 public:
  explicit XmlWriter(Writer& out) : out_(out) {}
  void open(std::string_view name);
  void open(std::string_view name, std::string_view attribute, std::string_view value);
  void close(std::string_view name);
  void element(std::string_view name, std::string_view text);
  void element(std::string_view name, int64_t number);

 private:
  void indent();
  Writer& out_;
  unsigned depth_ = 0;
};

}  // namespace parley::telephony_service
