// What the SCEP server counts: requests, answers, and refusals by the rule that was broken.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

#include "platform/base/text.h"

namespace parley::crypto_pki {

enum class Refusal : uint8_t {
  damaged,        // not a SCEP message, or its signature does not hold
  too_large,
  algorithm,      // needs scep-legacy, or is unknown
  unknown_ca,     // addressed to an authority, or signed under one, that is not ours
  signer,         // certificate of the signer: ended, revoked
  proof,          // the request is not signed with its own key
  weak_key,
  name,           // no name, or renewal under another one
  replay,         // transaction used before
  challenge,      // one-time password missing or wrong
  rejected,       // by the operator or by `grant none`
  unknown_request,
  other,
};
constexpr size_t kRefusals = 13;
const char* refusal_text(Refusal r);   // "challenge password wrong"

struct ScepCounters {
  uint64_t requests = 0, issued = 0, pending = 0;
  uint64_t refused[kRefusals] = {};
  void refuse(Refusal r) { ++refused[static_cast<size_t>(r)]; }
  uint64_t all_refused() const;
};

struct OcspCounters {
  uint64_t requests = 0, answered = 0, refused = 0;
};

// show crypto pki counters
void print_counters(const ScepCounters& scep, const OcspCounters& ocsp, Writer& out);

}  // namespace parley::crypto_pki
