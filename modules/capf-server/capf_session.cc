// One phone at the CAPF server: transport, timers, messages in and out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_session.h"

#include "modules/capf-server/capf_service.h"
#include "modules/crypto-pki/certificate.h"

namespace parley::capf_server {
namespace {

constexpr Millis kHandshake{10'000}, kAnswer{30'000};     // capf.md 7
constexpr Millis kIssueLimit{55'000};                     // phones are held for a minute at most (capf.md 6)
constexpr Millis kEndLimit{5'000};
constexpr Millis kLongest{2 * 60'000};                    // beside the time for the key
constexpr int kTurns = 16;                                // messages and states in one step

}  // namespace

CapfSession::CapfSession(Scheduler& scheduler, CapfService& service)
    : Task(scheduler, "CAPF session"), service_(service), body_(service.arena()), out_(service.arena()) {}

CapfSession::~CapfSession() {
  if (device_ != nullptr) device_->in_session = false;
}

void CapfSession::begin(std::unique_ptr<TlsSession> tls) {
  tls_ = std::move(tls);
  peer_ = tls_->peer().ip;
  trial_ = service_.is_trial(tls_->peer());
  id_ = service_.new_session_id();
  enter(At::handshake, kHandshake);
  whole_.start(kLongest + Millis(service_.settings().keygen_timeout_min * 60'000));
  wake();
}

const char* CapfSession::state_name() const {
  switch (at_) {
    case At::await_auth:
    case At::proving: return "AWAIT-AUTH-RES";
    case At::await_keygen:
    case At::checking: return "AWAIT-KEYGEN-RES";
    case At::await_ca:
    case At::saving: return "AWAIT-CA-RES";
    case At::await_store:
    case At::committing: return "AWAIT-STORE-CERT-RES";
    case At::await_fetch:
    case At::judging: return "AWAIT-FETCH-CERT-RES";
    case At::await_delete: return "AWAIT-DELETE-CERT-RES";
    default: return "IDLE";
  }
}

void CapfSession::enter(At at, Millis limit) {
  at_ = at;
  timer_.start(limit);
}

bool CapfSession::waits_for_phone() const {
  switch (at_) {
    case At::await_auth:
    case At::await_keygen:
    case At::await_store:
    case At::await_fetch:
    case At::await_delete: return true;
    default: return false;
  }
}

void CapfSession::close() {
  at_ = At::closed;
  timer_.stop();
  whole_.stop();
  retry_.stop();
  proof_job_.cancel();
  key_job_.cancel();
  fetch_job_.cancel();
  issue_.reset();
  tls_.reset();
  if (device_ != nullptr) device_->in_session = false;
  device_ = nullptr;
  service_.session_closed();
}

Poll CapfSession::step() {
  if (at_ == At::closed) return Poll::done;
  (void)retry_.fired();
  if (timer_.fired() || whole_.fired()) {
    if (at_ == At::handshake || at_ == At::ended) close();
    else if (at_ == At::await_keygen && device_ != nullptr) {
      if (!trial_) service_.keygen_failed(*device_, tag_);
      end(Reason::refused, "the phone made no key in time");
    } else {
      end(Reason::refused, at_ == At::await_ca ? "the authority does not answer" : "the phone does not answer");
    }
  }
  for (int n = 0; n < kTurns && at_ != At::closed; ++n)
    if (!run()) return at_ == At::closed ? Poll::done : Poll::pending;
  return at_ == At::closed ? Poll::done : Poll::again;
}

bool CapfSession::run() {
  if (at_ == At::handshake) {
    if (!tls_->failure()) {
      service_.ended(*this, Reason::refused, tls_->failure().error().what);
      close();
      return false;
    }
    if (!tls_->established()) return false;
    Message m(Command::auth_request, id_);
    m.byte(kVersion, 3);
    // Only a general wish can be told here: the phone has not said its name yet (capf.md 2.2).
    if (service_.settings().auth_mode == AuthMode::lsc) m.byte(kAuthType, 3);
    if (service_.settings().auth_mode == AuthMode::mic) m.byte(kAuthType, 4);
    send(std::move(m));
    enter(At::await_auth, kAnswer);
    return true;
  }
  if (!flush()) return false;
  switch (at_) {
    case At::ended: close(); return false;
    case At::proving: {
      const auto done = proof_job_.take();
      if (done == nullptr) return false;
      if (!done->result) end(Reason::refused, done->result.error().what);
      else authenticated();
      return true;
    }
    case At::checking: {
      const auto done = key_job_.take();
      if (done == nullptr) return false;
      if (!done->result) end(Reason::refused, done->result.error().what);
      else if (service_.own_key(key_.view()) || service_.devices().key_of_other(device_->name.view(), key_.view()))
        end(Reason::refused, "the phone sent a key that belongs to somebody else");
      else if (trial_) end(Reason::nothing, "trial: no certificate is issued");
      else issue();
      return true;
    }
    case At::await_ca: issue(); return at_ != At::await_ca;
    case At::saving:
      if (!device_->saved()) return false;
      ask_store();
      return true;
    case At::judging: {
      const auto done = fetch_job_.take();
      if (done == nullptr) return false;
      if (!done->result) {
        end(Reason::refused, done->result.error().what);
        return true;
      }
      device_->current = std::move(done->certificate);
      device_->kind = done->kind;
      device_->deleted = false;
      commit(Reason::nothing);
      return true;
    }
    case At::committing:
      if (!device_->saved()) return false;
      service_.finished(*device_, tag_, operation_, proof_);
      end(end_reason_, nullptr);
      return true;
    default: break;
  }
  if (!waits_for_phone() || !read_message()) return false;
  on_message();
  return true;
}

bool CapfSession::flush() {
  while (out_at_ < out_.size()) {
    const auto put = tls_->write(out_.view().subspan(out_at_));
    if (!put) {
      if (put.error().code != Code::busy) close();
      return false;
    }
    out_at_ += *put;
  }
  out_.clear();
  out_at_ = 0;
  return true;
}

bool CapfSession::read_message() {
  for (;;) {
    const MutBytes to = have_head_ ? body_.mut() : MutBytes(head_bytes_);
    while (have_ < to.size()) {
      const auto got = tls_->read(to.subspan(have_));
      if (!got) {
        if (got.error().code != Code::busy) {
          service_.ended(*this, Reason::refused, "the phone closed the connection");
          close();
        }
        return false;
      }
      have_ += *got;
    }
    have_ = 0;
    if (have_head_) {
      have_head_ = false;
      return true;
    }
    const auto head = read_head(Bytes(head_bytes_));
    if (!head && head.error().detail == 0) {   // another protocol: silence
      service_.ended(*this, Reason::refused, head.error().what);
      close();
      return false;
    }
    if (!head || head->session != id_ || !body_.resize(head->body_size)) {
      end(Reason::refused, head ? "the phone answered another session" : head.error().what);
      return false;
    }
    head_ = *head;
    have_head_ = true;
  }
}

void CapfSession::on_message() {
  service_.debug_message("received", device(), head_.command, body_.size());
  if (head_.command == Command::in_progress && at_ != At::await_auth) return;   // as often as it likes, within the time
  const auto e = Elements::read(body_.view());
  if (!e) return end(Reason::refused, e.error().what);
  if (at_ == At::await_auth && head_.command == Command::auth_response) return on_auth(*e);
  if (at_ == At::await_keygen && head_.command == Command::key_response) return on_key(*e);
  if (at_ == At::await_store && head_.command == Command::store_response) return on_store(*e);
  if (at_ == At::await_fetch && head_.command == Command::fetch_response) return on_fetch(*e);
  if (at_ == At::await_delete && head_.command == Command::delete_response) return on_delete(*e);
  end(Reason::refused, "a message out of turn");
}

void CapfSession::send(Message&& m) {
  auto bytes = m.finish();
  if (!bytes || !out_.append(bytes->view())) {
    service_.ended(*this, Reason::refused, "no memory");
    return close();
  }
  service_.debug_message("sent", device(), static_cast<Command>(bytes->view()[1]), bytes->size() - kHeaderSize);
  (void)flush();
}

void CapfSession::end(Reason reason, const char* why) {
  service_.ended(*this, reason, why);
  proof_job_.cancel();
  key_job_.cancel();
  fetch_job_.cancel();
  issue_.reset();
  Message m(Command::end_session, id_);
  m.byte(kReason, static_cast<uint8_t>(reason));
  enter(At::ended, kEndLimit);
  send(std::move(m));
}

void CapfSession::ask_key() {
  order_ = service_.key_order(version_);
  Message m(Command::key_request, id_);
  if (order_.type == WireKey::rsa) m.word(kKeySize, order_.bits);
  if (order_.type == WireKey::rsa && version_ >= 3) m.byte(kKeyType, 0);
  if (order_.type == WireKey::ec) m.byte(kKeyType, 1).byte(kCurve, 0);
  send(std::move(m));
  if (at_ != At::closed) enter(At::await_keygen, Millis(service_.settings().keygen_timeout_min * 60'000));
}

void CapfSession::ask_store() {
  Message m(Command::store_request, id_);
  m.byte(kCertificateType, static_cast<uint8_t>(CertificateKind::lsc));
  m.certificate(CertificateKind::lsc, device_->pending.view());
  send(std::move(m));
  if (at_ != At::closed) enter(At::await_store, kAnswer);
}

void CapfSession::issue() {
  if (issue_ == nullptr) {
    if (at_ != At::await_ca) enter(At::await_ca, kIssueLimit);
    if (retry_.running()) return;
    // The phone lost the answer last time: the same key gets the same certificate.
    if (!device_->pending.empty()) {
      const auto c = crypto_pki::parse_certificate(device_->pending.view());
      if (c && equal_bytes(c->spki, key_.view())) return got_certificate({});
    }
    if (service_.settings().offline) return wait_for_authority();
    const Text<64> password = service_.enroll_password();
    const PhoneRequest request{service_.settings().enroll_trustpoint.view(), password.view(), device_->name.view(), key_.view()};
    auto begun = service_.issuer().issue(request, *this);
    if (!begun && begun.error().code == Code::busy) return retry_.start(Millis(200));
    if (!begun) return end(Reason::refused, begun.error().what);
    issue_ = std::move(*begun);
  }
  auto made = issue_->poll();
  if (!made && made.error().code == Code::busy) return;
  issue_.reset();
  if (!made) return end(Reason::refused, made.error().what);
  got_certificate(made->view());
}

// Durable before the phone hears the end: it keeps its key, and the certificate comes in a later session.
void CapfSession::wait_for_authority() {
  device_->requested.clear();
  if (!device_->requested.append(key_.view())) return end(Reason::refused, "no memory");
  device_->requested_at = service_.env().clock.wall();
  device_->pending.clear();
  service_.save(*device_);
  end(Reason::refused, "its key waits for the offline authority");
}

void CapfSession::got_certificate(Bytes der) {
  if (!der.empty()) {
    device_->pending.clear();
    if (!device_->pending.append(der)) return end(Reason::refused, "no memory");
    service_.save(*device_);
  }
  enter(At::saving, kAnswer);
}

}  // namespace parley::capf_server
