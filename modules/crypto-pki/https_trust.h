// Certificate and trust of the HTTPS server: makes its TLS context and makes it again when a trustpoint changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/peer_trust_service.h"
#include "modules/crypto-pki/pki_key_job.h"
#include "modules/crypto-pki/scep_client_jobs.h"
#include "platform/tls/context_job.h"

namespace parley {
class Tls;
namespace cli { class Engine; }
}

namespace parley::crypto_pki {

struct HttpsContextJob final : TlsContextJob {
  explicit HttpsContextJob(Tls& tls) : TlsContextJob(tls, Side::server) {}
  HttpsWanted wanted;            // what the context was made for
};

// Without `ip http secure-trustpoint` the router signs a certificate of its own: trustpoint TP-self-signed-<n>, made once.
class HttpsTrust final : public Task, public HttpsProvider, private Trustpoints::Listener {
 public:
  HttpsTrust(Context& context, TrustStore& store, PeerTrustService& peers, Tls& tls, cli::Engine& cli);
  void start();
  void stop();
  void https_wanted(const HttpsWanted& wanted) override;
  void https_connected(const TlsInfo& info, uint32_t peer_ip) override;
  Poll step() override;

 private:
  void trustpoints_changed(std::string_view label) override;
  void renew();
  void give(const char* why);                       // no context, and why
  Result<PeerPolicy*> policy_for(std::string_view label, bool legacy);
  Result<std::unique_ptr<HttpsContextJob>> order(const TrustpointView& own);
  void tell_fence();
  void make_own();                                  // a step towards TP-self-signed-<n>
  Text<63> own_label() const;

  struct Kept {                                     // sessions of old contexts still ask theirs
    Text<63> label;
    bool legacy = false;
    std::unique_ptr<PeerPolicy> policy;
  };
  Context& context_;
  TrustStore& store_;
  PeerTrustService& peers_;
  Tls& tls_;
  cli::Engine& cli_;
  HttpsWanted wanted_;
  List<Kept> policies_{general_arena()};
  JobSlot<HttpsContextJob> slot_;
  JobSlot<GenerateKeyJob> key_;
  JobSlot<SelfSignedJob> sign_;
  JobSlot<SaveChainJob> save_;
  Timer timer_{*this};
  const char* told_ = nullptr;
  uint16_t fenced_ = 0;                             // port that the fence was told of
  bool stale_ = false, own_failed_ = false, running_ = false;
};

}  // namespace parley::crypto_pki
