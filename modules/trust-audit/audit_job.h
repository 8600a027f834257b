// The slow part of an audit: signatures and certificates of one phone, as the phone would check them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/peer_trust.h"
#include "modules/trust-audit/audit_facts.h"

namespace parley::trust_audit {

struct AuditJob final : public Job {
  void run() override;

  Facts facts;
  // Validation of the phone's certificate as on the signalling port.
  std::unique_ptr<PeerJob> as_lsc, as_mic;
};

}  // namespace parley::trust_audit
