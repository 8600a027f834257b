// Jobs on the scheduler thread: at once, or one by one when the test says so.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <deque>

#include "platform/sched/job.h"

namespace parley::fake {

class FakeJobs final : public Jobs {
 public:
  enum class Mode : uint8_t { at_once, stepped };
  explicit FakeJobs(Mode mode = Mode::at_once, size_t limit = 64) : mode_(mode), limit_(limit) {}

  Result<JobId> submit(Task& owner, std::unique_ptr<Job> job, JobClass cls) override;
  std::unique_ptr<Job> take(JobId id) override;
  void cancel(JobId id) override;
  void cancel_all(Task& owner) override;
  size_t pending() const override;

  bool step();                              // runs the oldest waiting job; false: none waits
  void refuse_next(size_t n) { refuse_ = n; }
  size_t untaken() const { return records_.size(); }
  uint64_t submitted() const { return last_; }

 private:
  struct Record {
    JobId id;
    Task* owner;
    std::unique_ptr<Job> job;
    bool done;
  };
  static void run(Record& r);
  Mode mode_;
  size_t limit_;
  size_t refuse_ = 0;
  JobId last_ = 0;
  std::deque<Record> records_;
};

}  // namespace parley::fake
