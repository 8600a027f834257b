// The service behind port 2445: its table, its sessions, its counters.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/secure_listener.h"
#include "modules/ip-services/interfaces.h"
#include "modules/module.h"
#include "modules/trust_files.h"
#include "modules/trust-verification/trust_table.h"
#include "modules/trust-verification/tvs_config.h"
#include "modules/trust-verification/tvs_session.h"
#include "platform/tls/legacy.h"

namespace parley::trust_verification {

class TvsService final : public Instance, public Answers, private TrustRoles::Listener, private TrustFiles::Owner {
 public:
  explicit TvsService(Env& env);
  ~TvsService() override;

  void* config() override { return &config_; }
  void apply() override;
  Status start() override;
  void stop() override;

  void show(Writer& out) const;
  Log& log() { return env_.log; }

 private:
  class Keeper;
  class SaveJob;
  using Port = SecureService<TvsSession, Answers>;

  Verdict answer(const VerifyRequest& request, uint32_t peer_ip) override;
  void refused(uint32_t peer_ip, const Fault& why) override;
  void unknown_command(uint32_t peer_ip, Bytes head, Bytes body) override;
  void connected(const TlsInfo& info, uint32_t peer_ip) override;
  void session_closed() override { port_->wake(); }
  Arena& arena() override { return arena_; }
  void trust_roles_changed() override;
  void trust_files(TrustFiles::Sink& sink) const override;

  uint32_t address() const;
  void tell_fence(uint16_t port);
  void set_up_port();
  void tell_use();
  void rebuild();
  void save();
  void keep();
  void debug(const char* subject, uint32_t peer_ip, std::string_view what, std::string_view detail) const;

  Env& env_;
  Config config_;
  Trustpoints* trustpoints_ = nullptr;
  TrustRoles* roles_ = nullptr;
  Interfaces* interfaces_ = nullptr;
  LegacyFence* fence_ = nullptr;       // nullptr: not in this image
  uint16_t fenced_port_ = 0;           // told to it
  Arena arena_{"trust-verification", 8 * 1024 * 1024};
  TrustTable table_;
  std::unique_ptr<Keeper> keeper_;
  std::unique_ptr<Port> port_;
  struct { uint64_t valid = 0, invalid = 0, refused = 0; } counters_;
};

}  // namespace parley::trust_verification
