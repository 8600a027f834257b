// auto-enroll.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/renewals.h"

#include <algorithm>

#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/request_subject.h"

namespace parley::crypto_pki {
namespace {

constexpr UnixTime kAfterTry = 3600;
constexpr UnixTime kLongest = 5;          // between two looks: the clock may be set meanwhile
constexpr Seconds kClockWait{2};

bool issued_here(const Entry& e, const Certificate& c) {
  for (const Stored& s : e.certificates) {
    if (s.kind == ChainKind::ca && verify_issued(c, s.certificate)) return true;
  }
  return false;
}

}  // namespace

UnixTime renewal_due(const Trustpoint& t, const Entry& e) {
  if (!t.auto_enroll || t.enrollment != Enrollment::url || !starts_nocase(t.enrollment_url, "http")) return 0;
  if (e.authority() == nullptr) return 0;
  const Stored* own = e.own();
  if (own == nullptr) return 1;
  const Certificate& c = own->certificate;
  if (own->kind == ChainKind::own && !issued_here(e, c)) return 1;   // by the authority before (next_authority.h)
  return c.not_before + (c.not_after - c.not_before) / 100 * t.auto_enroll_percent;
}

Renewals::Renewals(Pki& pki) : Task(pki.context().scheduler, "Crypto PKI renew"), pki_(pki) {}

void Renewals::stop() {
  timer_.stop();
  rename_.cancel();
  tries_.clear();
}

Renewals::Try* Renewals::try_of(std::string_view label) {
  for (Try& t : tries_) {
    if (t.label.view() == label) return &t;
  }
  if (!tries_.push(Try{Text<63>(label), 0})) return nullptr;
  return &tries_[tries_.size() - 1];
}

Poll Renewals::step() {
  (void)timer_.fired();
  if (!pki_.context().clock_valid()) {
    timer_.start(kClockWait);
    return Poll::pending;
  }
  finish_rename();
  const UnixTime now = pki_.context().now();
  UnixTime next = now + kLongest;
  for (const Trustpoint& t : pki_.settings().trustpoints) next = std::min(next, look(t, now));
  timer_.start(Seconds(std::max<UnixTime>(1, next - now)));
  return Poll::pending;
}

UnixTime Renewals::look(const Trustpoint& t, UnixTime now) {
  const UnixTime never = now + kLongest;
  const Entry* e = pki_.store().find(t.label);
  const UnixTime due = e == nullptr ? 0 : renewal_due(t, *e);
  if (due == 0) return never;
  if (due > now) return due;
  if (const Enrolment* running = pki_.enrolment(t.label); running != nullptr && !running->ended()) return never;
  Try* last = try_of(t.label);
  if (last == nullptr) return never;
  if (last->next > now) return last->next;
  // Its end was told (expiry_notices); the next one may take its place at any moment (next_authority), and then nothing shall wait.
  if (!usable_as_ca(e->authority()->certificate, now)) return never;
  last->next = now + kAfterTry;
  pki_.context().log(kRenewing, t.label);
  if (const Status begun = begin(t, *e); !begun) pki_.context().log(kCertRejected, t.label, begun.error().what);
  return last->next;
}

Status Renewals::begin(const Trustpoint& t, const Entry& e) {
  TRY_ASSIGN(const TrustpointSettings s, pki_.trustpoint(t.label));
  const Stored* ca = e.authority();
  TRY(usable_as_ca(ca->certificate, pki_.context().now()));
  CsrOrder order;
  if (const Stored* own = e.own(); own != nullptr && own->kind == ChainKind::own) {   // what the operator once answered
    TRY_ASSIGN(order.subject, Blob::copy_of(own->certificate.subject));
  } else {
    TRY_ASSIGN(order.subject, request_subject(pki_.context(), s, s.serial == Ask::value, s.address == Ask::value ? s.ip : 0));
  }
  if (s.has_password) order.challenge = s.password;
  order.alt_dns = s.alt_name;
  order.ext_usage = s.ext_usage;
  TRY_ASSIGN(const Blob authority, Blob::copy_of(ca->certificate.der.view()));
  TRY_ASSIGN(Enrolment* const enrolment, pki_.new_enrolment(s));
  return enrolment->begin(std::move(order), authority);
}

// A power cut came between the new certificate and the renaming of its key (enrolment.h).
void Renewals::finish_rename() {
  if (rename_.busy()) {
    const std::unique_ptr<RenameKeyJob> job = rename_.take();
    if (job == nullptr) return;
    if (!job->result) return pki_.context().log(kKeyNotMoved, job->to, job->result.error().what);
  }
  const TrustStore& store = pki_.store();
  for (size_t i = 0; i < store.size(); ++i) {
    const Entry& e = store[i];
    if (!store.shadow_is_left(e)) continue;
    if (const Enrolment* running = pki_.enrolment(e.label); running != nullptr && !running->ended()) continue;
    auto job = std::make_unique<RenameKeyJob>(pki_.context().keys);
    job->from = shadow_label(e.key);
    job->to = e.key;
    (void)rename_.start(pki_.context().jobs, *this, std::move(job));
    return;
  }
}

}  // namespace parley::crypto_pki
