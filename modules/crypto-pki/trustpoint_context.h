// The TLS context of a listening port, kept in step with the certificate of its trustpoint.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/trustpoints.h"
#include "platform/base/text.h"
#include "platform/tls/context_job.h"

namespace parley {

// The owner calls renew() in each of its steps; it is woken when there is something to do.
class TrustpointContext final : private Trustpoints::Listener {
 public:
  struct Wanted {
    bool on = false;
    Text<63> trustpoint;
    TlsProfile profile = TlsProfile::modern;
    TlsOldest oldest = TlsOldest::by_profile;
    ClientCert client_cert = ClientCert::none;
    PeerPolicy* policy = nullptr;   // outlives the context and its sessions
    bool operator==(const Wanted&) const = default;
  };
  TrustpointContext(Task& owner, Tls& tls, Jobs& jobs);
  ~TrustpointContext() override { stop(); }

  void start(Trustpoints& trustpoints);
  void stop();                              // no context any more
  void configure(const Wanted& wanted);
  bool renew();                             // true: get() or trouble() is new
  const std::shared_ptr<TlsContext>& get() const { return context_; }   // nullptr: none
  const Status& trouble() const { return trouble_; }                    // why there is none; what it is tried for again

 private:
  void trustpoints_changed(std::string_view label) override;
  bool fail(const Status& why);

  Task& owner_;
  Tls& tls_;
  Jobs& jobs_;
  Wanted wanted_;
  Trustpoints* trustpoints_ = nullptr;
  std::shared_ptr<TlsContext> context_;
  JobSlot<TlsContextJob> job_;
  bool stale_ = true;                       // must be made again
  Status trouble_;
  Timer retry_{owner_};
};

}  // namespace parley
