// The module ctl-client: makes, keeps and publishes the trust list of the phones.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A phone believes only servers whose certificates stand in its trust list (CTL file). It takes the first list it ever
// sees on trust, and each later one only when one of the two signers (SAST) of the stored list signed it. So the list
// has two signers with different keys, and this module never publishes a list that phones which hold the present one
// would refuse, unless the operator says so.
//
// Story of `regenerate`: plan_list decides on the scheduler what goes in (labels -> certificates, all checks and their
// texts); a ListJob signs, verifies its own work with the reader and writes nvram:CTLFile.tlv; finished() publishes the
// new bytes as CTLFile.tlv and, the same content, as CTLSEP<MAC>.tlv of every phone, in one step, then tells the listeners
// (telephony-service signs its files and switches the server to secure mode). At boot the stored list is verified and
// published again without any signature. Power may fail at any point: the store holds the old list or the new one.
//
// States: idle -> job under way (make, remove or restore) -> idle. One job at a time; `erase_wanted_` is remembered.
// When a certificate of a listed trustpoint changes, the list follows by itself, provided that phones accept it.
//
// The ITL file is the work of ItlKeeper, PhoneMemory remembers which phone holds which list, Rotation keeps former certificates in
// use; this class tells them what changed.
//
// Servers of other routers come from their CTL providers: ProviderClients asks, ProviderBook remembers.
#include "modules/ctl-client/ctl_client.h"

#include <algorithm>
#include <utility>

#include "modules/ctl-client/ctl_messages.h"
#include "modules/ctl-client/trust_file_verify.h"
#include "platform/crypto/engine.h"
#include "platform/log/debug_subjects.h"

namespace parley::ctl_client {
namespace {

constexpr UnixTime kEarliest = 1577836800;  // 2020-01-01: a clock before this was never set
constexpr Millis kFollow{2000};             // enrolment changes a trustpoint several times in a row
constexpr Millis kDurable{100};
constexpr Millis kRetry{10000};             // a trustpoint that is not ready yet

}  // namespace

class CtlClient::Worker final : public Task {
 public:
  Worker(Scheduler& scheduler, CtlClient& owner) : Task(scheduler, "CTL client"), follow(*this), durable(*this), owner_(owner) {}
  Poll step() override {
    owner_.step();
    return Poll::pending;
  }
  Timer follow;    // a certificate changed
  Timer durable;   // what phones did is being written

 private:
  CtlClient& owner_;
};

CtlClient::CtlClient(Env& env) : env_(env), listeners_(general_arena()), phones_(general_arena()), waiters_(general_arena()) {
  env.services.provide<TrustList>(this);
  env.services.provide<TrustRoles>(this);
}
CtlClient::~CtlClient() { stop(); }

const char* CtlClient::verify() {
  for (const Server& s : config_.ctl.servers)
    if (s.source == Source::provider && s.function != Function::cme)
      return "Only 'server cme' may name the CTL provider of another router";
  return nullptr;
}

Status CtlClient::start() {
  trustpoints_ = env_.services.find<Trustpoints>();
  publisher_ = env_.services.find<Publisher>();
  if (trustpoints_ == nullptr || publisher_ == nullptr) return Fault{Code::missing, "ctl-client needs crypto-pki and file-service", 0};
  worker_ = std::make_unique<Worker>(env_.scheduler, *this);
  trustpoints_->subscribe(*this);
  providers_ = std::make_unique<ProviderClients>(env_, *worker_);
  providers_->start(*trustpoints_);
  if (auto* files = env_.services.find<TrustFiles>()) files->add(*this);
  published_.use(publisher_);
  CryptoThread boot;   // the scheduler does not run yet
  memory_ = std::make_unique<PhoneMemory>(env_, *publisher_, static_cast<PhoneMemory::Owner&>(*this));
  rotation_ = std::make_unique<Rotation>(env_, *trustpoints_, *memory_, static_cast<Rotation::Owner&>(*this));
  itl_ = std::make_unique<ItlKeeper>(env_, static_cast<ItlOwner&>(*this), *trustpoints_, *publisher_);
  itl_->restore();
  paused_ = https_paused();
  configured_ = config_.ctl.id != 0;
  if (configured_) {
    auto stored = load_list(env_.store, kCtlFile);
    if (stored) {
      list_ = std::move(*stored);
      publish();
      follow_wanted_ = true;   // a certificate may have changed when the power failed
    } else if (stored.error().code != Code::missing) {
      env_.log(kDamaged, stored.error().what);
    }
  }
  memory_->restore();
  rotation_->restore();
  itl_->set_phones(phones());
  memory_->set_phones(phones());
  return {};
}

void CtlClient::stop() {
  if (worker_ == nullptr) return;
  if (auto* files = env_.services.find<TrustFiles>()) files->remove(*this);
  trustpoints_->unsubscribe(*this);
  job_.cancel();
  itl_ = nullptr;
  providers_ = nullptr;
  rotation_ = nullptr;
  memory_ = nullptr;
  published_.withdraw();
  list_.clear();
  waiters_.clear();
  erase_wanted_ = restore_wanted_ = false;
  worker_ = nullptr;
}

void CtlClient::apply() {
  if (worker_ == nullptr) return;
  const bool now = config_.ctl.id != 0;
  rotation_->changed();
  if (configured_ && !now) erase();
  if (!configured_ && now && list_.empty()) restore_wanted_ = true;   // the block was typed again after a boot without it
  configured_ = now;
  providers_->configure(config_.ctl);
  if (paused_ != https_paused()) {
    paused_ = https_paused();
    tell();
  } else {
    moved();
  }
  worker_->wake();
}

void CtlClient::set_phones(std::span<const PhoneMac> phones) {
  auto same = [](const PhoneMac& a, const PhoneMac& b) { return std::equal(a.bytes, a.bytes + 6, b.bytes); };
  if (std::equal(phones.begin(), phones.end(), phones_.begin(), phones_.end(), same)) return;
  phones_.clear();
  for (const PhoneMac& m : phones)
    if (!phones_.push(m)) break;
  published_.set_phones(phones);
  if (itl_ == nullptr) return;
  itl_->set_phones(phones);
  memory_->set_phones(phones);
  rotation_->changed();
}

void CtlClient::phone_went_on(const PhoneMac& phone) {
  if (memory_ != nullptr) memory_->went_on(phone);
}

void CtlClient::set_trial(uint32_t ip) {
  if (memory_ != nullptr) memory_->set_trial(ip);
}

Bytes CtlClient::served(ListKind kind) const {
  return kind == ListKind::ctl ? list_.view() : itl_ != nullptr ? itl_->list() : Bytes();
}

// The stages of a change end when phones did something.
bool CtlClient::phone_follows(const PhoneMac& phone) const {
  if (memory_ == nullptr) return true;
  for (const PhoneLists::Phone& p : memory_->lists().phones()) {
    if (!same_mac(p.mac, phone)) continue;
    for (const ListKind kind : {ListKind::ctl, ListKind::itl}) {
      if (served(kind).empty()) continue;
      const auto facts = facts_of(kind, served(kind));
      if (facts && !memory_->lists().knows_signer(p, kind, facts->signer)) return false;
    }
  }
  return true;
}

void CtlClient::memory_changed() {
  if (itl_ == nullptr) return;
  rotation_->look();
  itl_->changed();
  if (introduces_signer()) follow_soon();
}

// Other certificates are in use, or are to be listed: services look again, the lists follow.
void CtlClient::rotation_moved() {
  if (itl_ == nullptr) return;
  for (TrustList::Listener* l : listeners_) l->credentials_changed();
  moved();
  if (!list_.empty()) follow_soon();
}

bool CtlClient::introduces_signer() const {
  const auto wanted = trustpoints_->newest(config_.ctl.tokenless ? config_.ctl.recovery : config_.ctl.sast1, Purpose::any);
  return wanted && is_sast_of(list_.view(), wanted->certificate) && !is_signer_of(list_.view(), wanted->certificate);
}

std::string_view CtlClient::in_use(std::string_view owner, TrustRole role, std::string_view configured) const {
  return rotation_ == nullptr ? configured : rotation_->in_use(owner, role, configured);
}

bool CtlClient::rotating() const {
  return itl_ != nullptr && (rotation_->open() || itl_->staged() || introduces_signer());
}

void CtlClient::itl_made(std::span<const PhoneMac> lost) {
  for (const PhoneMac& mac : lost) memory_->forget(mac);
  rotation_->changed();
  roles_.tell();
}

void CtlClient::set_secure(bool secure) {
  if (secure_ == secure) return;
  secure_ = secure;
  if (itl_ != nullptr) itl_->changed();
}

void CtlClient::set_digest(Hash digest) {
  if (digest_ == digest) return;
  digest_ = digest;
  if (itl_ != nullptr) itl_->changed();
}

void CtlClient::subscribe(TrustList::Listener& l) { (void)listeners_.push(&l); }

void CtlClient::unsubscribe(TrustList::Listener& l) {
  for (size_t i = listeners_.size(); i-- > 0;)
    if (listeners_[i] == &l) listeners_.remove(i);
}

void CtlClient::tell() {
  for (TrustList::Listener* l : listeners_) l->ctl_changed();
  moved();
}

void CtlClient::moved() {
  roles_.tell();
  if (itl_ != nullptr) itl_->changed();
}

Status CtlClient::set_uses(const char* owner, std::span<const TrustUse> uses) {
  TRY_ASSIGN(const bool changed, roles_.set(owner, uses));
  if (changed && rotation_ != nullptr) rotation_->look();
  if (changed) moved();
  return {};
}

void CtlClient::each_trusted(Each each, void* context) const {
  if (trustpoints_ == nullptr) return;
  const auto by_label = [&](std::string_view label, TrustRole role, const TrustUse* use = nullptr) {
    const auto found = trustpoints_->view(label);
    if (found && !found->certificate.empty()) each(context, {found->certificate, role, label, use});
    const auto newest = trustpoints_->newest(label, Purpose::any);
    if (newest && found && !equal_bytes(newest->certificate, found->certificate)) each(context, {newest->certificate, role, label, use});
  };
  if (config_.ctl.id != 0)
    for (const Text<63>* signer : {&config_.ctl.sast1, &config_.ctl.sast2, &config_.ctl.recovery})
      if (!signer->empty()) by_label(*signer, TrustRole::sast);
  for (const RoleBook::Use& u : roles_.uses()) {
    by_label(u.trustpoint, u.role, &u);
    if (const std::string_view former = in_use(u.owner, u.role, u.trustpoint); former != u.trustpoint.view()) by_label(former, u.role, &u);
  }
  const auto list = read_file(list_.view());
  if (!list) return;
  const bool staged = introduces_signer();   // its former signer is still good for lists
  RecordReader records(list->body());
  while (records.more()) {
    const auto r = records.next();
    if (!r) return;
    if ((r->role != TrustRole::sast || staged) && !r->certificate.empty()) each(context, {r->certificate, r->role, r->dns_name, nullptr, true});
  }
}

void CtlClient::erase() {
  if (worker_ == nullptr) return;
  erase_wanted_ = true;
  restore_wanted_ = false;
  worker_->wake();
}

Status CtlClient::plan(ListPlan& p) {
  problem_.clear();
  if (!clock_set()) {
    (void)problem_.set("% The clock is not set: nothing can be signed. Use 'clock set'");
    return Fault{Code::invalid, "clock", 0};
  }
  rotation_->look();
  // The first list switches to secure mode; afterwards server-security-mode decides.
  PlanOptions options{list_.empty() || secure_, {}, *rotation_, roles_.uses(), &providers_->book()};
  options.signer.stored = list_.view();
  options.signer.phones = &memory_->lists();
  options.signer.anybody = !phones_.empty();
  if (!plan_list(config_.ctl, *trustpoints_, env_.keys, options, p, problem_)) return Fault{Code::invalid, "plan", 0};
  return {};
}

// lost_: phones that take neither the new list nor, as it stands, an ITL.
Status CtlClient::ask_before_stranding(ListPlan& plan) {
  lost_.clear();
  if (plan.strands) lost_ = std::move(plan.lost);
  for (const PhoneMac& mac : itl_->lost()) {
    const bool known = std::any_of(lost_.begin(), lost_.end(), [&](const PhoneMac& m) { return same_mac(m, mac); });
    if (!known) (void)lost_.push(mac);
  }
  if (lost_.empty()) return {};
  return Fault{Code::denied, "phones would lose their chain of trust", 0};
}

Status CtlClient::begin_list(bool strand, bool by_itself) {
  // The stored list must be known: it decides who may sign. So must what phones did.
  if (worker_ == nullptr || job_.busy() || erase_wanted_ || restore_wanted_) return Fault{Code::busy, "busy", 0};
  auto job = std::make_unique<ListJob>(env_.store, env_.keys, kCtlFile);
  TRY(plan(job->plan));
  if (!may_decide()) {
    worker_->durable.start(kDurable);
    return Fault{Code::busy, "busy", 0};
  }
  const bool strands = job->plan.strands;
  if (by_itself) {
    if (strands) return Fault{Code::denied, "phones would lose their chain of trust", 0};
  } else if (const Status asked = ask_before_stranding(job->plan); !strand && !asked) {
    return asked;
  }
  job->lost = strand && strands;
  job->strand = strands || job->plan.vouched || phones_.empty();
  job->if_changed = by_itself;
  TRY_ASSIGN(job->stored, Blob::copy_of(list_.view()));
  job->hash = digest_;
  job->timestamp = std::max(static_cast<uint32_t>(env_.clock.wall()), last_time_ + 1);
  signer_ = job->plan.signer_label;
  if (strand && !itl_->lost().empty()) itl_->force();
  if (strand) rotation_->force();
  if (submit(ListJob::Work::make, std::move(job))) return {};
  (void)problem_.set("% System is busy, try again later");
  return Fault{Code::full, "job queue", 0};
}

void CtlClient::wait(Task& waiter) {
  forget(waiter);
  (void)waiters_.push(&waiter);
}

void CtlClient::forget(Task& waiter) {
  for (size_t i = waiters_.size(); i-- > 0;)
    if (waiters_[i] == &waiter) waiters_.remove(i);
}

Status CtlClient::submit(ListJob::Work work, std::unique_ptr<ListJob> job) {
  if (job == nullptr) job = std::make_unique<ListJob>(env_.store, env_.keys, kCtlFile);
  job->work = work;
  return job_.start(env_.jobs, *worker_, std::move(job));
}

void CtlClient::trust_files(TrustFiles::Sink& sink) const {
  for (const std::string_view path : {kCtlFile.path, kItlFile.path, kMemoryFile, kRotationFile, ProviderClients::kPath}) sink.file(path);
}

void CtlClient::step() {
  if (const auto done = job_.take()) finished(*done);
  if (!job_.busy() && erase_wanted_) {
    if (submit(ListJob::Work::remove, nullptr)) erase_wanted_ = false;
    else worker_->follow.start(kFollow);
  }
  if (!job_.busy() && restore_wanted_ && submit(ListJob::Work::restore, nullptr)) restore_wanted_ = false;
  if (providers_->take_changed() || std::exchange(follow_wanted_, false)) follow_soon();
  if (worker_->follow.fired()) follow_certificates();
  if (worker_->durable.fired())
    for (Task* t : waiters_) t->wake();
}

void CtlClient::finished(ListJob& job) {
  const bool made_one = !job.file.empty();
  problem_ = job.problem;
  if (!job.problem.empty()) {
    if (job.work == ListJob::Work::restore) env_.log(kDamaged, job.problem);
    else env_.log(kFailed, job.problem);
  } else if (job.work == ListJob::Work::remove) {
    const bool had = !list_.empty();
    published_.withdraw();
    list_.clear();
    if (had) env_.log(kRemoved);
    tell();
  } else if (!job.file.empty()) {
    if (job.work == ListJob::Work::make) {
      const bool secure = list_.empty() || secure_;
      env_.log(kMade, secure ? "secure" : "non-secure", job.plan.signer_label);
      if (job.lost)
        for (const PhoneMac& mac : lost_) memory_->forget(mac);
    }
    list_ = std::move(job.file);
    publish();
    tell();
    if (job.work == ListJob::Work::restore && memory_ != nullptr) memory_->list_restored(ListKind::ctl);
    if (job.work == ListJob::Work::restore) follow_soon();   // a certificate may have changed when the power failed
  }
  if (job.work == ListJob::Work::make && !list_.empty() && introduces_signer() && made_one) follow_soon();
  if (job.work == ListJob::Work::make) ++made_;
  for (Task* t : waiters_) t->wake();
}

void CtlClient::publish() {
  if (const auto f = read_file(list_.view())) last_time_ = std::max(last_time_, f->header.timestamp);
  published_.publish(list_.view());
}

ItlFacts CtlClient::itl_facts() const {
  return ItlFacts{.config = config_.ctl, .uses = roles_.uses(), .secure = !list_.empty() && secure_, .stored = {}, .ctl = list_.view(),
                  .rotation = *rotation_, .phones = memory_->lists()};
}

bool CtlClient::clock_set() const { return trustpoints_->clock_valid() && env_.clock.wall() >= kEarliest; }

bool CtlClient::names(std::string_view label) const {
  const Ctl& c = config_.ctl;
  if (label == c.sast1.view() || label == c.sast2.view() || (c.tokenless && label == c.recovery.view())) return true;
  return std::any_of(c.servers.begin(), c.servers.end(), [&](const Server& s) { return s.trustpoint.view() == label; });
}

void CtlClient::trustpoints_changed(std::string_view label) {
  if (worker_ == nullptr) return;
  rotation_->changed();
  if (names(label) || roles_.names(label) || label == config_.ctl.recovery.view()) moved();
  if (!list_.empty() && names(label)) follow_soon();
}

// A renewed certificate: the list must name it before phones meet it. Phones are never stranded without a question.
// Not later than that, however often it is asked for.
void CtlClient::follow_soon() {
  if (!worker_->follow.running() || worker_->follow.left() > kFollow) worker_->follow.start(kFollow);
}

void CtlClient::follow_certificates() {
  if (list_.empty()) return;
  if (!clock_set()) return worker_->follow.start(kFollow);
  const Status begun = begin_list(false, true);
  if (DebugLine line(env_.log, "ctl-client"); line)
    line.out().put("CTL: the list follows its certificates: ").put(begun ? "begun" : begun.error().what).put(problem_.empty() ? "" : ", ").put(problem_);
  if (begun) return stale_.clear();
  const Code code = begun.error().code;
  if (code == Code::busy || code == Code::full) return worker_->follow.start(may_decide() ? kFollow : kDurable);
  const std::string_view why = code == Code::denied ? "phones know neither SAST1 nor SAST2" : problem_.view();
  if (stale_.view() != why) env_.log(kStale, why);   // once, however often it is tried
  stale_ = why;
  if (code != Code::denied) worker_->follow.start(kRetry);
}

namespace {

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<CtlClient>(env); }

constexpr const char* kNeeds[] = {Trustpoints::kService, Publisher::kService};
constexpr const char* kProvides[] = {TrustList::kService, TrustRoles::kService};

}  // namespace

extern const cli::Row kExec[4];

}  // namespace parley::ctl_client

namespace parley {

extern const Module kCtlClient;
const Module kCtlClient{
    .name = "ctl-client",
    .summary = "Lists of certificates that phones trust",
    .needs = ctl_client::kNeeds,
    .provides = ctl_client::kProvides,
    .sections = ctl_client::kSections,
    .exec = ctl_client::kExec,
    .messages = ctl_client::kMessages,
    .create = ctl_client::create,
    .glossary = ctl_client::kGloss,
};

}  // namespace parley
