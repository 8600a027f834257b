// Service CapfState: can phones get certificates here?
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/result.h"

namespace parley {

class CapfState {
 public:
  static constexpr const char* kService = "CapfState";
  virtual ~CapfState() = default;
  // Fault missing: no capf-server or no cert-enroll-trustpoint; those of PhoneIssuer::ready(). `what` is for the operator.
  virtual Status can_issue() const = 0;
};

}  // namespace parley
