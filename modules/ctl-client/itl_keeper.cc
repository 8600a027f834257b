// Keeps the ITL file equal to what phones of this router meet, without the operator.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/itl_keeper.h"

#include <algorithm>

#include "modules/ctl-client/ctl_messages.h"

namespace parley::ctl_client {
namespace {

constexpr Millis kSettle{2000};   // a paste and an enrolment change many things in a row
constexpr Millis kAgain{60000};   // a clock that is not set, a write that failed
constexpr Millis kDurable{250};   // until what phones did is written

}  // namespace

ItlKeeper::ItlKeeper(Env& env, ItlOwner& owner, const Trustpoints& trustpoints, Publisher& publisher)
    : Task(env.scheduler, "ITL"), env_(env), owner_(owner), trustpoints_(trustpoints) {
  published_.use(&publisher);
}

ItlKeeper::~ItlKeeper() {
  job_.cancel();
  published_.withdraw();
}

void ItlKeeper::restore() {
  auto stored = load_list(env_.store, kItlFile);
  if (stored) {
    list_ = std::move(*stored);
    if (const auto f = read_file(list_.view())) last_time_ = f->header.timestamp;
    published_.publish(list_.view());
  } else if (stored.error().code != Code::missing) {
    damaged_ = true;
    env_.log(kItlDamaged, stored.error().what);
  }
  changed();
}

// Not later than that, however often something changes.
void ItlKeeper::changed() {
  if (!follow_.running() || follow_.left() > kSettle) follow_.start(kSettle);
}

void ItlKeeper::set_phones(std::span<const PhoneMac> phones) {
  published_.set_phones(phones);
  phones_ = !phones.empty();
}

Poll ItlKeeper::step() {
  if (const auto done = job_.take()) finished(*done);
  if (follow_.fired()) consider();
  return Poll::pending;
}

void ItlKeeper::consider() {
  if (job_.busy()) {
    changed();
    return;
  }
  const ItlFacts facts = owner_.itl_facts();
  if (!facts.config.itl) {
    if (list_.empty() && !damaged_) return;
    auto job = std::make_unique<ListJob>(env_.store, env_.keys, kItlFile);
    job->work = ListJob::Work::remove;
    if (!job_.start(env_.jobs, *this, std::move(job))) changed();
  } else if (damaged_) {
    // Who signed what the phones hold is not known any more: the operator decides.
  } else if (file_credentials(facts.uses).empty()) {
    if (!list_.empty()) keep_old("There are no file credentials (tftp-server-credentials)");
  } else if (!owner_.clock_set()) {
    follow_.start(kAgain);
  } else {
    make();
  }
}

void ItlKeeper::force() {
  force_ = true;
  follow_.start(Millis(1));
}

void ItlKeeper::make() {
  if (!owner_.may_decide()) return follow_.start(kDurable);
  ItlFacts facts = owner_.itl_facts();
  facts.stored = list_.view();
  facts.anybody = phones_;
  facts.force = force_;
  if (list_.empty() && !trustpoints_.usable(file_credentials(facts.uses), Purpose::file_signing)) return;   // not enrolled yet
  ItlPlan plan;
  Text<200> problem;
  const bool planned = plan_itl(facts, trustpoints_, env_.keys, plan, problem);
  if (!force_) lost_ = std::move(plan.list.lost);
  if (!planned) return keep_old(problem);
  auto job = std::make_unique<ListJob>(env_.store, env_.keys, kItlFile);
  auto stored = Blob::copy_of(list_.view());
  if (!stored) {
    follow_.start(kAgain);
    return;
  }
  job->plan = std::move(plan.list);
  job->plan.signer_label = plan.wanted;
  job->stored = std::move(*stored);
  job->hash = owner_.digest();
  job->timestamp = std::max(static_cast<uint32_t>(env_.clock.wall()), last_time_ + 1);
  job->strand = job->plan.vouched || force_ || !phones_;
  job->if_changed = true;
  if (!job_.start(env_.jobs, *this, std::move(job))) changed();
}

void ItlKeeper::finished(ListJob& job) {
  if (!job.problem.empty()) {
    keep_old(job.problem);
    follow_.start(kAgain);
    return;
  }
  kept_.clear();
  if (job.work == ListJob::Work::remove) {
    published_.withdraw();
    list_.clear();
    staged_ = damaged_ = false;
    env_.log(kItlRemoved);
    changed();   // `itl` may have come back meanwhile
    return;
  }
  staged_ = job.plan.staged;
  if (force_) owner_.itl_made({lost_.begin(), lost_.size()});
  force_ = false;
  lost_.clear();
  if (!job.file.empty()) {
    env_.log(staged_ ? kItlStaged : kItlMade, job.plan.signer_label);
    list_ = std::move(job.file);
    last_time_ = job.timestamp;
    published_.publish(list_.view());
    owner_.itl_made({});
  }
}

void ItlKeeper::keep_old(std::string_view why) {
  if (kept_.view() == why) return;
  kept_ = why;
  env_.log(kItlKept, why);
}

void ItlKeeper::show(Writer& out) const {
  const auto f = read_file(list_.view());
  if (!f) return;
  out.put("        ITL signed by: ").put(f->header.subject).put(staged_ ? ", next signer introduced\n" : "\n");
  if (!kept_.empty()) out.put("        ITL kept: ").put(kept_).put('\n');
}

}  // namespace parley::ctl_client
