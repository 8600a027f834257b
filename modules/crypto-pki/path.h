// Path validation (RFC 5280 section 6): from a peer's certificate to a certificate that is trusted. Pure functions over bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Candidates for an issuer are, in this order: anchors, intermediates of the trustpoints, certificates that came with the leaf,
// in any order, cross-certificates among them. Every path that reaches an anchor is judged; the first good one counts. What can
// go wrong is told for the path that came furthest. Work is bounded: kMaxPath certificates, kMaxChecks signatures.
#pragma once

#include <span>

#include "modules/crypto-pki/certificate.h"
#include "platform/base/memory.h"

namespace parley::crypto_pki {

enum class PathUse : uint8_t { any, server, client, phone };

constexpr size_t kMaxPath = 10;
constexpr size_t kMaxChecks = 48;
constexpr size_t kMaxPeerCertificates = 16;

struct TrustedCertificate {
  Certificate certificate;
  bool anchor = true;          // false: only an intermediate, its own issuer must be found, too
  uint8_t source = 0;          // which trustpoint, for the caller
};

struct PathRules {
  UnixTime now = 0;
  PathUse use = PathUse::any;
  bool legacy = false;         // RSA from 1024 bits, MD5 and SHA-1 (design 5)
  bool expired = false;        // the end of a certificate's life does not count (MIC: capf.md 5.2)
  bool early_anchor = false;   // nor the begin of the anchor: RFC 5280 6.1.1 gives an anchor no dates
  std::string_view name;       // who it must be; empty: anybody
};

struct PathResult {
  const Certificate* path[kMaxPath] = {};   // leaf first, the anchor last
  size_t length = 0;
  uint8_t source = 0;          // of the anchor
  Status status;               // Fault untrusted: `what` is the reason, `detail` the place in the path (0 = leaf)
  const Certificate* culprit = nullptr;     // whom the reason is about; nullptr: nobody in particular
  bool ok() const { return status.has_value(); }
};

// `chain`: leaf first. Pointers of the result are into `chain` and `trusted`.
PathResult find_path(std::span<const Certificate> chain, std::span<const TrustedCertificate> trusted, const PathRules& rules);

}  // namespace parley::crypto_pki
