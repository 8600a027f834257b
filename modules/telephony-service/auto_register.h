// Phones that nobody configured: they become ephones by themselves, or are remembered as attempts.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/module.h"
#include "modules/telephony-service/signalling_owner.h"

namespace parley::telephony_service {

class TelephonyService;

class AutoRegister {
 public:
  AutoRegister(Env& env, TelephonyService& module) : env_(env), module_(module) {}
  // A phone without ephone registers on the plain port. It has one afterwards, or a reason why not.
  UnknownPhone meet(const SccpPeer& peer, const RegisterRequest& request);
  // `auto assign`: the first free number for a phone that has no button. False: it has one, or none is free.
  bool assign(const cli::Mac& mac);

  void show_attempts(Writer& out) const;
  size_t attempts() const { return attempts_.size(); }
  void clear_attempts() { attempts_.clear(); }

 private:
  struct Attempt {
    cli::Mac mac;
    UnixTime at = 0;
    uint32_t device_type = 0;
  };
  UnknownPhone refuse(const cli::Mac& mac, const RegisterRequest& request, const char* why, const char* text);
  const char* make(const cli::Mac& mac, uint16_t tag, uint32_t device_type);   // nullptr: made
  uint16_t free_tag() const;                                                  // 0: none

  Env& env_;
  TelephonyService& module_;
  List<Attempt> attempts_{general_arena()};
};

}  // namespace parley::telephony_service
