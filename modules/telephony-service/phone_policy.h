// Which certificates a phone may show on the secure signalling port, and whose they are.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/peer_trust.h"
#include "modules/crypto-pki/trustpoints.h"
#include "platform/base/lock.h"

namespace parley::telephony_service {

// Kind and owner of a phone's certificate by its subject: CN "SEP001122334455" is an LSC, CN "CP-7970G-SEP001122334455" a MIC.
struct PhoneName {
  Text<15> device;
  bool mic = false;
};
// Fault untrusted: not a phone's certificate.
Result<PhoneName> phone_of_certificate(Bytes der);

// Takes an LSC of the authority behind the CAPF server, and a MIC of a maker whose CA was imported into some trustpoint. What
// our own authority issued is no MIC, whatever its name says: the rules for MICs are weaker.
class PhonePolicy final : public PeerPolicy {
 public:
  // label: trustpoint or server that issues LSCs; empty: every trustpoint. legacy: also RSA from 1024 bits, SHA-1.
  static Result<std::unique_ptr<PhonePolicy>> make(PeerTrust& trust, const Trustpoints& trustpoints, std::string_view label, bool legacy);

  // Which authority issues LSCs, as it is known now.
  void set_authority(const Trustpoints& trustpoints, std::string_view label);
  // The built-in phone of `test phone` shows a certificate of its own making; empty: none is accepted.
  void set_trial(Bytes certificate);

  Status check(const Bytes* chain, size_t count) override;
  bool finds_path() const override { return true; }
  std::unique_ptr<PeerWatch> watch(Task& waiter, const Bytes* chain, size_t count) override;

 private:
  PhonePolicy() = default;
  bool is_trial(Bytes certificate);
  bool is_ours(Bytes issuer);
  std::unique_ptr<PeerPolicy> lsc_, mic_;
  Lock lock_;                    // of what follows: handshakes run on worker threads
  Blob own_authority_;           // subject of the authority that issues LSCs
  Blob trial_;
};

}  // namespace parley::telephony_service
