// The module crypto-pki: keys, trustpoints, certificate servers, SCEP. Other modules use Trustpoints (trustpoints.h).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/authority.h"
#include "modules/crypto-pki/crl_http.h"
#include "modules/crypto-pki/enrolment.h"
#include "modules/crypto-pki/expiry_notices.h"
#include "modules/crypto-pki/next_authority.h"
#include "modules/crypto-pki/https_trust.h"
#include "modules/crypto-pki/ocsp_server.h"
#include "modules/crypto-pki/peer_trust_service.h"
#include "modules/crypto-pki/phone_issue.h"
#include "modules/crypto-pki/pki_config.h"
#include "modules/crypto-pki/pki_trust_files.h"
#include "modules/crypto-pki/renewals.h"
#include "modules/crypto-pki/scep_server.h"
#include "modules/crypto-pki/startup_notices.h"
#include "modules/crypto-pki/trust_store.h"
#include "modules/module.h"

namespace parley {
extern const Module kCryptoPki;
}

namespace parley::crypto_pki {

class Pki final : public Instance, public Authorities, public ChainText, public StartupNotices {
 public:
  explicit Pki(Env& env);
  ~Pki() override;
  void* config() override { return &config_; }
  const char* verify() override;
  void apply() override;
  Status start() override;
  void stop() override;

  Context& context() { return context_; }
  Env& env() { return env_; }
  TrustStore& store() { return store_; }
  PeerTrustService& peers() { return peers_; }
  const Renewals& renewals() const { return renewals_; }
  const Config& settings() const { return config_; }
  const ScepHandler& scep() const { return scep_; }
  const OcspHandler& ocsp() const { return ocsp_; }

  // Fault missing: `% CA trustpoint for label L not known.`
  Result<TrustpointSettings> trustpoint(std::string_view label) const;
  const Trustpoint* trustpoint_record(std::string_view label) const;
  const CaServer* server_record(std::string_view label) const;
  Authority* server(std::string_view label);       // nullptr: not configured
  ServerSettings server_settings(const CaServer& record) const;
  uint32_t address_of(const cli::Interface& interface) const;   // 0: none
  // Name of the key pair of a trustpoint.
  KeyLabel key_label(const Trustpoint& t) const;

  // The enrolment of a trustpoint: under way, or the last one that failed; nullptr: none.
  Enrolment* enrolment(std::string_view label);
  Result<Enrolment*> new_enrolment(const TrustpointSettings& settings);
  // `no shutdown` of a server without trustpoint of its own: makes it.
  void make_trustpoint(std::string_view label);
  // The trustpoint exists and names this key pair (after an import).
  void use_key(std::string_view label, const KeyLabel& key, KeyType type);

  void startup_loaded(Writer& out) override;
  // Authorities
  size_t authority_count() const override { return servers_.size(); }
  Authority& authority(size_t i) override { return *servers_[i]; }
  // ChainText
  Status put(std::string_view label, ChainKind kind, std::string_view serial, Bytes der) override;
  Status drop(std::string_view label, ChainKind kind, std::string_view serial) override;
  Status drop_all(std::string_view label) override;

 private:
  void apply_servers();
  void offer_legacy();

  Env& env_;
  Config config_;
  PkiTrustFiles trust_files_{config_};
  Context context_;
  TrustStore store_;
  PeerTrustService peers_;
  HttpsTrust https_;
  Renewals renewals_;
  NextAuthority next_authority_;
  ExpiryNotices notices_;
  List<std::unique_ptr<Authority>> servers_{general_arena()};
  List<std::unique_ptr<Enrolment>> enrolments_{general_arena()};
  ScepHandler scep_;
  CrlHandler lists_{*this};
  OcspHandler ocsp_;
  LocalPhoneIssuer phones_{context_, store_, *this};
  bool started_ = false;
};

}  // namespace parley::crypto_pki
