// One phone at the secure signalling port.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/sccp_session.h"

namespace parley::telephony_service {
namespace {

constexpr Millis kHandshake{10'000}, kRegister{30'000}, kLeave{5'000};
constexpr int kTurns = 8;        // messages in one step
constexpr uint32_t kTokenWait_s = 60;

}  // namespace

SccpSession::~SccpSession() {
  if (at_ != At::closed) registrar_.session_closed(*this);
}

void SccpSession::begin(std::unique_ptr<TlsSession> tls) {
  tls_ = tls.get();
  stream_ = std::move(tls);
  peer_.from = stream_->peer();
  peer_.secure = true;
  timer_.start(kHandshake);
  wake();
}

void SccpSession::begin_plain(std::unique_ptr<Stream> stream) {
  stream_ = std::move(stream);
  stream_->set_owner(*this);
  peer_.from = stream_->peer();
  at_ = At::head;
  timer_.start(kRegister);
  wake();
}

Poll SccpSession::close(const Fault* why) {
  if (why != nullptr) registrar_.broken(peer_, *why);
  at_ = At::closed;
  held_ = false;
  timer_.stop();
  stream_.reset();
  registrar_.session_closed(*this);
  return Poll::done;
}

Poll SccpSession::step() {
  if (at_ == At::closed) return Poll::done;
  if (timer_.fired()) {
    const Fault slow{Code::timeout, at_ == At::handshake ? "handshake not finished in time" : "no register message in time", 0};
    if (at_ == At::handshake) registrar_.no_handshake(peer_.from, slow);
    return close(at_ == At::handshake || at_ == At::leaving || held_ ? nullptr : &slow);
  }
  for (int n = 0; n < kTurns; ++n)
    if (!run()) return at_ == At::closed ? close(tell_ ? &why_ : nullptr) : Poll::pending;
  return Poll::again;
}

bool SccpSession::run() {
  if (at_ == At::handshake) return handshake();
  if (!flush()) return false;
  switch (at_) {
    case At::head:
      if (!read(MutBytes(head_))) return false;
      on_head();
      return at_ != At::closed;
    case At::body:
      if (!read(body_.mut())) return false;
      on_message();
      return at_ != At::closed;
    case At::leaving: {          // the phone hangs up when it has read the answer
      uint8_t rest[64];
      const auto got = stream_->read(MutBytes(rest));
      if (!got && got.error().code != Code::busy) at_ = At::closed;
      return got.has_value();
    }
    default: return false;
  }
}

bool SccpSession::handshake() {
  if (!tls_->failure()) {
    registrar_.no_handshake(peer_.from, tls_->failure().error());
    at_ = At::closed;
    return false;
  }
  if (!tls_->established()) return false;
  const auto who = registrar_.connected(tls_->info(), peer_.from);
  if (!who) {
    at_ = At::closed;
    return false;
  }
  peer_ = *who;
  peer_.secure = true;
  at_ = At::head;
  timer_.start(kRegister);
  return true;
}

bool SccpSession::read(MutBytes to) {
  while (have_ < to.size()) {
    const auto got = stream_->read(to.subspan(have_));
    if (!got) {
      if (got.error().code != Code::busy) at_ = At::closed;
      return false;
    }
    have_ = static_cast<uint16_t>(have_ + *got);
  }
  have_ = 0;
  return true;
}

bool SccpSession::flush() {
  while (out_at_ < out_size_) {
    const auto put = stream_->write(Bytes(out_ + out_at_, size_t(out_size_ - out_at_)));
    if (!put) {
      if (put.error().code != Code::busy) at_ = At::closed;
      return false;
    }
    out_at_ = static_cast<uint16_t>(out_at_ + *put);
  }
  out_size_ = out_at_ = 0;
  return true;
}

void SccpSession::on_head() {
  const auto length = read_sccp_head(Bytes(head_));
  const Status room = length ? body_.resize(*length) : Status(length.error());
  if (room) {
    at_ = At::body;
    return;
  }
  why_ = room.error();
  tell_ = true;
  at_ = At::closed;
}

void SccpSession::answer(SccpId id, Bytes message) {
  out_size_ = static_cast<uint16_t>(message.size());
  registrar_.sent(peer_, id);
}

void SccpSession::leave() {
  at_ = At::leaving;
  held_ = false;
  timer_.start(kLeave);
}

void SccpSession::on_message() {
  const SccpMessage m = read_sccp_body(body_.view());
  at_ = At::head;
  if (held_) timer_.start(registrar_.idle_limit());
  if (!peer_.secure && peer_.device.empty() && m.id == SccpId::register_request)
    if (const auto request = read_register(m.payload)) peer_.device = request->device;
  registrar_.received(peer_, m);
  switch (m.id) {
    case SccpId::register_request: on_register(m.payload); break;
    case SccpId::keep_alive: answer(SccpId::keep_alive_ack, write_keep_alive_ack(MutBytes(out_))); break;
    case SccpId::token_request: answer(SccpId::token_reject, write_sccp_word(SccpId::token_reject, kTokenWait_s, MutBytes(out_))); break;
    case SccpId::unregister:
      answer(SccpId::unregister_ack, write_sccp_word(SccpId::unregister_ack, 0, MutBytes(out_)));
      leave();
      break;
    default: break;              // sccp.md 1: what is not known is ignored
  }
  body_.clear();
}

void SccpSession::on_register(Bytes payload) {
  const auto request = read_register(payload);
  if (!request) {                // log and drop the message, keep the connection
    if (!told_) registrar_.broken(peer_, request.error());
    told_ = true;
    return;
  }
  const RegisterAnswer a = registrar_.register_phone(*this, peer_, *request);
  if (a.reset != ResetKind::none) answer(SccpId::reset, write_sccp_word(SccpId::reset, static_cast<uint32_t>(a.reset), MutBytes(out_)));
  else answer(SccpId::register_reject, write_register_reject(a.text, MutBytes(out_)));
  if (!a.hold || a.reset != ResetKind::none) return leave();
  if (!held_) number_ = registrar_.next_number();
  held_ = true;
  timer_.start(registrar_.idle_limit());
}

bool SccpSession::send_reset(ResetKind kind) {
  if (!held_) return false;
  const Bytes message = write_sccp_word(SccpId::reset, static_cast<uint32_t>(kind), MutBytes(out_).subspan(out_size_));
  out_size_ = static_cast<uint16_t>(out_size_ + message.size());
  registrar_.sent(peer_, SccpId::reset);
  leave();
  wake();
  return true;
}

}  // namespace parley::telephony_service
