// What a rule trusts, copied out of the trustpoints: read by many threads, never changed, replaced as a whole.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate_map.h"
#include "modules/crypto-pki/path.h"
#include "modules/crypto-pki/peer_trust.h"
#include "modules/crypto-pki/pki_config.h"
#include "modules/crypto-pki/trust_store.h"
#include "platform/base/lock.h"

namespace parley::crypto_pki {

struct TrustSource {               // one trustpoint
  Text<63> label;
  Revocation methods[3] = {};
  size_t method_count = 0;
  Text<127> crl_url, ocsp_url;     // configured; empty: what the certificate says
  Text<255> scep_url;              // of the authority that enrols; empty: none
  CertificateMaps maps;            // match certificate
};

struct TrustSet {
  List<TrustedCertificate> certificates{general_arena()};
  List<TrustSource> sources{general_arena()};
  bool clock_valid = false;
};

// Anchors are the CA certificates of the rule's trustpoints. With `chain-validation continue [PARENT]` a subordinate one is only an
// intermediate, and the parent's (without a name: its issuer in any trustpoint) are anchors. All other CA certificates help to
// find a path, but are not trusted.
Result<std::shared_ptr<const TrustSet>> make_trust_set(const PeerRule& rule, const TrustStore& store, const Config& config,
                                                       bool clock_valid);

// A rule with its present trust. Shared by policies, jobs and watches.
struct RuleState {
  PeerRule rule;
  const Clock& clock;
  explicit RuleState(const PeerRule& r, const Clock& c) : rule(r), clock(c) {}
  std::shared_ptr<const TrustSet> get() {
    const Lock::Held hold(lock_);
    return set_;
  }
  void put(std::shared_ptr<const TrustSet> set) {
    const Lock::Held hold(lock_);
    set_ = std::move(set);
  }

 private:
  Lock lock_;
  std::shared_ptr<const TrustSet> set_;
};

PathRules path_rules(const PeerRule& rule, UnixTime now);

}  // namespace parley::crypto_pki
