// Jobs: slow work off the scheduler thread (keys, signatures, flash, TLS handshakes).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "platform/base/result.h"
#include "platform/sched/task.h"

namespace parley {

// Owned input -> owned output. run() is called once, on a worker thread; it must not touch module state.
class Job {
 public:
  virtual ~Job() = default;
  virtual void run() = 0;
};

using JobId = uint32_t;  // 0 = none

enum class JobClass : uint8_t { normal, slow };  // slow: key generation; runs on a low-priority worker

class Jobs {
 public:
  virtual ~Jobs() = default;
  // Fault busy: the queue is full; try again by timer. The owner is woken once when the job is done.
  virtual Result<JobId> submit(Task& owner, std::unique_ptr<Job> job, JobClass cls = JobClass::normal) = 0;
  // The finished job, once; nullptr while it waits or runs.
  virtual std::unique_ptr<Job> take(JobId id) = 0;
  // The result is thrown away when it comes. Unknown ids are ignored.
  virtual void cancel(JobId id) = 0;
  virtual void cancel_all(Task& owner) = 0;
  virtual size_t pending() const = 0;
};

// The usual shape: a typed slot in a task. `slot.start(jobs, task, std::make_unique<MyJob>(...))`, later `slot.take()`.
template <class J>
class JobSlot {
 public:
  JobSlot() = default;
  ~JobSlot() { cancel(); }
  JobSlot(const JobSlot&) = delete;
  JobSlot& operator=(const JobSlot&) = delete;
  Status start(Jobs& jobs, Task& owner, std::unique_ptr<J> job, JobClass cls = JobClass::normal) {
    PARLEY_CHECK(id_ == 0);
    TRY_ASSIGN(id_, jobs.submit(owner, std::move(job), cls));
    jobs_ = &jobs;
    return {};
  }
  bool busy() const { return id_ != 0; }
  std::unique_ptr<J> take() {
    if (id_ == 0) return nullptr;
    std::unique_ptr<Job> j = jobs_->take(id_);
    if (j != nullptr) id_ = 0;
    return std::unique_ptr<J>(static_cast<J*>(j.release()));
  }
  void cancel() {
    if (id_ != 0) jobs_->cancel(id_);
    id_ = 0;
  }

 private:
  Jobs* jobs_ = nullptr;
  JobId id_ = 0;
};

}  // namespace parley
