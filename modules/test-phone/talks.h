// A phone asks TVS about a certificate (spec: tvs.md), and registers at the call manager (spec: sccp.md).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/test-phone/frame.h"

namespace parley::test_phone {

class TvsTalk {
 public:
  TvsTalk(Task& owner, const PhonePlan& plan, PhoneFlash& flash, SecureLink& link);
  // May `certificate` be trusted in this role? Faults as those of SecureLink::open().
  Status open(Endpoint server, Bytes certificate, uint16_t wanted);
  // Fault busy: under way. ok: vouched for, and remembered in the phone's memory. Fault untrusted: TVS does not vouch.
  Status poll();

 private:
  enum class At : uint8_t { connecting, asked };
  Status ask();
  Status on_answer();
  const PhonePlan& plan_;
  PhoneFlash& flash_;
  SecureLink& link_;
  FrameReader frames_;
  Timer timer_;                  // the whole question
  At at_ = At::connecting;
  uint16_t role_ = 0;
  Blob certificate_;
};

class RegisterTalk {
 public:
  RegisterTalk(Task& owner, const PhoneParts& parts, const PhonePlan& plan, PhoneFlash& flash, SecureLink& link);
  // mode: 1 none (no TLS), 2 authenticated, 3 encrypted. stays: the connection is kept after the answer.
  Status open(Endpoint server, uint8_t mode, bool stays = false);
  // Fault busy: under way. ok: the server answered the register, see text() and accepted().
  Status poll();
  std::string_view text() const { return text_.view(); }   // of a RegisterReject
  bool accepted() const { return accepted_; }
  // Of a connection that was kept. Fault busy: nothing yet, signs of life are sent. ok: the call manager wants what order() says.
  enum class Order : uint8_t { none, reset, restart };
  Status poll_order();
  Order order() const { return order_; }

 private:
  enum class At : uint8_t { connecting, asked };
  Status ask();
  Status keep_alive();
  const PhonePlan& plan_;
  PhoneFlash& flash_;
  SecureLink& link_;
  FrameReader frames_;
  Timer timer_;
  At at_ = At::connecting;
  Text<32> text_;
  bool accepted_ = false, stays_ = false;
  Order order_ = Order::none;
};

}  // namespace parley::test_phone
