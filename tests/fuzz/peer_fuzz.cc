// Chains, revocation lists and OCSP answers of peers: input = kind byte, then certificates with 16-bit lengths, or the bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>
#include <vector>

#include "modules/crypto-pki/ocsp_query.h"
#include "modules/crypto-pki/path.h"
#include "modules/crypto-pki/path_names.h"
#include "modules/crypto-pki/revocation.h"

using namespace parley;
using namespace parley::crypto_pki;

namespace {

void chain(ByteReader r) {
  std::vector<Certificate> peer;
  std::vector<TrustedCertificate> trusted;
  while (r.left() > 2 && peer.size() + trusted.size() < kMaxPeerCertificates) {
    const uint16_t head = r.u16();               // top bit: trusted; next: only an intermediate
    Result<Certificate> c = parse_certificate(r.take(head & 0x3fff));
    if (!c) return;
    if ((head & 0x8000) == 0) {
      peer.push_back(std::move(*c));
      continue;
    }
    trusted.emplace_back();
    trusted.back().certificate = std::move(*c);
    trusted.back().anchor = (head & 0x4000) == 0;
  }
  for (const PathUse use : {PathUse::any, PathUse::server, PathUse::phone}) {
    PathRules rules;
    rules.now = peer.empty() ? 0 : peer[0].not_before;
    rules.use = use;
    rules.legacy = true;
    rules.name = use == PathUse::phone ? "SEP001122334455" : "www.example.com";
    const PathResult p = find_path(peer, trusted, rules);
    PARLEY_CHECK(!p.ok() || (p.length > 0 && p.length <= kMaxPath));
  }
  for (const Certificate& c : peer) {            // also those that no path leads through
    for (const Certificate& d : peer) {
      if (!c.name_constraints.empty()) (void)check_name_constraints(c.name_constraints, d, true);
    }
  }
}

// Two certificates to ask about, then the answer.
void statement(ByteReader r, bool ocsp) {
  const Result<Certificate> issuer = parse_certificate(r.take(r.u16()));
  const Result<Certificate> about = parse_certificate(r.take(r.u16()));
  if (!issuer || !about) return;
  const Bytes answer = r.rest();
  const uint8_t nonce[kOcspNonce] = {1};
  if (ocsp) {
    (void)read_ocsp_answer(answer, *about, *issuer, nonce, about->not_before);
    PARLEY_CHECK(ocsp_request(*about, *issuer, nonce).has_value());
  } else if (const auto list = index_crl(answer, *issuer, about->not_before)) {
    (void)(*list)->has(about->serial);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const ByteReader r(Bytes(data + 1, size - 1));
  if (data[0] % 3 == 0) chain(r);
  else statement(r, data[0] % 3 == 1);
  return 0;
}
