// The plain signalling port (TCP 2000): phones without security mode, and phones that nobody configured.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Nobody proves anything here: a name is what its sender says. So it can never stand for a phone that must prove itself, and all
// that peers can make the router hold is bounded: sessions, sessions of one address, bytes, time.
#pragma once

#include <memory>

#include "modules/module.h"
#include "modules/telephony-service/signalling_owner.h"

namespace parley::telephony_service {

struct PlainCounters {
  uint64_t accepted = 0, registers = 0;      // registers: of phones that were in order
  uint64_t unknown = 0, name = 0, mode = 0, broken = 0, too_many = 0;
};

class PlainPort final : public Task, private Registrar {
 public:
  PlainPort(Env& env, SignallingOwner& owner);
  ~PlainPort() override;
  Status start();                            // takes the memory
  void configure(Endpoint at);               // ip 0: closed
  Poll step() override;
  const PlainCounters& counters() const { return counters_; }
  void show(Writer& out) const;

 private:
  Result<SccpPeer> connected(const TlsInfo&, Endpoint) override { return Fault{Code::unsupported, "plain", 0}; }
  RegisterAnswer register_phone(SccpSession& session, const SccpPeer& peer, const RegisterRequest& request) override;
  void no_handshake(Endpoint, const Fault&) override {}
  void broken(const SccpPeer& peer, const Fault& why) override;
  void received(const SccpPeer& peer, const SccpMessage& message) override { owner_.message_received(peer, message); }
  void sent(const SccpPeer& peer, SccpId id) override { owner_.message_sent(peer, id); }
  void session_closed(SccpSession& session) override;
  Millis idle_limit() const override { return owner_.idle_limit(); }
  uint16_t next_number() override { return owner_.next_number(); }
  Arena& arena() override { return arena_; }

  RegisterAnswer refuse(const SccpPeer& peer, uint64_t& counter, const char* why, const char* text);
  void log_refusal(const SccpPeer& peer, const char* why);
  void listen();
  void accept_all();
  void reap();
  void close_all();
  size_t live_of(uint32_t ip) const;

  Env& env_;
  SignallingOwner& owner_;
  Arena arena_{"plain signalling", size_t{8} << 20};
  Pool<SccpSession> pool_{"Plain signalling", arena_};
  List<SccpSession*> live_{arena_};
  std::unique_ptr<Listener> listener_;
  Endpoint at_;
  Fault trouble_;
  bool told_ = false;
  Timer retry_{*this}, quiet_{*this};
  unsigned logged_ = 0;                      // refusals since quiet_ began
  PlainCounters counters_;
};

}  // namespace parley::telephony_service
