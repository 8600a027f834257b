// One CTL client at the provider.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/credentials/credentials_session.h"

namespace parley::credentials {

using namespace ctl_protocol;

namespace {

constexpr Millis kHandshake{10'000}, kTurn{10'000}, kLeave{5'000};

}  // namespace

CredentialsSession::CredentialsSession(Scheduler& scheduler, Provider2444& provider)
    : Task(scheduler, "CTL provider session"), provider_(provider), body_(provider.arena()), hello_(provider.arena()), out_(provider.arena()) {}

void CredentialsSession::begin(std::unique_ptr<TlsSession> tls) {
  tls_ = std::move(tls);
  peer_ = tls_->peer().ip;
  timer_.start(kHandshake);
  wake();
}

void CredentialsSession::end(const char* why) {
  if (at_ == At::closed) return;
  if (why != nullptr) provider_.refused(peer_, why);
  at_ = At::closed;
}

bool CredentialsSession::read(MutBytes to) {
  while (have_ < to.size()) {
    const auto got = tls_->read(to.subspan(have_));
    if (!got) {
      if (got.error().code != Code::busy) end(got.error().code == Code::closed ? "the peer left in the middle" : got.error().what);
      return false;
    }
    have_ += *got;
  }
  return true;
}

bool CredentialsSession::flush() {
  while (sent_ < out_.size()) {
    const auto put = tls_->write(out_.view().subspan(sent_));
    if (!put) {
      if (put.error().code != Code::busy) end("the peer left in the middle");
      return false;
    }
    sent_ += *put;
  }
  return true;
}

Poll CredentialsSession::step() {
  if (at_ == At::closed) return Poll::done;
  if (timer_.fired()) end(at_ == At::leaving ? nullptr : "too slow");
  if (at_ == At::handshake) {
    if (const Status failed = tls_->failure(); !failed) end(failed.error().what);
    else if (tls_->established()) at_ = At::head, timer_.start(kTurn);
  }
  for (bool more = true; more && at_ != At::closed;) {
    more = false;
    if (at_ == At::head && read(MutBytes(head_bytes_))) more = true, on_head();
    else if (at_ == At::body && read(body_.mut())) more = true, on_body();
    else if (at_ == At::writing && flush()) {
      more = true;
      have_ = 0;
      at_ = after_;
      timer_.start(at_ == At::leaving ? kLeave : kTurn);
      if (at_ == At::leaving) tls_->shutdown_write();
    } else if (at_ == At::leaving) {
      // The peer reads everything and closes; bytes that it still sends do not count.
      uint8_t rest[64];
      const auto got = tls_->read(MutBytes(rest));
      if (!got && got.error().code != Code::busy) end(nullptr);
    }
  }
  if (at_ != At::closed) return Poll::pending;
  timer_.stop();
  tls_.reset();
  provider_.session_closed();
  return Poll::done;
}

void CredentialsSession::send(Blob bytes, At after) {
  out_ = std::move(bytes);
  sent_ = 0;
  after_ = after;
  at_ = At::writing;
  timer_.start(kTurn);
}

void CredentialsSession::refuse(Reason reason, const char* why, uint16_t wait_s) {
  if (why != nullptr) provider_.refused(peer_, why);
  Message m;
  m.command = Command::refused;
  m.reason = reason;
  m.wait_s = wait_s;
  auto frame = write_message(m, kVersion);
  if (frame) send(std::move(*frame), At::leaving);
  else at_ = At::closed;
}

void CredentialsSession::on_head() {
  const auto head = read_head(Bytes(head_bytes_), kMaxFromClient);
  if (!head) return head.error().code == Code::full ? refuse(Reason::malformed, head.error().what) : end(head.error().what);
  head_ = *head;
  const bool in_turn = turn_ == Turn::hello ? head_.command == Command::hello : head_.command == Command::proof && head_.version == kVersion;
  if (!in_turn) return refuse(Reason::malformed, "a message out of turn");
  body_.clear();
  if (!body_.resize(head_.body_size)) return refuse(Reason::busy, "no memory for a message");
  have_ = 0;
  at_ = At::body;
}

void CredentialsSession::on_body() {
  const auto m = read_body(head_.command, body_.view());
  if (!m) return refuse(Reason::malformed, m.error().what);
  if (turn_ == Turn::hello) on_hello(*m);
  else on_proof(*m);
}

void CredentialsSession::on_hello(const Message& m) {
  if (m.oldest > kVersion || m.newest < kVersion) return refuse(Reason::version, "no version of the CTL protocol in common");
  uint16_t wait_s = 0;
  const Reason refusal = provider_.may_try(peer_, m.user, wait_s);
  if (refusal != Reason::none) return refuse(refusal, refusal == Reason::locked ? nullptr : "the provider is not ready", wait_s);
  auto frame = provider_.challenge();
  if (!frame || !user_.set(m.user) || !hello_.append(Bytes(head_bytes_)) || !hello_.append(body_.view()))
    return refuse(Reason::busy, "no memory for a message");
  transcript_ = transcript(hello_.view(), frame->view(), tls_->info().server_certificate);
  hello_.clear();
  turn_ = Turn::proof;
  send(std::move(*frame), At::head);
}

void CredentialsSession::on_proof(const Message& m) {
  Digest answer;
  if (!provider_.check(peer_, user_, transcript_, m.proof, answer)) return refuse(Reason::wrong_proof, nullptr);
  size_t count = 0;
  auto frames = provider_.records(answer, count);
  if (!frames) return refuse(Reason::busy, frames.error().what);
  if (count == 0) return refuse(Reason::nothing, "there is no certificate to hand over");
  provider_.served(peer_, user_, count, !tls_->info().peer_certificate.empty());
  send(std::move(*frames), At::leaving);
}

}  // namespace parley::credentials
