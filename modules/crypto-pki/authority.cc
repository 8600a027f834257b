// A certificate server: its state, requests, revocation list.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/authority.h"

#include <algorithm>

#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/pki_debug.h"
#include "modules/crypto-pki/pki_messages.h"
#include "modules/crypto-pki/pki_show.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kCrlRetry{30'000};
constexpr Millis kClockRetry{1'000};
constexpr Millis kLongestTimer{24 * 3600 * 1000};
constexpr int64_t kCrlOverlap = 600;     // the next list is out before the last one ends
constexpr int64_t kDay = 86400;
constexpr int64_t kPhoneClockSlack = 300;   // phones have bad clocks (capf.md 6)

Result<Blob> issuer_name(const ServerSettings& s) {
  if (!s.issuer.empty()) return parse_name(s.issuer);
  char text[80];
  FixedWriter w(text);
  w.put("CN=").put(s.label);
  return parse_name(w.view());
}

}  // namespace

Authority::Authority(Context& context, TrustStore& store, std::string_view label)
    : Task(context.scheduler, "Crypto CA"), context_(context), store_(store), uploads_(context, label) {
  (void)settings_.label.set(label);
  (void)settings_.key.set(label);
  serials_ = std::make_shared<SerialFile>(context.store, labelled_path("nvram:", label, ".ser"));
  index_ = std::make_shared<IssuedIndex>(context.store, label);
}

Status Authority::start(Task* waiter, std::string_view passphrase) {
  if (state_ == ServerState::starting) return Fault{Code::busy, "the certificate server is being started", 0};
  if (!context_.clock_valid()) return Fault{Code::denied, "the clock is not set", 0};
  if (settings_.mode != ServerMode::root) return start_enrolled(waiter);
  auto job = std::make_unique<StartAuthorityJob>(context_.store, context_.keys, context_.random, serials_, index_);
  job->label = settings_.label;
  job->key_label = settings_.key;
  job->key_bits = settings_.key_bits;
  job->hash = settings_.hash;
  job->first_serial = settings_.first_serial;
  job->load_requests = !requests_loaded_;
  job->now = context_.now();
  job->end = job->now + settings_.ca_lifetime_days * kDay;
  TRY_ASSIGN(job->name, issuer_name(settings_));
  TRY(describe_old(*job));
  if (settings_.archived) {
    (void)job->archive.passphrase.set(passphrase);
    job->archive.pem = settings_.archive_pem;
    job->archive.database = settings_.database;
  }
  TRY(start_job_.start(context_.jobs, *this, std::move(job), JobClass::slow));
  debug("starting");
  state_ = ServerState::starting;
  failure_ = Status();
  key_made_ = false;
  waiter_ = waiter;
  return {};
}

// Boot, or started again: which certificate it goes on with, and which one follows.
Status Authority::describe_old(StartAuthorityJob& job) const {
  const Choice c = choose();
  const Entry* e = store_.find(settings_.label);
  if (c.current == nullptr && e != nullptr && e->authority() != nullptr) {
    return Fault{Code::exists, "the trustpoint has the CA certificate of another authority", 0};
  }
  if (c.current == nullptr) return {};
  TRY_ASSIGN(job.existing, Blob::copy_of(c.current->certificate.der));
  job.key_label = key_label_of(c.current->certificate);
  if (c.next == nullptr) return {};
  TRY_ASSIGN(job.next, Blob::copy_of(c.next->certificate.der));
  job.next_key_label = key_label_of(c.next->certificate);
  return {};
}

void Authority::start_again() {
  again_ = true;
  wake();
}

void Authority::try_again() {
  if (settings_.mode != ServerMode::root) return context_.clock_valid() ? try_enrolled() : again_timer_.start(kClockRetry);
  const Choice c = choose();
  const bool early = c.current == nullptr && c.next != nullptr;   // the clock is behind: it was right when that one was made
  if (!context_.clock_valid() || early) return again_timer_.start(kClockRetry);
  again_ = false;
  if (c.current == nullptr || state_ != ServerState::initial) return;
  const Status s = start(nullptr);
  if (!s) fail(s.error());
}

void Authority::stop() {
  again_ = awaited_ = false;
  end_forwards();
  start_job_.cancel();
  crl_job_.cancel();
  rollover_job_.cancel();
  chain_job_.cancel();
  crl_timer_.stop();
  clock_timer_.stop();
  if (crl_waiter_ != nullptr) crl_waiter_->wake();
  crl_waiter_ = nullptr;
  if (state_ == ServerState::enabled) context_.log(kServerDisabled);
  if (state_ != ServerState::initial) state_ = ServerState::disabled;
  debug("stopped");
  identity_.reset();
  successor_ = {};
  tell();
}

// Line of debug crypto pki server.
void Authority::debug(std::string_view what, std::string_view detail) const {
  if (DebugLine line(context_.log, debug_of::kServer); line) {
    line.out().put("CRYPTO_CS: ").put(settings_.label).put(": ").put(what);
    if (!detail.empty()) line.out().put(' ').put(detail);
  }
}

void Authority::tell() {
  if (waiter_ != nullptr) waiter_->wake();
  waiter_ = nullptr;
}

void Authority::fail(const Fault& f) {
  failure_ = f;
  identity_.reset();
  state_ = ServerState::failed;
  debug("failed:", f.what);
  context_.log(kServerFailed, settings_.label, f.what);
  tell();
}

Poll Authority::step() {
  (void)again_timer_.fired();
  run_forwards();
  if (again_) try_again();
  if (start_job_.busy()) started();
  if (crl_job_.busy()) crl_done();
  (void)keep_timer_.fired();
  keep_requests();
  if (crl_timer_.fired()) {
    const int64_t left = crl_next_ - kCrlOverlap - context_.now();
    if (left > 0 && !crl_due_) crl_timer_.start(std::min<Millis>(Seconds(left), kLongestTimer));
    else publish_crl();
  }
  look_at_clock();
  return Poll::pending;
}

void Authority::started() {
  const std::unique_ptr<StartAuthorityJob> job = start_job_.take();
  if (job == nullptr) return;
  if (!job->result) return fail(job->result.error());
  identity_ = std::move(*job->result);
  successor_ = std::move(job->successor);
  untidy_ = true;
  key_made_ = job->generated;
  if (!requests_loaded_) {
    for (Request& r : job->requests) (void)requests_.restore(std::move(r));
    requests_loaded_ = true;
    if (job->damaged != 0) context_.log(kRequestsDamaged, static_cast<unsigned>(job->damaged), settings_.label);
  }
  if (job->existing.empty()) {
    const Status kept = store_.adopt(settings_.label, ChainKind::ca, identity_->certificate.der);
    if (!kept) return fail(kept.error());
  }
  if (settings_.mode == ServerMode::registration) return enabled();   // the authority behind it has the list
  publish_crl();
}

void Authority::publish_now(Task* waiter) {
  crl_waiter_ = waiter;
  publish_crl();
}

void Authority::publish_crl() {
  crl_again_ = crl_job_.busy();   // what has changed meanwhile is not in the one that is being made
  if (crl_again_) return;
  auto job = std::make_unique<CrlJob>(context_.keys, context_.store);
  job->ca = identity_;
  job->serials = serials_;
  job->index = index_;
  job->number = serials_->next_crl_number();
  job->now = context_.now();
  const int64_t hours = settings_.crl_lifetime_hours;   // 0: one list for the life of the CA certificate
  job->next = hours == 0 ? identity_->certificate.not_after : job->now + hours * 3600;
  job->ended = job->now - hours * 3600 - kDay;
  job->database = settings_.database;
  crl_due_ = !crl_job_.start(context_.jobs, *this, std::move(job));
  if (crl_due_) crl_timer_.start(kCrlRetry);
}

Result<bool> Authority::revoked(const Certificate& issuer, Bytes serial) const {
  const bool now = identity_ != nullptr && equal_bytes(identity_->certificate.spki, issuer.spki);
  if (settings_.mode == ServerMode::registration || (!now && key_label_of(issuer).empty())) return Fault{Code::missing, "another authority", 0};
  if (!index_->loaded()) {
    if (state_ == ServerState::starting) return Fault{Code::busy, "the authority of this router starts", 0};
    return Fault{Code::missing, "the authority of this router does not run", 0};
  }
  return listed_as_revoked(serial);
}

bool Authority::has_revoked(const Certificate& leaf) const {
  return identity_ != nullptr && equal_names(leaf.issuer, identity_->certificate.subject) && listed_as_revoked(leaf.serial);
}

bool Authority::listed_as_revoked(Bytes serial) const {
  UnixTime when = 0;
  uint8_t reason = 0;
  return index_->state(serial_number(serial), when, reason) == IssuedState::revoked;
}

void Authority::crl_done() {
  const std::unique_ptr<CrlJob> job = crl_job_.take();
  if (job == nullptr) return;
  if (crl_again_) return publish_crl();
  ++crl_count_;
  if (crl_waiter_ != nullptr) crl_waiter_->wake();
  crl_waiter_ = nullptr;
  if (!job->result) {
    if (state_ == ServerState::starting) return fail(job->result.error());
    context_.log(kServerFailed, settings_.label, job->result.error().what);
    crl_due_ = true;
    return crl_timer_.start(kCrlRetry);
  }
  if (has_remote_place(settings_.database)) uploads_.kick();
  if (DebugLine line(context_.log, debug_of::kServer); line) {
    line.out().put("CRYPTO_CS: ").put(settings_.label).put(": revocation list ").hex(job->number).put(" made, next one at ");
    print_time(job->next, line.out());
  }
  crl_ = std::make_shared<const Blob>(std::move(*job->result));
  crl_next_ = job->next;
  crl_timer_.start(std::min<Millis>(Seconds(std::max<int64_t>(crl_next_ - kCrlOverlap - context_.now(), 30)), kLongestTimer));
  if (state_ == ServerState::starting) enabled();
}

void Authority::enabled() {
  state_ = ServerState::enabled;
  debug("enabled");
  context_.log(kServerEnabled);
  tell();
}

// Authorities and registration authorities always wait for the operator: nobody becomes one by reaching the server.
RequestState Authority::first_state(const Request& r) const {
  if (settings_.granting == Granting::none) return RequestState::rejected;
  if (r.profile != Profile::router) return RequestState::pending;
  if (settings_.granting == Granting::automatic || r.one_time) return RequestState::granted;
  return settings_.granting == Granting::ra_only && r.from_ra ? RequestState::granted : RequestState::pending;
}

Result<Request*> Authority::receive(Request&& r, std::string_view subject_text) {
  r.received = context_.now();
  if (requests_.expire(r.received - settings_.request_lifetime_hours * int64_t{3600}) != 0) wake();
  r.state = first_state(r);
  TRY_ASSIGN(Request* kept, requests_.add(std::move(r)));
  debug(kept->state == RequestState::granted ? "request granted:" : kept->state == RequestState::pending ? "request waits:" : "request rejected:",
        subject_text);
  if (kept->state == RequestState::pending) context_.log(kRequestWaits, kept->id, subject_text);
  return kept;
}

Result<UnixTime> Authority::latest_end() const {
  if (!serving()) return Fault{Code::denied, "the certificate server is not enabled", 0};
  // With a roll-over its clients go over to the successor at the end; until then they must be able to renew.
  const UnixTime end = identity_->certificate.not_after, last = settings_.auto_rollover ? end : month_before(end);
  if (last <= context_.now()) return Fault{Code::denied, "the CA certificate ends in less than a month", 0};
  return last;
}

Result<IssueOrder> Authority::new_order(UnixTime not_before, UnixTime last) {
  IssueOrder o;
  o.not_before = not_before;
  o.not_after = context_.now() + settings_.lifetime.count();
  o.serial = serials_->next_serial();
  if (o.not_after > last) {
    o.not_after = last;
    char hex[20];
    FixedWriter w(hex);
    w.hex(o.serial, 2);
    context_.log(kLifetimeShortened, w.view());
  }
  o.crl_url = settings_.cdp_url;
  o.ocsp_url = settings_.ocsp_url;
  o.database = settings_.database;
  o.serials = serials_;
  o.index = index_;
  return o;
}

Result<IssueOrder> Authority::order(const Request& r) {
  TRY_ASSIGN(const UnixTime last, latest_end());
  TRY_ASSIGN(IssueOrder o, new_order(r.vouched ? context_.now() - kPhoneClockSlack : context_.now(), last));
  if (r.vouched) {
    o.profile = Profile::phone;
    TRY_ASSIGN(o.subject, Blob::copy_of(r.subject));
    TRY_ASSIGN(o.spki, Blob::copy_of(r.key));
    return o;
  }
  TRY_ASSIGN(o.csr, Blob::copy_of(r.csr));
  o.profile = r.profile;
  return o;
}

Result<IssueOrder> Authority::order_phone(std::string_view device, Bytes spki) {
  TRY_ASSIGN(UnixTime last, latest_end());
  if (successor_.identity != nullptr) last = phone_identity()->certificate.not_after;
  TRY_ASSIGN(IssueOrder o, new_order(context_.now() - kPhoneClockSlack, last));
  o.profile = Profile::phone;
  TRY_ASSIGN(o.subject, phone_subject(identity_->certificate.subject, device));
  TRY_ASSIGN(o.spki, Blob::copy_of(spki));
  return o;
}

void Authority::issued(Request& r, Bytes certificate) {
  r.state = RequestState::issued;
  (void)r.certificate.append(certificate);
  changed(r);
  tell_issued(certificate);
}

// ---- requests in nvram:

Result<RequestFile> Authority::file_of(const Request& r) const {
  RequestFile f;
  f.path = request_path(settings_.label, r.id);
  TRY_ASSIGN(f.bytes, encode_request(r));
  return f;
}

void Authority::changed(const Request& r) {
  if (r.kept) (void)to_keep_.push(r.id);
  wake();
}

// One job for all that changed and all that went.
void Authority::keep_requests() {
  if (keep_job_.busy()) {
    const std::unique_ptr<SaveRequestsJob> done = keep_job_.take();
    if (done == nullptr) return;
    if (!done->result) context_.log(kRequestNotKept, settings_.label, done->result.error().what);
  }
  for (uint32_t id = requests_.take_gone(); id != 0; id = requests_.take_gone()) (void)to_keep_.push(id);
  if (to_keep_.empty()) return;
  auto job = std::make_unique<SaveRequestsJob>(context_.store);
  for (const uint32_t id : to_keep_) {
    const Request* r = requests_.by_id(id);
    Result<RequestFile> f = r == nullptr ? RequestFile{request_path(settings_.label, id), Blob()} : file_of(*r);
    if (f) (void)job->files.push(std::move(*f));
  }
  if (keep_job_.start(context_.jobs, *this, std::move(job))) to_keep_.clear();
  else keep_timer_.start(kClockRetry);
}

// ---- revocation

Result<std::unique_ptr<RevokeJob>> Authority::revoke_job(uint64_t serial, uint8_t reason) const {
  if (identity_ == nullptr) return Fault{Code::denied, "the certificate server is not enabled", 0};
  uint8_t buffer[8];
  if (equal_bytes(serial_magnitude(identity_->certificate.serial), serial_bytes(serial, buffer))) {
    return Fault{Code::denied, "the certificate of the server itself cannot be revoked", 0};
  }
  if (serial == 0 || serial > serials_->last_serial()) return Fault{Code::missing, "no such certificate was issued", 0};
  auto job = std::make_unique<RevokeJob>();
  job->index = index_;
  job->serial = serial;
  job->reason = reason;
  job->now = context_.now();
  job->end_if_unknown = identity_->certificate.not_after;
  return job;
}

void Authority::tell_issued(Bytes certificate) {
  if (has_remote_place(settings_.database)) uploads_.kick();
  const Result<Certificate> c = parse_certificate(certificate);
  if (!c) return;
  char serial[64], name[160];
  FixedWriter s(serial), n(name);
  print_serial(c->serial, s);
  (void)print_name(c->subject, NameStyle::ios, n);
  if (DebugLine line(context_.log, debug_of::kServer); line) {
    line.out().put("CRYPTO_CS: ").put(settings_.label).put(": issued 0x").put(s.view()).put(" until ");
    print_time(c->not_after, line.out());
  }
  context_.log(kIssued, s.view(), n.view());
}

}  // namespace parley::crypto_pki
