// The service behind port 2444: who may ask, what is handed over, counters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/credentials/credentials_config.h"
#include "modules/credentials/credentials_session.h"
#include "modules/credentials/login_guard.h"
#include "modules/crypto-pki/peer_trust.h"
#include "modules/crypto-pki/secure_listener.h"
#include "modules/ctl-client/trust_roles.h"
#include "modules/ip-services/interfaces.h"
#include "modules/module.h"
#include "modules/system/password_policy.h"
#include "platform/base/secret.h"

namespace parley::credentials {

struct Counters {
  uint64_t served = 0, wrong = 0, locked = 0, refused = 0;
};

class CredentialsService final : public Instance, private Provider2444 {
 public:
  explicit CredentialsService(Env& env);
  ~CredentialsService() override;

  void* config() override { return &config_; }
  void apply() override;
  Status start() override;
  void stop() override;

  void show(Writer& out) const;
  Log& log() { return env_.log; }
  const Counters& counters() const { return counters_; }

 private:
  class Keeper;
  class KeyJob;
  using Port = SecureService<CredentialsSession, Provider2444>;

  ctl_protocol::Reason may_try(uint32_t peer_ip, std::string_view user, uint16_t& wait_s) override;
  Result<Blob> challenge() override;
  bool check(uint32_t peer_ip, std::string_view user, const Digest& transcript, Bytes proof, Digest& answer) override;
  Result<Blob> records(const Digest& answer, size_t& count) override;
  void served(uint32_t peer_ip, std::string_view user, size_t count, bool by_certificate) override;
  void refused(uint32_t peer_ip, const char* why) override;
  void session_closed() override { port_->wake(); }
  Arena& arena() override { return arena_; }

  void renew_key();
  void key_made();
  uint32_t address() const;
  void debug(uint32_t peer_ip, std::string_view what) const;

  Env& env_;
  Config config_;
  Trustpoints* trustpoints_ = nullptr;
  TrustRoles* roles_ = nullptr;
  Interfaces* interfaces_ = nullptr;
  PasswordPolicy* passwords_ = nullptr;
  std::unique_ptr<PeerPolicy> clients_;   // certificates of CTL clients that have one
  Arena arena_{"credentials", 512 * 1024};
  std::unique_ptr<Keeper> keeper_;
  std::unique_ptr<Port> port_;
  LoginGuard guard_;
  Counters counters_;
  // What the key was made of, and the key.
  Text<32> user_;
  cli::Password secret_;
  uint8_t salt_[ctl_protocol::kSaltSize] = {};
  std::unique_ptr<ctl_protocol::ProofKey> key_;
};

}  // namespace parley::credentials
