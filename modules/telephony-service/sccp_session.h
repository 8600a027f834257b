// One phone at a signalling port: reads SCCP, answers its register, and holds the connection so that a reset reaches the phone.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   handshake -> head -> body -+-> head ...            (alarm, keep-alive, register of a phone in order, what is not known)
//                              +-> leaving -> closed   (refused, unregistered, reset: the phone hangs up)
//
// The handshake is that of TLS; a plain connection begins with the first head.
#pragma once

#include <memory>

#include "modules/telephony-service/phone_resets.h"
#include "modules/telephony-service/sccp_wire.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley::telephony_service {

// Who is connected: as its certificate says, on the plain port as it says itself.
struct SccpPeer {
  Text<16> device;               // "SEP001122334455"; empty: not known yet
  Endpoint from;
  bool secure = false;
  bool mic = false;              // showed the certificate of its maker, not an LSC
  bool null_cipher = false;
  bool trial = false;            // the built-in phone of `test phone`
};

struct RegisterAnswer {
  RejectText text;
  bool hold = false;             // the phone is in order: its connection stays
  ResetKind reset = ResetKind::none;   // told instead of the text
};

// No call control is in the image: also a phone in order is told so.
constexpr std::string_view kNoCalls = "Call control not present";

class SccpSession;

// What a session asks its service.
class Registrar {
 public:
  virtual ~Registrar() = default;
  // The handshake is over. Fault: refused, `what` is for the operator (the registrar has logged it).
  virtual Result<SccpPeer> connected(const TlsInfo& info, Endpoint from) = 0;
  virtual RegisterAnswer register_phone(SccpSession& session, const SccpPeer& peer, const RegisterRequest& request) = 0;
  virtual void no_handshake(Endpoint from, const Fault& why) = 0;
  virtual void broken(const SccpPeer& peer, const Fault& why) = 0;   // not SCCP, or too slow
  virtual void received(const SccpPeer& peer, const SccpMessage& message) = 0;
  virtual void sent(const SccpPeer& peer, SccpId id) = 0;
  virtual void session_closed(SccpSession& session) = 0;
  virtual Millis idle_limit() const = 0;   // of a phone that is held
  virtual uint16_t next_number() = 0;
  virtual Arena& arena() = 0;    // of what peers make us hold
};

class SccpSession final : public Task, public PhoneLink {
 public:
  SccpSession(Scheduler& scheduler, Registrar& registrar)
      : Task(scheduler, "SCCP session"), registrar_(registrar), body_(registrar.arena()) {}
  ~SccpSession() override;
  void begin(std::unique_ptr<TlsSession> tls);
  void begin_plain(std::unique_ptr<Stream> stream);
  bool closed() const { return at_ == At::closed; }
  uint32_t peer_ip() const { return peer_.from.ip; }
  Poll step() override;

  bool send_reset(ResetKind kind) override;
  void hang_up() override { (void)close(nullptr); }
  std::string_view device() const override { return peer_.device; }
  Endpoint from() const override { return peer_.from; }
  bool secure() const override { return peer_.secure; }
  uint16_t number() const override { return number_; }

 private:
  enum class At : uint8_t { handshake, head, body, leaving, closed };
  Poll close(const Fault* why);
  bool run();                    // false: nothing more to do now
  bool handshake();
  bool read(MutBytes to);        // false: not there yet, or closed
  void on_head();
  void on_message();
  void answer(SccpId id, Bytes message);
  void on_register(Bytes payload);
  void leave();
  bool flush();

  Registrar& registrar_;
  std::unique_ptr<Stream> stream_;
  TlsSession* tls_ = nullptr;    // the same, while its handshake is under way
  SccpPeer peer_;
  At at_ = At::handshake;
  Fault why_;                    // of a close that is to be told
  bool tell_ = false;
  bool told_ = false;            // a register that could not be read
  bool held_ = false;
  uint16_t number_ = 0;
  uint16_t have_ = 0, out_size_ = 0, out_at_ = 0;
  Timer timer_{*this};
  uint8_t head_[kSccpHead] = {};
  uint8_t out_[kMaxSccpAnswer + kSccpWord] = {};   // an answer, and a reset behind it
  Blob body_;
};

}  // namespace parley::telephony_service
