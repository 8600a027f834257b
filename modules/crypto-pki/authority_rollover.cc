// Roll-over of a certificate server: its next certificate before the old one ends, the change when it has ended.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// enabled --auto-rollover days before the end--> key and certificate of the successor, kept as `certificate rollover`, told by
// GetNextCACert --end--> the successor signs. Which certificate counts is decided by dates and keys alone (choose()), so a
// power cut anywhere leaves a server that goes on; the chain is put in order afterwards.
#include <algorithm>

#include "modules/crypto-pki/authority.h"
#include "modules/crypto-pki/pki_messages.h"

namespace parley::crypto_pki {
namespace {

constexpr Millis kClockLook{1'000};
constexpr Millis kRetry{60'000};
constexpr int64_t kDay = 86400;
constexpr std::string_view kOther = "#";   // the two key pairs of a server are <label> and <label>#, in turn

}  // namespace

KeyLabel Authority::key_label_of(const Certificate& c) const {
  char text[KeyLabel::kCapacity];
  FixedWriter other(text);
  other.put(settings_.key.view().substr(0, KeyLabel::kCapacity - kOther.size())).put(kOther);
  for (const std::string_view label : {settings_.key.view(), other.view()}) {
    const KeyRef key = context_.keys.find(label);
    const Result<Blob> spki = key ? context_.keys.public_key(key) : Result<Blob>(Fault{Code::missing, "", 0});
    if (spki && equal_bytes(*spki, c.spki)) return KeyLabel(label);
  }
  return {};
}

KeyLabel Authority::other_key_label() const {
  if (!(key_label_of(identity_->certificate) == settings_.key)) return settings_.key;
  char text[KeyLabel::kCapacity];
  FixedWriter other(text);
  other.put(settings_.key.view().substr(0, KeyLabel::kCapacity - kOther.size())).put(kOther);
  return KeyLabel(other.view());
}

Authority::Choice Authority::choose() const {
  Choice c;
  const Entry* e = store_.find(settings_.label);
  if (e == nullptr) return c;
  for (const Stored& s : e->certificates) {
    const Certificate& own = s.certificate;
    if (!own.is_ca || !own.self_issued() || key_label_of(own).empty()) continue;
    const bool begun = own.not_before <= context_.now();
    const Stored*& place = begun ? c.current : c.next;
    if (place == nullptr || (begun == (own.not_before > place->certificate.not_before))) place = &s;
  }
  return c;
}

// The clock may be set at any time, so nothing here trusts a long timer.
void Authority::look_at_clock() {
  (void)clock_timer_.fired();
  (void)rollover_retry_.fired();
  if (rollover_job_.busy() || chain_job_.busy()) rollover_made();
  if (state_ != ServerState::enabled) return;
  if (settings_.mode != ServerMode::root && renewed()) return begin_again();
  const UnixTime now = context_.now();
  if (requests_.expire(now - settings_.request_lifetime_hours * int64_t{3600}) != 0) keep_requests();
  if (settings_.mode != ServerMode::registration && crl_next_ - 600 <= now && !crl_job_.busy() && !crl_due_) publish_crl();
  if (settings_.mode == ServerMode::root) {   // the certificate of a subordinate server belongs to its trustpoint
    roll_over();
    tidy_chain();
  }
  if (!clock_timer_.running()) clock_timer_.start(kClockLook);
}

void Authority::roll_over() {
  if (rollover_job_.busy() || chain_job_.busy() || rollover_retry_.running()) return;
  const UnixTime now = context_.now(), end = identity_->certificate.not_after;
  const bool wanted = settings_.auto_rollover && successor_.identity == nullptr;
  if (wanted && now >= end - settings_.rollover_days * kDay) {
    auto job = std::make_unique<RolloverJob>(context_.keys);
    job->ca = identity_;
    job->key_label = other_key_label();
    job->key_bits = settings_.key_bits;
    job->end = end + settings_.ca_lifetime_days * kDay;
    job->serials = serials_;
    if (!rollover_job_.start(context_.jobs, *this, std::move(job), JobClass::slow)) rollover_retry_.start(kRetry);
    return;
  }
  if (now < end) return;
  const bool followed = successor_.identity != nullptr;
  state_ = ServerState::initial;
  successor_ = {};
  const Status s = start(nullptr);
  if (!s) fail(s.error());
  else if (followed) context_.log(kRolledOver, settings_.label);
}

void Authority::rollover_made() {
  if (rollover_job_.busy()) {
    const std::unique_ptr<RolloverJob> job = rollover_job_.take();
    if (job == nullptr) return;
    Status kept = job->result ? Status() : Status(job->result.error());
    if (kept) {
      made_ = std::move(*job->result);
      Result<std::unique_ptr<SaveChainJob>> save = store_.save(settings_.label, ChainKind::rollover, made_.identity->certificate.der);
      kept = save ? chain_job_.start(context_.jobs, *this, std::move(*save)) : Status(save.error());
    }
    if (kept) return;
    context_.log(kRolloverFailed, settings_.label, kept.error().what);
    rollover_retry_.start(kRetry);
    return;
  }
  const std::unique_ptr<SaveChainJob> job = chain_job_.take();
  if (job == nullptr) return;
  const Status kept = store_.saved(*job);
  if (!kept) {
    context_.log(kRolloverFailed, settings_.label, kept.error().what);
    rollover_retry_.start(kRetry);
  } else if (job->added[0].kind == ChainKind::rollover) {
    successor_ = std::move(made_);
    context_.log(kRolloverReady, settings_.label);
  }
  made_ = {};
}

// After a roll-over, or when the certificate came with an archive: the server's own certificate is `certificate ca`, and older
// ones go. One change at a time: each comes back through the running-config.
void Authority::tidy_chain() {
  const Entry* e = store_.find(settings_.label);
  if (!untidy_ || e == nullptr || rollover_job_.busy() || chain_job_.busy() || rollover_retry_.running()) return;
  const Bytes own = identity_->certificate.der;
  bool listed = false;
  for (const Stored& s : e->certificates) listed = listed || (s.kind == ChainKind::ca && equal_bytes(s.certificate.der, own));
  if (!listed) {
    Result<std::unique_ptr<SaveChainJob>> save = store_.save(settings_.label, ChainKind::ca, own);
    const Status begun = save ? chain_job_.start(context_.jobs, *this, std::move(*save)) : Status(save.error());
    if (!begun) rollover_retry_.start(kRetry);
    return;
  }
  for (const Stored& s : e->certificates) {
    const bool same = equal_bytes(s.certificate.der, own);
    const bool leftover = same ? s.kind == ChainKind::rollover
                               : s.kind == ChainKind::ca && s.certificate.not_after <= context_.now() &&
                                     equal_bytes(s.certificate.subject, identity_->certificate.subject);
    if (!leftover) continue;
    store_.drop(settings_.label, s.kind, s.certificate.der);
    return wake();
  }
  untidy_ = false;
}

}  // namespace parley::crypto_pki
