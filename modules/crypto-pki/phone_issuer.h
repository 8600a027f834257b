// Service PhoneIssuer: certificates of phones (LSC), from the certificate server behind a trustpoint.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/sched/task.h"

namespace parley {

struct PhoneRequest {
  std::string_view trustpoint;   // `cert-enroll-trustpoint`: the label of a server of this router, or a trustpoint enrolled with one
  std::string_view password;     // for an authority elsewhere; a server of this router does not ask for one
  std::string_view device;       // "SEP001122334455": letters, digits, '-', '_', at most 64
  Bytes spki;                    // SubjectPublicKeyInfo of the phone, checked by the caller (capf.md 5.4)
};

// One certificate under way. Destroying it cancels; a serial number that was taken is never used again.
class PhoneIssue {
 public:
  virtual ~PhoneIssue() = default;
  // Fault busy: not yet, the owner is woken. Else the certificate (DER), once, or why there is none: denied (server stopped,
  // refused), invalid (key or name), io, full, missing.
  virtual Result<Blob> poll() = 0;
};

class PhoneIssuer {
 public:
  static constexpr const char* kService = "PhoneIssuer";
  virtual ~PhoneIssuer() = default;
  // `crypto pki notice days`, `repeat`: how many days before its end a certificate is told, and how often.
  struct Notice { uint16_t days = 30, repeat = 7; };
  virtual Notice notice() const { return {}; }
  // Could issue() begin now? Faults as there.
  virtual Status ready(std::string_view trustpoint) = 0;
  // By an authority of this router.
  virtual bool revoked(Bytes certificate) const = 0;
  // LSC profile of capf.md 6. The serial number is durable before anything is signed, the certificate is listed before it is
  // handed out. Faults: missing (no such trustpoint), denied (server not enabled, clock, CA ends), invalid (name), busy (try
  // again by timer), unsupported (authority that needs the phone's own signature).
  virtual Result<std::unique_ptr<PhoneIssue>> issue(const PhoneRequest& request, Task& owner) = 0;
};

}  // namespace parley
