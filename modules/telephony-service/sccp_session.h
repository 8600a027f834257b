// One phone at the secure signalling port: reads SCCP, and answers its register.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   handshake -> head -> body -+-> head ...            (alarm, keep-alive, what is not known)
//                              +-> leaving -> closed   (register: answered; the phone hangs up)
#pragma once

#include <memory>

#include "modules/telephony-service/sccp_wire.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley::telephony_service {

// Who is connected, as its certificate says.
struct SecurePeer {
  Text<15> device;               // "SEP001122334455"
  Endpoint from;
  bool mic = false;              // showed the certificate of its maker, not an LSC
  bool null_cipher = false;
  bool trial = false;            // the built-in phone of `test phone`
};

// What a session asks its service.
class Registrar {
 public:
  virtual ~Registrar() = default;
  // The handshake is over. Fault: refused, `what` is for the operator (the registrar has logged it).
  virtual Result<SecurePeer> connected(const TlsInfo& info, Endpoint from) = 0;
  virtual RejectText register_phone(const SecurePeer& peer, const RegisterRequest& request) = 0;   // what the phone is told
  virtual void no_handshake(Endpoint from, const Fault& why) = 0;
  virtual void broken(const SecurePeer& peer, const Fault& why) = 0;   // not SCCP, or too slow
  virtual void alarm(const SecurePeer& peer) = 0;
  virtual void session_closed() = 0;
  virtual Arena& arena() = 0;    // of what peers make us hold
};

class SccpSession final : public Task {
 public:
  SccpSession(Scheduler& scheduler, Registrar& registrar)
      : Task(scheduler, "SCCP session"), registrar_(registrar), body_(registrar.arena()) {}
  void begin(std::unique_ptr<TlsSession> tls);
  bool closed() const { return at_ == At::closed; }
  uint32_t peer_ip() const { return peer_.from.ip; }
  Poll step() override;

 private:
  enum class At : uint8_t { handshake, head, body, leaving, closed };
  Poll close(const Fault* why);
  bool run();                    // false: nothing more to do now
  bool handshake();
  bool read(MutBytes to);        // false: not there yet, or closed
  void on_head();
  void on_message();
  void answer(Bytes message);
  void on_register(Bytes payload);
  bool flush();

  Registrar& registrar_;
  std::unique_ptr<TlsSession> tls_;
  SecurePeer peer_;
  At at_ = At::handshake;
  Fault why_;                    // of a close that is to be told
  bool tell_ = false;
  bool told_ = false;            // a register that could not be read
  uint16_t have_ = 0, out_size_ = 0, out_at_ = 0;
  Timer timer_{*this};
  uint8_t head_[kSccpHead] = {};
  uint8_t out_[kMaxSccpAnswer] = {};
  Blob body_;
};

}  // namespace parley::telephony_service
