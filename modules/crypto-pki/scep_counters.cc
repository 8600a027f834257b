// What the SCEP server counts.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/scep_counters.h"

namespace parley::crypto_pki {

const char* refusal_text(Refusal r) {
  switch (r) {
    case Refusal::damaged: return "message damaged";
    case Refusal::too_large: return "message too large";
    case Refusal::algorithm: return "algorithm not allowed";
    case Refusal::unknown_ca: return "another or unknown authority";
    case Refusal::signer: return "signer expired or revoked";
    case Refusal::proof: return "no proof of possession";
    case Refusal::weak_key: return "key too weak";
    case Refusal::name: return "name missing or changed";
    case Refusal::replay: return "transaction replayed";
    case Refusal::challenge: return "challenge password wrong";
    case Refusal::rejected: return "rejected by the operator";
    case Refusal::unknown_request: return "unknown request or certificate";
    case Refusal::other: return "other reasons";
  }
  return "";
}

uint64_t ScepCounters::all_refused() const {
  uint64_t sum = 0;
  for (const uint64_t n : refused) sum += n;
  return sum;
}

void print_counters(const ScepCounters& c, const OcspCounters& ocsp, Writer& out) {
  const auto line = [&](std::string_view name, uint64_t n) { out.put(name).put(": ").dec(static_cast<int64_t>(n)).put('\n'); };
  line("SCEP requests received", c.requests);
  line("SCEP certificates issued", c.issued);
  line("SCEP answers \"pending\"", c.pending);
  line("SCEP requests refused", c.all_refused());
  for (size_t i = 0; i < kRefusals; ++i) {
    out.put("    ");
    line(refusal_text(static_cast<Refusal>(i)), c.refused[i]);
  }
  line("OCSP requests received", ocsp.requests);
  line("OCSP requests answered", ocsp.answered);
  line("OCSP requests refused", ocsp.refused);
}

}  // namespace parley::crypto_pki
