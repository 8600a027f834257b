// Jobs on worker threads: n normal workers and one of low priority for key generation.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>

#include <pthread.h>

#include "platform/sched/job.h"

namespace parley::posix {

class ThreadJobs final : public Jobs {
 public:
  static constexpr size_t kMaxWorkers = 16;
  static constexpr size_t kMaxQueue = 4096;

  // Fault full: no thread or memory.
  static Result<std::unique_ptr<ThreadJobs>> make(size_t workers, size_t queue_limit);
  ~ThreadJobs() override;   // waits for the jobs that are running; the waiting ones are dropped

  Result<JobId> submit(Task& owner, std::unique_ptr<Job> job, JobClass cls) override;
  std::unique_ptr<Job> take(JobId id) override;
  void cancel(JobId id) override;
  void cancel_all(Task& owner) override;
  size_t pending() const override;

 private:
  enum class At : uint8_t { free, waiting, running, dropped, done };  // dropped: runs, but nobody wants the result
  struct Record {
    At at = At::free;
    JobClass cls = JobClass::normal;
    uint32_t generation = 0;
    Task* owner = nullptr;
    std::unique_ptr<Job> job;
    Record* next = nullptr;       // in a queue or the free list
  };
  struct Queue {
    Record* first = nullptr;
    Record* last = nullptr;
    std::condition_variable filled;
  };
  struct Worker {
    ThreadJobs* jobs = nullptr;
    JobClass cls = JobClass::normal;
    pthread_t thread{};
  };

  ThreadJobs() = default;
  Status start_worker(JobClass cls);
  static void* worker_main(void* worker);
  void work(JobClass cls);
  Queue& queue(JobClass cls) { return queues_[static_cast<size_t>(cls)]; }
  Record* find(JobId id);
  JobId id_of(const Record& r) const;
  void unqueue(Record& r);
  std::unique_ptr<Job> release(Record& r);
  std::unique_ptr<Job> drop(Record& r);

  mutable std::mutex lock_;        // guards everything below
  std::unique_ptr<Record[]> records_;
  size_t limit_ = 0;
  Record* free_ = nullptr;
  Queue queues_[2];
  size_t pending_ = 0;
  bool stopping_ = false;
  Worker workers_[kMaxWorkers + 1];
  size_t worker_count_ = 0;
};

}  // namespace parley::posix
