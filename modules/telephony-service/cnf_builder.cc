// Keeps the published phone files equal to the configuration.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/cnf_builder.h"

#include <algorithm>

#include "modules/telephony-service/telephony_messages.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kLooksPerStep = 128;
constexpr size_t kTextsPerStep = 16;
constexpr size_t kPublishedPerStep = 64;
constexpr size_t kFilesPerJob = 16;
constexpr UnixTime kEarliest = 1577836800;   // 2020-01-01: a clock before this was never set
constexpr Millis kAgain{1000};

}  // namespace

CnfBuilder::CnfBuilder(Env& env, CnfOwner& owner, Trustpoints& trustpoints, Publisher& publisher)
    : Task(env.scheduler, "Phone files"), env_(env), owner_(owner), trustpoints_(trustpoints), publisher_(publisher),
      asked_(*this), made_(general_arena()), by_name_(general_arena()), done_(general_arena()), removed_(general_arena()),
      waiters_(general_arena()) {}

CnfBuilder::~CnfBuilder() { withdraw(); }

void CnfBuilder::request(Millis delay) {
  if (!asked_.running()) asked_.start(delay);
}

uint64_t CnfBuilder::request_now() {
  asked_.stop();
  dirty_ = true;
  wake();
  return started_ + 1;
}

void CnfBuilder::wait(Task& waiter) {
  forget(waiter);
  (void)waiters_.push(&waiter);
}

void CnfBuilder::forget(Task& waiter) {
  for (size_t i = waiters_.size(); i-- > 0;)
    if (waiters_[i] == &waiter) waiters_.remove(i);
}

void CnfBuilder::withdraw() {
  job_.cancel();
  asked_.stop();
  if (at_ != At::publishing) publisher_.begin();
  for (const Made& m : made_) {
    publisher_.drop(m.name);
    publisher_.drop(signed_name(m.name));
    publisher_.drop(encrypted_name(m.name));
  }
  publisher_.commit();
  made_.clear();
  by_name_.clear();
  done_.clear();
  removed_.clear();
  next_ = nullptr;
  at_ = At::idle;
  dirty_ = false;
  first_ = true;
}

Poll CnfBuilder::step() {
  if (asked_.fired()) dirty_ = true;
  if (at_ == At::working) {
    const auto done = job_.take();
    if (done == nullptr) return Poll::pending;
    at_ = At::preparing;
    take_results(*done);
  }
  if (at_ == At::idle && dirty_) {
    dirty_ = false;
    if (!begin()) end();
  }
  if (at_ == At::preparing) prepare();
  else if (at_ == At::publishing) publish();
  return at_ == At::preparing || at_ == At::publishing ? Poll::again : Poll::pending;
}

bool CnfBuilder::begin() {
  ++started_;
  problem_.clear();
  aborted_ = changed_ = false;
  const Telephony& t = owner_.settings().telephony;
  if (t.id == 0) {
    withdraw();
    return false;
  }
  if (t.source == 0) return fail("% Phone files need 'ip source-address'"), false;
  if (t.cnf_location == CnfLocation::tftp) return fail("% Phone files cannot be kept on another TFTP server in this image"), false;
  if (!choose_signer()) return false;
  time_ = std::max(static_cast<uint32_t>(env_.clock.wall()), last_time_ + 1);
  const bool moved = folder_.view() != folder();
  for (Made& m : made_) {
    m.seen = false;
    m.moved = m.moved || moved;
  }
  folder_ = folder();
  done_.clear();
  removed_.clear();
  next_phone_ = 0;
  at_ = At::preparing;
  return true;
}

// Who signs this build. Without a credential nothing is signed, which is right only as long as no phone has a list.
bool CnfBuilder::choose_signer() {
  const Telephony& t = owner_.settings().telephony;
  const std::string_view signer = owner_.file_signer();   // a former one, as long as phones know no other
  key_ = {};
  signer_ = {};
  signer_known_ = false;
  hash_ = t.cnf_digest == Digest::sha1 ? Hash::sha1 : Hash::sha512;
  if (signer.empty()) {
    if (owner_.ctl_exists()) (void)problem_.set("% Signed files need 'tftp-server-credentials'");
    return true;
  }
  const auto found = trustpoints_.usable(signer, Purpose::file_signing);
  const bool clock = trustpoints_.clock_valid() && env_.clock.wall() >= kEarliest;
  if (!found || !clock) {
    char line[200];
    FixedWriter w(line);
    if (!clock) w.put("% The clock is not set: nothing can be signed. Use 'clock set'");
    else w.put("% Trustpoint ").put(signer).put(" has no usable certificate");
    problem_ = w.view();
    return !owner_.ctl_exists();   // phones with a list take nothing else: rather the old files than unsigned ones
  }
  auto copy = Blob::copy_of(found->certificate);
  if (!copy) return fail("% No memory for phone files"), false;
  certificate_ = std::move(*copy);
  key_ = found->key;
  const uint8_t digest_code = static_cast<uint8_t>(hash_);
  signer_ = sum_of(sum_of(certificate_.view()), Bytes(&digest_code, 1));
  signer_known_ = true;
  return true;
}

void CnfBuilder::prepare() {
  const Config& c = owner_.settings();
  const FileSum shared = shared_inputs();
  const size_t count = c.phones.size() + c.register_pools.size();   // SCCP phones, then SIP phones
  size_t texts = 0;
  for (size_t i = 0; i < kLooksPerStep && texts < kTextsPerStep && !aborted_ && next_phone_ <= count; ++i) {
    if (next_ != nullptr && next_->items.size() == kFilesPerJob) return hand_over();
    if (look_at_next(shared)) ++texts;
    ++next_phone_;
  }
  if (aborted_) return end();
  if (next_phone_ <= count) return;
  if (next_ == nullptr && removed_.empty()) note_removed();
  if (next_ != nullptr) return hand_over();
  publisher_.begin();
  publish_next_ = 0;
  at_ = At::publishing;
}

CnfBuilder::Made* CnfBuilder::find(const PhoneFileName& name) {
  const uint32_t i = by_name_.find(key_hash(name.view()), [&](uint32_t n) { return made_[n].name == name; });
  return i == HashIndex::kNone ? nullptr : &made_[i];
}

CnfBuilder::Made* CnfBuilder::find_or_add(const PhoneFileName& name) {
  if (Made* known = find(name)) return known;
  if (!made_.reserve(made_.size() + 1) || !by_name_.add(key_hash(name.view())) || !made_.push(Made())) return nullptr;
  return &made_[made_.size() - 1];
}

void CnfBuilder::remove_made(const PhoneFileName& name) {
  const Made* m = find(name);
  if (m == nullptr) return;
  const auto i = static_cast<uint32_t>(m - made_.begin());
  by_name_.remove_and_fill(i);
  const size_t last = made_.size() - 1;
  if (i != last) made_[i] = made_[last];
  made_.remove(last);
}

void CnfBuilder::note_removed() {
  for (const Made& m : made_)
    if (!m.seen && !removed_.push(m.name)) return fail("% No memory for phone files");
  if (removed_.empty() || folder().empty()) return;
  next_ = std::make_unique<CnfJob>(env_.store, env_.keys, env_.random);
  for (const PhoneFileName& name : removed_) (void)next_->removed.push(name);
}

std::string_view CnfBuilder::folder() const {
  switch (owner_.settings().telephony.cnf_location) {
    case CnfLocation::flash: return "flash:its";
    case CnfLocation::slot0: return "slot0:its";
    default: return {};
  }
}

void CnfBuilder::hand_over() {
  next_->folder = folder();
  next_->try_stored = first_;
  next_->key = key_;
  next_->hash = hash_;
  next_->time = time_;
  auto copy = Blob::copy_of(certificate_.view());
  if (copy) next_->certificate = std::move(*copy);
  const Status started = job_.start(env_.jobs, *this, std::move(next_));
  next_ = nullptr;
  if (started) {
    at_ = At::working;
    return;
  }
  fail("% System is busy, try again later");
  end();
  request(kAgain);
}

void CnfBuilder::take_results(CnfJob& job) {
  if (!job.status) {
    char line[200];
    FixedWriter w(line);
    w.put("% Phone files: ").put(job.status.error().what);
    problem_ = w.view();
    aborted_ = true;
    return;
  }
  last_time_ = std::max(last_time_, job.newest);
  for (CnfItem& item : job.items) {
    signatures_ += item.signatures;
    if (!item.restored) changed_ = true;
    if (!done_.push(std::move(item))) return fail("% No memory for phone files");
  }
}

// A thousand files take several steps; phones see all names change in one: no new file beside an old one.
void CnfBuilder::publish() {
  for (size_t n = 0; n < kPublishedPerStep && publish_next_ < done_.size(); ++n) {
    CnfItem& item = done_[publish_next_++];
    (void)publisher_.put_memory(item.name, std::move(item.file.text));
    if (item.signed_file.empty()) publisher_.drop(signed_name(item.name));
    else (void)publisher_.put_memory(signed_name(item.name), std::move(item.signed_file));
    const bool encrypted = !item.encrypted_file.empty();
    if (encrypted) (void)publisher_.put_memory(encrypted_name(item.name), std::move(item.encrypted_file));
    else publisher_.drop(encrypted_name(item.name));
    if (Made* known = find_or_add(item.name)) *known = Made{item.name, item.inputs, item.content, signer_, true, encrypted};
  }
  if (publish_next_ < done_.size()) return;
  for (const PhoneFileName& name : removed_) {
    publisher_.drop(name);
    publisher_.drop(signed_name(name));
    publisher_.drop(encrypted_name(name));
    remove_made(name);
  }
  publisher_.commit();
  first_ = false;
  owner_.files_made(changed_);
  end();
}

void CnfBuilder::fail(const char* what) {
  (void)problem_.set(what);
  aborted_ = true;
}

void CnfBuilder::end() {
  at_ = At::idle;
  finished_ = started_;
  done_.clear();
  removed_.clear();
  next_ = nullptr;
  if (!problem_.empty()) env_.log(kFilesFailed, problem_);
  for (Task* t : waiters_) t->wake();
  if (dirty_) wake();
}

}  // namespace parley::telephony_service
