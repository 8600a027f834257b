// Service PeerTrust: who is on the other side? For every module that speaks TLS or takes a signed file.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   auto policy = peer_trust->policy(rule);          // keep it as long as contexts made with it live
//   tls_config.policy = policy->get();               // no anchors needed: the policy follows the trustpoints by itself
//   tls_config.client_cert = ClientCert::required;
//
// From then on nothing more has to be done: check() validates the path on the worker thread of the handshake, the session is
// `established` only after revocation-check of the trustpoint is decided, and when a peer becomes untrusted later (CRL,
// trustpoint, date), read and write of its session answer with Fault untrusted: close it.
#pragma once

#include <memory>

#include "modules/crypto-pki/trustpoints.h"
#include "platform/sched/job.h"
#include "platform/tls/tls.h"

namespace parley {

enum class PeerUse : uint8_t {
  any,         // a file, or a certificate to look at: no key usage is asked for
  server,      // the peer is a TLS server
  client,      // the peer is a TLS client
  phone_lsc,   // a phone with its locally significant certificate (issued by a trustpoint of ours)
  phone_mic,   // a phone with the certificate of its maker: SHA-1, RSA 1024 and an end in the past are taken
};

struct PeerRule {
  static constexpr size_t kMaxLabels = 8;
  Text<63> labels[kMaxLabels];   // trustpoints whose CA certificates are trusted; none: every trustpoint
  PeerUse use = PeerUse::client;
  bool legacy = false;           // also RSA from 1024 bits, MD5 and SHA-1 (phone_mic: always)
  Text<127> name;                // who it must be: host name, address, or "SEP001122334455"; empty: anybody (PKI-25)
};

// Validates a chain that is at hand, without asking for revocation. run() on a worker thread (JobSlot), or where crypto is allowed.
class PeerJob : public Job {
 public:
  virtual Status add(Bytes certificate) = 0;        // DER, leaf first; copied. Faults: invalid, full
  virtual const Status& result() const = 0;         // after run(). Fault untrusted: `what` is the reason for the operator
  virtual std::string_view trustpoint() const = 0;  // whose CA certificate it ended at
};

class PeerTrust {
 public:
  static constexpr const char* kService = "PeerTrust";
  virtual ~PeerTrust() = default;
  // Fault full: no memory. A trustpoint that does not exist yet counts from when it comes.
  virtual Result<std::unique_ptr<PeerPolicy>> policy(const PeerRule& rule) = 0;
  virtual std::unique_ptr<PeerJob> validation(const PeerRule& rule) = 0;
};

}  // namespace parley
