// TLS over a Stream, behind an interface; wolfSSL stays inside platform/tls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/base/bytes.h"
#include "platform/crypto/engine.h"
#include "platform/net/net.h"
#include "platform/sched/job.h"

namespace parley {

enum class TlsProfile : uint8_t {
  modern,   // TLS 1.2/1.3, AEAD, ECDHE, RSA >= 2048 or P-256/384 (design 5)
  legacy,   // TLS 1.0+, static RSA, SHA-1, CBC, NULL-SHA; only where the configuration says so
};

enum class TlsOldest : uint8_t { by_profile, tls1_1, tls1_2 };   // oldest version taken, when the profile would take older ones

// What a client offers: an old phone (legacy profile) knows nothing newer, and NULL-SHA only where it shall not encrypt.
enum class TlsOffer : uint8_t { by_profile, tls1_0, tls1_0_null };

enum class ClientCert : uint8_t { none, optional, required };

// What has to be asked before a peer's session counts as established, and followed as long as it lives (revocation). Scheduler.
class PeerWatch {
 public:
  virtual ~PeerWatch() = default;
  virtual Status verdict() const = 0;          // Fault busy: not decided yet; untrusted: close the session
  virtual void set_waiter(Task& waiter) = 0;   // is woken when the verdict changes
};

// Decides about a peer's chain after signatures, dates and constraints were checked by the library.
class PeerPolicy {
 public:
  virtual ~PeerPolicy() = default;
  // On a worker thread, with copies of the DER certificates, leaf first. Fault untrusted = refuse.
  virtual Status check(const Bytes* chain, size_t count) = 0;
  // check() finds and validates the whole path: the context needs no anchors, and what the library says about an unknown
  // authority or an extended key usage does not count.
  virtual bool finds_path() const { return false; }
  // On the scheduler when the handshake is over; nullptr: nothing more to ask. May outlive the policy.
  virtual std::unique_ptr<PeerWatch> watch(Task& waiter, const Bytes* chain, size_t count) {
    (void)waiter, (void)chain, (void)count;
    return nullptr;
  }
};

struct TlsConfig {
  TlsProfile profile = TlsProfile::modern;
  TlsOldest oldest = TlsOldest::by_profile;
  TlsOffer offer = TlsOffer::by_profile;       // client side
  ClientCert client_cert = ClientCert::none;   // server side
  KeyRef key;
  const Bytes* chain = nullptr;                // own certificate first, DER; copied
  size_t chain_count = 0;
  const Bytes* anchors = nullptr;              // trust anchors, DER; copied
  size_t anchor_count = 0;
  PeerPolicy* policy = nullptr;                // may be nullptr; must outlive the context
};

struct TlsInfo {
  Text<16> version;       // "TLSv1.2"
  Text<48> suite;
  Blob peer_certificate;  // DER, empty when none was sent
  Digest server_certificate;  // SHA-256 of the DER certificate that the server showed: binds a proof to the session (RFC 5929 4)
  uint16_t peer_bits = 0; // key of that certificate; 0: none was sent
  Text<16> peer_hash;     // hash of its signature, "SHA256"
  bool legacy = false;    // something the modern profile would refuse: tell the LegacyFence (legacy.h)
};

class TlsContext {  // shared by the sessions of one listener; kept alive by them
 public:
  virtual ~TlsContext() = default;
};

// Looks like a Stream: read/write give busy until the handshake is over; handshake steps run as jobs.
class TlsSession : public Stream {
 public:
  virtual bool established() const = 0;
  virtual Status failure() const = 0;          // why the handshake failed; ok while it has not
  virtual const TlsInfo& info() const = 0;     // valid when established
};

class Tls {
 public:
  virtual ~Tls() = default;
  virtual Result<std::shared_ptr<TlsContext>> server_context(const TlsConfig& config) = 0;   // [job] or boot
  virtual Result<std::shared_ptr<TlsContext>> client_context(const TlsConfig& config) = 0;
  // Takes over the stream. Fault busy: too many handshakes at once.
  virtual Result<std::unique_ptr<TlsSession>> accept(Task& owner, std::shared_ptr<TlsContext> context,
                                                     std::unique_ptr<Stream> stream) = 0;
  virtual Result<std::unique_ptr<TlsSession>> connect(Task& owner, std::shared_ptr<TlsContext> context,
                                                      std::unique_ptr<Stream> stream, std::string_view server_name) = 0;
};

}  // namespace parley
