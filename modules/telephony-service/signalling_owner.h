// What the signalling ports ask the module, and tell it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/phone_book.h"
#include "modules/telephony-service/sccp_session.h"

namespace parley::telephony_service {

struct SecurePhone {
  uint16_t tag = 0;
  DeviceMode mode = DeviceMode::none;    // in force: none while the server is not in secure mode
  Bytes certificate;                     // that capf-server knows; empty: none
};

// Of a phone that no ephone names. why nullptr: it has one now.
struct UnknownPhone {
  const char* why = nullptr;             // for the operator
  const char* text = nullptr;            // for the phone
};

// Of either signalling port, beside the phones that its Kconfig counts: phones that come again before their former connection is
// known to be dead. And how many connections one address may have.
constexpr size_t kSpareSessions = 16, kSessionsOfOneAddress = 8;

class SignallingOwner {
 public:
  virtual ~SignallingOwner() = default;
  virtual bool secure_phone(std::string_view device, SecurePhone& out) const = 0;   // false: no ephone
  virtual UnknownPhone unknown_phone(const SccpPeer& peer, const RegisterRequest& request) = 0;   // on the plain port
  virtual bool is_trial(Endpoint peer) const = 0;
  virtual void phone_seen(std::string_view device, PhoneSign sign) = 0;
  // A phone in order registers: what it is told. The link of a phone that is held is used until link_down().
  virtual RegisterAnswer link_up(std::string_view device, PhoneLink& link) = 0;
  virtual void link_down(PhoneLink& link) = 0;
  virtual Millis idle_limit() const = 0;
  virtual uint16_t next_number() = 0;        // for a connection that is held
  // Everything that is said; for `debug ephone`.
  virtual void message_received(const SccpPeer& peer, const SccpMessage& message) = 0;
  virtual void message_sent(const SccpPeer& peer, SccpId id) = 0;
  virtual void refused(const SccpPeer& peer, const char* why) = 0;
};

}  // namespace parley::telephony_service
