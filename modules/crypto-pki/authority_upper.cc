// Certificate servers below another authority: subordinate CA, and registration authority with the requests it passes on.
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   client --PKCSReq--> RA: pending --grant--> granted --PKCSReq signed by the RA--> authority --certificate--> issued
//          <--polls----                                 <--polls, while it is pending there-->
#include "modules/crypto-pki/authority.h"
#include "modules/crypto-pki/csr.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kEnrolRetry{1'000};
constexpr size_t kForwards = 16;         // passed on at the same time; others wait
constexpr uint16_t kForever = 0xffff;    // polls: the lifetime of the request ends them

}  // namespace

// The certificate of the server is the own certificate of its trustpoint.
Status Authority::start_enrolled(Task* waiter) {
  const Entry* e = store_.find(settings_.label);
  const Stored* own = e == nullptr ? nullptr : e->own();
  if (own == nullptr || !store_.matches_key(*e, own->certificate)) {
    return Fault{Code::missing, "the trustpoint of the server is not enrolled with the authority above", 0};
  }
  auto job = std::make_unique<StartAuthorityJob>(context_.store, context_.keys, context_.random, serials_, index_);
  job->load_requests = !requests_loaded_;
  job->label = settings_.label;
  job->key_label = settings_.key;
  job->hash = settings_.hash;
  job->mode = settings_.mode;
  job->transparent = settings_.transparent;
  job->now = context_.now();
  TRY_ASSIGN(job->existing, Blob::copy_of(own->certificate.der));
  for (const Bytes ca : e->ca) TRY(job->upper.append(ca));
  TRY(start_job_.start(context_.jobs, *this, std::move(job), JobClass::slow));
  state_ = ServerState::starting;
  failure_ = Status();
  key_made_ = false;
  waiter_ = waiter;
  return {};
}

void Authority::start_when_enrolled() {
  awaited_ = true;
  start_again();
}

// Its certificate may still be on the way: then it is looked for.
void Authority::try_enrolled() {
  const Entry* e = store_.find(settings_.label);
  const Stored* own = e == nullptr ? nullptr : e->own();
  if (own == nullptr || !store_.matches_key(*e, own->certificate)) {
    if (awaited_) return again_timer_.start(kEnrolRetry);
    again_ = false;                  // boot: it was never started
    return;
  }
  again_ = awaited_ = false;
  if (state_ == ServerState::enabled || state_ == ServerState::starting) return;
  const Status s = start(nullptr);
  if (!s) fail(s.error());
}

bool Authority::renewed() const {
  const Entry* e = store_.find(settings_.label);
  const Stored* own = e == nullptr ? nullptr : e->own();
  return own != nullptr && !equal_bytes(own->certificate.der, identity_->certificate.der) && store_.matches_key(*e, own->certificate);
}

void Authority::begin_again() {
  state_ = ServerState::initial;
  const Status s = start(nullptr);
  if (!s) fail(s.error());
}

// They are passed on again after the next start.
void Authority::end_forwards() {
  for (const Forward& f : forwards_) {
    if (Request* r = requests_.by_id(f.request_id)) r->issuing = false;
  }
  forwards_.clear();
}

void Authority::run_forwards() {
  for (size_t i = forwards_.size(); i-- > 0;) {
    Request* r = requests_.by_id(forwards_[i].request_id);
    const bool ended = forwards_[i].enrolment->ended();
    const bool late = r != nullptr && r->received < context_.now() - settings_.request_lifetime_hours * int64_t{3600};
    if (r != nullptr && !ended && !late) continue;
    if (r != nullptr && ended) forward_ended(*r, *forwards_[i].enrolment);
    else if (r != nullptr) r->issuing = false;           // it may go now
    forwards_.remove(i);
  }
  if (settings_.mode != ServerMode::registration || !serving()) return;
  for (size_t i = 0; i < requests_.size() && forwards_.size() < kForwards; ++i) {
    Request& r = requests_[i];
    if (r.state == RequestState::granted && !r.issuing && !begin_forward(r)) r.state = RequestState::pending;
  }
}

void Authority::forward_ended(Request& r, const Enrolment& e) {
  r.issuing = false;
  if (e.at() == Enrolment::At::done) return issued(r, e.certificate());
  r.state = e.refused() ? RequestState::rejected : RequestState::pending;   // pending: the operator may try again
  changed(r);
}

Result<EnrollingPtr> Authority::passed_on(Bytes csr, Bytes subject, Bytes key) const {
  auto e = std::make_shared<Enrolling>();
  e->key = identity_->key;
  TRY_ASSIGN(e->wanted_key, Blob::copy_of(key));
  TRY_ASSIGN(e->subject, Blob::copy_of(subject));
  TRY_ASSIGN(e->csr, Blob::copy_of(csr));
  TRY_ASSIGN(e->signer, Blob::copy_of(identity_->certificate.der));
  TRY_ASSIGN(e->ca, Blob::copy_of(identity_->issuer.der));
  uint8_t id[16];
  TRY(context_.random.fill(id));
  char text[40];
  FixedWriter w(text);
  w.hex_bytes(id, sizeof id);
  e->transaction = Text<128>(w.view());
  return e;
}

Status Authority::begin_forward(Request& r) {
  TRY_ASSIGN(EnrollingPtr state, passed_on(r.csr, r.subject, r.key));
  if (settings_.transparent) state->transaction = r.transaction;
  TrustpointSettings to = settings_.upper;
  to.retry_count = kForever;
  Forward f;
  f.request_id = r.id;
  f.enrolment = std::make_unique<Enrolment>(context_, store_, to);
  TRY(f.enrolment->begin_for(std::move(state), *this));
  TRY(forwards_.push(std::move(f)));
  r.issuing = true;
  return {};
}

Result<std::unique_ptr<Enrolment>> Authority::forward_phone(std::string_view device, std::string_view challenge, Bytes spki, Task& waiter) {
  if (!serving()) return Fault{Code::denied, "the registration authority is not enabled", 0};
  if ((identity_->certificate.ext_usage & ext_usage::kCmcRa) == 0) {
    return Fault{Code::unsupported, "the authority behind this RA wants the signature of the phone: it did not issue an RA certificate", 0};
  }
  TRY_ASSIGN(const Blob subject, phone_subject(identity_->issuer.subject, device));
  CsrSpec spec;
  spec.subject = subject;
  spec.challenge = challenge;
  TRY_ASSIGN(const Blob csr, build_vouched_csr(spec, spki));
  TRY_ASSIGN(EnrollingPtr state, passed_on(csr, subject, spki));
  auto made = std::make_unique<Enrolment>(context_, store_, settings_.upper);
  TRY(made->begin_for(std::move(state), waiter));
  return made;
}

}  // namespace parley::crypto_pki
