// How a phone proves with a certificate who it is, and what a new key must be. For worker threads (spec: capf.md 5).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "modules/capf-server/capf_wire.h"
#include "modules/crypto-pki/peer_trust.h"
#include "platform/sched/job.h"

namespace parley::capf_server {

// data = device name, 00, certificate. RSA: a whole PKCS#1 type 1 block with the bare hash, or with DigestInfo; EC: ECDSA.
// Every byte of the block counts: comparing only its end would accept forgeries. Fault untrusted.
Status check_signature_block(Bytes spki, Hash h, Bytes data, Bytes signature);

struct ProofInput {
  Text<kMaxDevice> device;
  uint32_t session = 0;
  bool old_phone = false;          // legacy listener and a phone that announced a version below 3: SHA-512 may be missing
  bool mic_allowed = false;        // LSC mode: a phone without an LSC of ours may show its MIC
  bool mic_only = false;           // MIC mode: what our own authority issued is no MIC
  bool lsc_deleted = false;        // the phone's LSC was deleted
  bool lsc_revoked = false;        // or revoked by the operator
  UnixTime ended_from = 0;         // renewal: the LSC we know of this phone proves it even when it has ended, but not before this time
  UnixTime now = 0;
};

// Checks elements 4, 6, 20 and 16 of an AUTH_RESPONSE. The chain is judged by PeerTrust (one job for an LSC, one for a MIC,
// one for the SUDI certificate; nullptr: not allowed), the proofs here.
class ProofJob final : public Job {
 public:
  ProofInput input;
  Blob body;                       // of the AUTH_RESPONSE
  Blob current;                    // LSC that the phone is known to have; another one is not accepted. Empty: none
  std::unique_ptr<PeerJob> lsc, mic, sudi;
  void run() override { result = check(); }

  Status result;                   // Fault untrusted: `what` is for the operator
  CertificateKind kind = CertificateKind::lsc;
  Blob certificate;                // DER that was proven

 private:
  Status check();
  Status judge_issuer(Bytes der);
  Status check_chain(PeerJob* job, Bytes der);
  Status check_sudi(Bytes value);
};

// What a phone was asked for.
struct KeyOrder {
  WireKey type = WireKey::rsa;
  uint16_t bits = 2048;            // RSA
};
// The SubjectPublicKeyInfo of message 4: exactly what was ordered, nothing behind it, a sane exponent and modulus, a point on
// the curve (capf.md 5.4). Fault invalid with a reason.
Status check_new_key(Bytes spki, const KeyOrder& order);

}  // namespace parley::capf_server
