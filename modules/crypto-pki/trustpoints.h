// Service Trustpoints: certificates and key handles by trustpoint label, for every module that signs or speaks TLS.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/crypto/engine.h"

namespace parley {

// Views stay valid until the next change event; copy what a job needs.
struct TrustpointView {
  std::string_view label;
  KeyRef key;                 // 0: no key pair
  Bytes certificate;          // own certificate, DER; empty: not enrolled
  std::span<const Bytes> ca;  // CA certificates, DER; issuer of the own one first; empty: not authenticated
};

enum class Purpose : uint8_t {
  file_signing,   // RSA >= 1024, valid now
  tls_modern,     // RSA >= 2048 or EC, valid now, not MD5/SHA-1 signed
  tls_legacy,     // RSA >= 1024, valid now
  any,            // present, with its key
};

class Trustpoints {
 public:
  static constexpr const char* kService = "Trustpoints";
  virtual ~Trustpoints() = default;

  // Fault missing: no such trustpoint or no certificate; untrusted: too weak, expired, no key (`what` says it for the operator).
  virtual Result<TrustpointView> usable(std::string_view label, Purpose purpose) const = 0;
  virtual Result<TrustpointView> view(std::string_view label) const = 0;  // Fault missing: no such trustpoint

  // Called on the scheduler after a certificate of any trustpoint came, changed or went.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void trustpoints_changed(std::string_view label) = 0;
    Listener* next_ = nullptr;  // owned by the service
  };
  virtual void subscribe(Listener& l) = 0;
  virtual void unsubscribe(Listener& l) = 0;

  // Keeps a former certificate in use after its trustpoint got another one, until all who must know the new one know it. Asked by
  // usable() and view(). One at a time.
  class Holder {
   public:
    virtual ~Holder() = default;
    virtual Bytes held(std::string_view label) const = 0;          // DER; empty: the newest one is in use
    // Names of those who would lose something with this key pair (SubjectPublicKeyInfo), one a line; false: nobody.
    virtual bool needed_by(Bytes spki, Writer& names) const = 0;
    virtual void give_up(Bytes spki) = 0;                           // the operator said so: it will be removed
  };
  virtual void set_holder(Holder* holder) = 0;                      // nullptr: none
  virtual void held_changed(std::string_view label) = 0;            // held() answers differently: listeners hear of it
  // What the trustpoint has now, whatever is held. Faults of usable().
  virtual Result<TrustpointView> newest(std::string_view label, Purpose purpose) const = 0;

  // A wall clock that may be believed (`clock set`, real-time clock, SNTP)? PKI waits for it.
  virtual bool clock_valid() const = 0;
};

}  // namespace parley
