// Jobs without threads.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/fake/fake_jobs.h"

#include <algorithm>

namespace parley::fake {

void FakeJobs::run(Record& r) {
  r.job->run();
  r.done = true;
  r.owner->wake();
}

Result<JobId> FakeJobs::submit(Task& owner, std::unique_ptr<Job> job, JobClass) {
  if (refuse_ > 0 || pending() >= limit_) {
    if (refuse_ > 0) --refuse_;
    return Fault{Code::busy, "too many jobs", 0};
  }
  records_.push_back({++last_, &owner, std::move(job), false});
  const JobId id = last_;
  if (mode_ == Mode::at_once) run(records_.back());
  return id;
}

std::unique_ptr<Job> FakeJobs::take(JobId id) {
  const auto at = std::find_if(records_.begin(), records_.end(), [&](const Record& r) { return r.id == id && r.done; });
  if (at == records_.end()) return nullptr;
  std::unique_ptr<Job> job = std::move(at->job);
  records_.erase(at);
  return job;
}

void FakeJobs::cancel(JobId id) {
  std::erase_if(records_, [&](const Record& r) { return r.id == id; });
}

void FakeJobs::cancel_all(Task& owner) {
  std::erase_if(records_, [&](const Record& r) { return r.owner == &owner; });
}

size_t FakeJobs::pending() const {
  return static_cast<size_t>(std::count_if(records_.begin(), records_.end(), [](const Record& r) { return !r.done; }));
}

bool FakeJobs::step() {
  const auto at = std::find_if(records_.begin(), records_.end(), [](const Record& r) { return !r.done; });
  if (at == records_.end()) return false;
  run(*at);
  return true;
}

}  // namespace parley::fake
