// The secure signalling port (TCP 2443): who may connect with which certificate, what a register is answered, what is counted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/secure_listener.h"
#include "modules/module.h"
#include "modules/telephony-service/phone_policy.h"
#include "modules/telephony-service/sccp_session.h"
#include "modules/telephony-service/signalling_owner.h"
#include "platform/tls/legacy.h"

namespace parley::telephony_service {

constexpr uint16_t kSecureSccpPort = 2443;

struct SignallingSettings {
  Text<63> trustpoint;                   // empty: the port is closed
  uint32_t ip = 0;
  bool legacy = false;                   // tls-minimum 1.0
  Text<63> lsc_issuer;
};

struct SignallingCounters {
  uint64_t registers = 0;                // of phones that were in order
  uint64_t certificate = 0, unknown = 0, name = 0, mode = 0, broken = 0, alarms = 0;
};

class SignallingPort final : public Registrar {
 public:
  SignallingPort(Env& env, SignallingOwner& owner, Trustpoints& trustpoints, PeerTrust& peers);
  ~SignallingPort() override;
  Status start();
  void configure(const SignallingSettings& settings);
  void trustpoints_changed(std::string_view label);
  void set_trial(Bytes certificate);     // of the built-in phone; empty: none
  const SignallingCounters& counters() const { return counters_; }
  const SecureListener* port() const { return port_.get(); }
  void show(Writer& out) const;

  // Registrar: what the sessions ask.
  Result<SccpPeer> connected(const TlsInfo& info, Endpoint from) override;
  RegisterAnswer register_phone(SccpSession& session, const SccpPeer& peer, const RegisterRequest& request) override;
  void no_handshake(Endpoint from, const Fault& why) override;
  void broken(const SccpPeer& peer, const Fault& why) override;
  void received(const SccpPeer& peer, const SccpMessage& message) override;
  void sent(const SccpPeer& peer, SccpId id) override { owner_.message_sent(peer, id); }
  void session_closed(SccpSession& session) override;
  Millis idle_limit() const override { return owner_.idle_limit(); }
  uint16_t next_number() override { return owner_.next_number(); }
  Arena& arena() override { return arena_; }

 private:
  using Port = SecureService<SccpSession, Registrar>;

  RegisterAnswer refuse(const SccpPeer& peer, uint64_t& counter, const char* why, const char* text);
  void log_refusal(std::string_view device, Endpoint from, const char* why);
  Result<PhonePolicy*> policy_for(const SignallingSettings& settings);
  void tell_fence(bool legacy);

  Env& env_;
  SignallingOwner& owner_;
  Trustpoints& trustpoints_;
  PeerTrust& peers_;
  LegacyFence* fence_ = nullptr;         // nullptr: not in this image
  Arena arena_{"secure signalling", size_t{8} << 20};
  struct Rule {
    bool legacy = false;
    Text<63> label;
    std::unique_ptr<PhonePolicy> policy;
  };
  List<Rule> rules_{general_arena()};
  PhonePolicy* policy_ = nullptr;        // in force
  std::unique_ptr<Port> port_;
  SignallingSettings settings_;
  SignallingCounters counters_;
  bool fenced_ = false;
};

}  // namespace parley::telephony_service
