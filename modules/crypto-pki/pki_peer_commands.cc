// Commands about peers and revocation: clear crypto pki crls, the lists of show crypto pki crls, debug crypto pki.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/command.h"
#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_commands.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_show.h"

namespace parley::crypto_pki {
namespace {

void set_debug(cli::Call& call, const DebugArguments& a, bool on) {
  switch_debug(call.module<Pki>().env().log, std::span(debug_of::kAll).subspan(a.what, 1), on, call.out());
}

}  // namespace

void debug_pki(cli::Call& call, const DebugArguments& a) { set_debug(call, a, true); }
void undebug_pki(cli::Call& call, const DebugArguments& a) { set_debug(call, a, false); }

void clear_crls(cli::Call& call, const LabelArgument& a) {
  Pki& pki = call.module<Pki>();
  if (!a.label.empty() && pki.store().find(a.label) == nullptr) return unknown_trustpoint(call, a.label);
  pki.peers().clear_crls(a.label);
}

void print_fetched(const RevocationCheck& revocation, Writer& out) {
  for (size_t i = 0; i < revocation.size(); ++i) {
    const Statement& s = revocation[i];
    if (s.ocsp) continue;
    if (s.crl == nullptr) {
      out.put("CRL of trustpoint ").put(s.label).put(": ").put(s.fetching ? "being fetched" : s.why.what);
      out.put("\n    Retrieved from: ").put(s.url).put('\n');
      continue;
    }
    out.put("CRL Issuer Name:\n    ");
    (void)print_name(s.crl->crl.issuer, NameStyle::ios, out);
    out.put("\n    LastUpdate: ");
    print_time(s.crl->crl.this_update, out);
    out.put("\n    NextUpdate: ");
    print_time(s.good_until, out);
    out.put("\n    Number of CRL entries: ").dec(static_cast<int64_t>(s.crl->serials.size()));
    out.put("\n    CRL is cached for trustpoint: ").put(s.label);
    out.put("\n    Retrieved from CRL Distribution Point:\n      ").put(s.url).put('\n');
  }
}

void print_validation(const PeerTrustService& peers, std::string_view label, const Stored& s, Writer& out) {
  const Status modern = peers.judge(label, s, false);
  const Status legacy = modern ? modern : peers.judge(label, s, true);
  out.put("  Validation: ");
  if (modern) out.put("valid\n");
  else if (legacy) out.put("valid for the legacy profile only: ").put(modern.error().what).put('\n');
  else out.put("failed: ").put(legacy.error().what).put('\n');
}

void print_peer_counters(const PeerTrustService& peers, Writer& out) {
  const Counted c = peers.counted();
  out.put("\nCertificates of peers: ").dec(static_cast<int64_t>(c.accepted)).put(" accepted, ");
  out.dec(static_cast<int64_t>(c.refused)).put(" refused; ").dec(static_cast<int64_t>(peers.watched())).put(" connected, ");
  out.dec(static_cast<int64_t>(c.closed)).put(" ended because the peer became untrusted\n");
}

}  // namespace parley::crypto_pki
