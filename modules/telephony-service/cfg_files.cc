// `load-cfg-file`.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/cfg_files.h"

#include <algorithm>

#include "modules/telephony-service/telephony_messages.h"

namespace parley::telephony_service {
namespace {

constexpr Millis kLook{10'000};   // how often files are looked at
constexpr Millis kAgain{1000};

}  // namespace

CfgFiles::CfgFiles(Env& env, Trustpoints& trustpoints, Publisher& publisher)
    : Task(env.scheduler, "Loaded files"), env_(env), trustpoints_(trustpoints), publisher_(publisher), next_(*this),
      served_(general_arena()) {}

CfgFiles::~CfgFiles() {
  job_.cancel();
  publisher_.begin();
  for (const Served& s : served_) withdraw(s);
  publisher_.commit();
}

void CfgFiles::withdraw(const Served& s) {
  publisher_.drop(s.alias);
  publisher_.drop(signed_alias(s.alias));
}

CfgFiles::Served* CfgFiles::find(std::string_view alias) {
  for (Served& s : served_)
    if (s.alias.view() == alias) return &s;
  return nullptr;
}

// Definition order: of two lines with one alias the later one counts.
void CfgFiles::set(const Telephony& t, std::string_view signer) {
  signer_ = signer;
  hash_ = t.cnf_digest == Digest::sha1 ? Hash::sha1 : Hash::sha512;
  for (Served& s : served_) s.kept = false;
  for (const CfgFile& f : t.cfg_files) {
    Served* s = find(f.alias);
    if (s == nullptr && served_.push(Served())) s = &served_[served_.size() - 1];
    if (s == nullptr) return env_.log(kCfgFileFailed, f.alias, "no memory");
    s->fresh = s->fresh || s->path != f.path || s->sign != f.sign;
    s->path = f.path;
    s->alias = f.alias;
    s->sign = f.sign;
    s->kept = true;
  }
  publisher_.begin();
  for (size_t i = served_.size(); i-- > 0;) {
    if (served_[i].kept) continue;
    withdraw(served_[i]);
    served_.remove(i);
  }
  publisher_.commit();
  wanted_ = !served_.empty();
  stale_ = job_.busy();
  if (wanted_) wake();
  else next_.stop();
}

Poll CfgFiles::step() {
  if (next_.fired()) wanted_ = true;
  if (job_.busy()) {
    const auto done = job_.take();
    if (done == nullptr) return Poll::pending;
    if (stale_) wanted_ = !served_.empty();
    else publish(*done);
    stale_ = false;
  }
  if (wanted_ && !job_.busy()) begin();
  return Poll::pending;
}

void CfgFiles::begin() {
  wanted_ = false;
  next_.start(kLook);
  auto job = std::make_unique<CfgJob>(env_.store, env_.keys);
  const auto found = trustpoints_.usable(signer_, Purpose::file_signing);
  FileSum signer;
  if (found && trustpoints_.clock_valid()) {
    if (!job->certificate.append(found->certificate)) return;
    job->key = found->key;
    const uint8_t code = static_cast<uint8_t>(hash_);
    signer = sum_of(sum_of(found->certificate), Bytes(&code, 1));
  }
  job->hash = hash_;
  job->time = std::max(static_cast<uint32_t>(env_.clock.wall()), last_time_ + 1);
  const bool other_signer = signer != signed_by_;
  signed_by_ = signer;
  for (Served& s : served_) {
    s.fresh = s.fresh || (s.sign && other_signer);
    CfgItem item;
    item.path = s.path;
    item.alias = s.alias;
    item.sign = s.sign;
    item.fresh = s.fresh;
    item.size = s.size;
    item.modified = s.modified;
    if (!job->items.push(std::move(item))) return;
  }
  if (!job_.start(env_.jobs, *this, std::move(job))) next_.start(kAgain);
}

// What cannot be served as it should be is not served at all: no old content under a name that has changed.
void CfgFiles::publish(CfgJob& job) {
  publisher_.begin();
  for (CfgItem& item : job.items) {
    Served* s = find(item.alias);
    if (s == nullptr) continue;
    const char* problem = item.status ? nullptr : item.status.error().what;
    if (problem != nullptr && problem != s->problem) env_.log(kCfgFileFailed, item.alias, problem);
    s->problem = problem;
    s->fresh = problem != nullptr;
    s->size = item.size;
    s->modified = item.modified;
    if (problem != nullptr) withdraw(*s);
    if (problem != nullptr || !item.changed) continue;
    if (item.content.empty()) (void)publisher_.put_path(item.alias, item.path);
    else (void)publisher_.put_memory(item.alias, std::move(item.content));
    if (item.signed_file.empty()) {
      publisher_.drop(signed_alias(item.alias));
      continue;
    }
    ++signatures_;
    last_time_ = job.time;
    (void)publisher_.put_memory(signed_alias(item.alias), std::move(item.signed_file));
  }
  publisher_.commit();
}

}  // namespace parley::telephony_service
