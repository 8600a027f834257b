// Phones that are connected to a signalling port, and what becomes of the resets that they are due.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/file-service/publisher.h"
#include "modules/module.h"
#include "modules/telephony-service/auto_register.h"
#include "modules/telephony-service/phone_debug.h"

namespace parley::telephony_service {

class TelephonyService;

class PhoneLinks final : public Task, public SignallingOwner, private Publisher::Watcher {
 public:
  PhoneLinks(Env& env, TelephonyService& module, Publisher& publisher);
  ~PhoneLinks() override;
  Poll step() override;

  PhoneResets& resets() { return resets_; }
  const PhoneResets& resets() const { return resets_; }
  AutoRegister& auto_register() { return auto_; }
  PhoneDebug& debug() { return debug_; }
  void phones_changed() { settle_.start(kSettle); }   // connections of phones that are none any more are closed
  // A CAPF session has just given the phone's certificate: its encrypted file follows, and then the phone has to boot
  // (trust-files.md 4.2). A phone that boots by itself takes the file, and is left alone.
  void certificate_given(std::string_view device, uint64_t builds_begun);
  void files_made(uint64_t build);
  void show(Writer& out);

  // SignallingOwner
  bool secure_phone(std::string_view device, SecurePhone& out) const override;
  UnknownPhone unknown_phone(const SccpPeer& peer, const RegisterRequest& request) override { return auto_.meet(peer, request); }
  bool is_trial(Endpoint peer) const override;
  void phone_seen(std::string_view device, PhoneSign sign) override;
  RegisterAnswer link_up(std::string_view device, PhoneLink& link) override;
  void link_down(PhoneLink& link) override;
  Millis idle_limit() const override;
  uint16_t next_number() override { return number_ = number_ == UINT16_MAX ? uint16_t{1} : static_cast<uint16_t>(number_ + 1); }
  void message_received(const SccpPeer& peer, const SccpMessage& message) override;
  void message_sent(const SccpPeer& peer, SccpId id) override;
  void refused(const SccpPeer& peer, const char* why) override;

 private:
  static constexpr Millis kSettle{1'000};
  void fetched(std::string_view name, Bytes content, uint32_t peer_ip) override;
  uint16_t tag_of(std::string_view device) const;      // 0: no ephone
  void cycle_over(ResetKind kind, size_t told, size_t lost);

  Env& env_;
  TelephonyService& module_;
  Publisher& publisher_;
  PhoneResets resets_;
  AutoRegister auto_;
  PhoneDebug debug_;
  Timer settle_{*this};
  uint16_t number_ = 0;
  struct Given {
    cli::Mac mac;
    uint64_t builds_begun = 0;
  };
  List<Given> given_{general_arena()};
};

}  // namespace parley::telephony_service
