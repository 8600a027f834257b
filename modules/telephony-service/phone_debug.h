// debug ephone {detail|error|keepalive|message|register|state} [mac-address H.H.H].
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/sccp_session.h"
#include "platform/log/debug_subjects.h"

namespace parley::telephony_service {

class PhoneDebug {
 public:
  enum class What : uint8_t { detail, error, keepalive, message, registers, state };   // order of the words in the syntax
  explicit PhoneDebug(Log& log) : log_(log) {}
  // mac empty: every phone. Says so on `out`.
  void set(What what, const cli::Mac& mac, bool on, Writer& out);

  // tag 0: not known.
  void received(uint16_t tag, const SccpPeer& peer, const SccpMessage& message) const;
  void sent(uint16_t tag, const SccpPeer& peer, SccpId id) const;
  void state(uint16_t tag, std::string_view device, const char* what) const;
  void error(uint16_t tag, const SccpPeer& peer, const char* why) const;

 private:
  struct Filter {
    What what;
    cli::Mac mac;
  };
  bool wanted(What what, std::string_view device) const;
  Log& log_;
  List<Filter> filters_{general_arena()};   // none of a subject: every phone
};

}  // namespace parley::telephony_service
