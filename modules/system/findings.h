// What a dry run has to say about a configuration file: one finding per line of output.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/memory.h"
#include "platform/base/text.h"

namespace parley {

enum class FindingKind : uint8_t { error, warning, phones };

struct Finding {
  uint32_t line = 0;       // from 1
  uint32_t column = 0;     // from 1
  FindingKind kind = FindingKind::error;
  Text<240> text;
};

// Service PhoneImpact: which phones would no longer trust this router. A module that knows implements it; it gets the text of
// the file and must not change anything.
class PhoneImpact {
 public:
  static constexpr const char* kService = "PhoneImpact";
  virtual ~PhoneImpact() = default;
  virtual uint32_t affected(std::string_view file, List<Finding>& to) = 0;   // number of phones
};

}  // namespace parley
