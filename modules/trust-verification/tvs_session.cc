// One phone at the trust verification service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-verification/tvs_session.h"

namespace parley::trust_verification {
namespace {

constexpr Millis kHandshake{10'000}, kRequest{10'000}, kIdle{30'000};   // tvs.md 3.7, 3.8
constexpr int kTurns = 8;                                               // requests in one step

}  // namespace

void TvsSession::begin(std::unique_ptr<TlsSession> tls) {
  tls_ = std::move(tls);
  peer_ = tls_->peer().ip;
  timer_.start(kHandshake);
  wake();
}

Poll TvsSession::close(const Fault* why) {
  if (why != nullptr) answers_.refused(peer_, *why);
  at_ = At::closed;
  timer_.stop();
  tls_.reset();
  answers_.session_closed();
  return Poll::done;
}

bool TvsSession::read(MutBytes to) {
  while (have_ < to.size()) {
    const auto got = tls_->read(to.subspan(have_));
    if (!got) {
      if (got.error().code != Code::busy) at_ = At::closed;
      return false;
    }
    if (at_ == At::head && have_ == 0) timer_.start(kRequest);
    have_ = static_cast<uint16_t>(have_ + *got);
  }
  return true;
}

bool TvsSession::flush() {
  while (out_at_ < out_size_) {
    const auto put = tls_->write(Bytes(out_ + out_at_, size_t(out_size_ - out_at_)));
    if (!put) {
      if (put.error().code != Code::busy) at_ = At::closed;
      return false;
    }
    out_at_ = static_cast<uint16_t>(out_at_ + *put);
  }
  return true;
}

Poll TvsSession::step() {
  if (at_ == At::closed) return Poll::done;
  if (timer_.fired()) {
    const Fault slow{Code::timeout, "too slow", 0};
    return close(at_ == At::head && have_ == 0 ? nullptr : &slow);   // an idle phone is no fault
  }
  if (at_ == At::handshake) {
    if (!tls_->failure()) {
      const Fault why = tls_->failure().error();
      return close(&why);
    }
    if (!tls_->established()) return Poll::pending;
    answers_.connected(tls_->info(), peer_);
    at_ = At::head;
    timer_.start(kIdle);
  }
  for (int n = 0; n < kTurns; ++n) {
    if (at_ == At::head && read(MutBytes(head_bytes_))) on_head();
    else if (at_ == At::body && read(body_.mut())) on_body();
    else if (at_ == At::writing && flush()) {
      at_ = At::head;
      have_ = 0;
      timer_.start(kIdle);
    } else {
      break;
    }
  }
  if (at_ == At::closed) return close(nullptr);
  return Poll::pending;
}

void TvsSession::on_head() {
  at_ = At::closed;
  const auto head = read_head(Bytes(head_bytes_));
  if (!head) return answers_.refused(peer_, head.error());
  head_ = *head;
  body_.clear();
  if (const Status room = body_.resize(head_.body_size); !room) return answers_.refused(peer_, room.error());
  have_ = 0;
  at_ = At::body;
}

void TvsSession::on_body() {
  const Bytes body = body_.view();
  at_ = At::closed;
  if (head_.command != Command::verify_request) return answers_.unknown_command(peer_, Bytes(head_bytes_), body);
  const auto request = read_verify(body);
  if (!request) return answers_.refused(peer_, request.error());
  if (request->certificate.empty()) return answers_.refused(peer_, {Code::invalid, "request without certificate", 0});
  out_size_ = static_cast<uint16_t>(write_response(head_.session, answers_.answer(*request, peer_), MutBytes(out_)).size());
  out_at_ = 0;
  at_ = At::writing;
  timer_.start(kRequest);
}

}  // namespace parley::trust_verification
