// Judges the links of a phone's chain of trust, in the order of its life (features.md DF-03). Pure.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/trust-audit/audit_facts.h"

namespace parley::trust_audit {

enum class Link : uint8_t {
  address, option_150, clock, file_service, ctl, ctl_signature, ctl_signers, itl, itl_signature, list_in_phone, file_signer, file_signer_listed, phone_file,
  file_signature, file_age, device_mode, capf_server, capf_listed, issuing_ca, certificate, certificate_dates, certificate_trust,
  certificate_hash, encrypted_file, encrypted_signature, tvs_server, tvs_listed, calls, calls_listed, services,
};
constexpr size_t kLinks = static_cast<size_t>(Link::services) + 1;

enum class State : uint8_t {
  unused,    // this phone does not need it
  ok,
  broken,
  behind,    // cannot be judged: it hangs on a link that is broken
};

struct Verdict {
  State state = State::unused;
  Text<160> cause;
  Text<120> next;    // command for the operator
};

struct Audit {
  Verdict links[kLinks];
  const Verdict& operator[](Link link) const { return links[static_cast<size_t>(link)]; }
  size_t broken() const;
};

const char* link_name(Link link);
Audit judge(const Facts& facts);

}  // namespace parley::trust_audit
