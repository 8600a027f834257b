// Worker threads and their two queues.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/posix/jobs.h"

#include <csignal>
#include <new>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "platform/posix/fd.h"

namespace parley::posix {
namespace {

constexpr uint32_t kIndexBits = 13;              // kMaxQueue < 2^13
constexpr uint32_t kIndexMask = (1u << kIndexBits) - 1;
constexpr int kSlowNice = 10;
constexpr size_t kStackBytes = 1 << 20;          // RSA 4096 of the crypto library wants some 100 KiB

}  // namespace

Result<std::unique_ptr<ThreadJobs>> ThreadJobs::make(size_t workers, size_t queue_limit) {
  if (workers == 0 || workers > kMaxWorkers || queue_limit == 0 || queue_limit > kMaxQueue)
    return Fault{Code::invalid, "number of workers or jobs out of range", 0};
  std::unique_ptr<ThreadJobs> jobs(new (std::nothrow) ThreadJobs);
  if (jobs == nullptr) return Fault{Code::full, "no memory for jobs", 0};
  jobs->records_.reset(new (std::nothrow) Record[queue_limit]);
  if (jobs->records_ == nullptr) return Fault{Code::full, "no memory for jobs", 0};
  jobs->limit_ = queue_limit;
  for (size_t i = queue_limit; i-- > 0;) {
    jobs->records_[i].next = jobs->free_;
    jobs->free_ = &jobs->records_[i];
  }
  for (size_t i = 0; i < workers; ++i) TRY(jobs->start_worker(JobClass::normal));
  TRY(jobs->start_worker(JobClass::slow));
  return jobs;
}

Status ThreadJobs::start_worker(JobClass cls) {
  Worker& w = workers_[worker_count_];
  w.jobs = this;
  w.cls = cls;
  pthread_attr_t attributes;
  (void)::pthread_attr_init(&attributes);
  (void)::pthread_attr_setstacksize(&attributes, kStackBytes);
  // Signals are for the main thread.
  sigset_t all, before;
  (void)::sigfillset(&all);
  (void)::pthread_sigmask(SIG_SETMASK, &all, &before);
  const int error = ::pthread_create(&w.thread, &attributes, worker_main, &w);
  (void)::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  (void)::pthread_attr_destroy(&attributes);
  if (error != 0) return fault_of(error, "cannot start a worker thread");
  ++worker_count_;
  return {};
}

ThreadJobs::~ThreadJobs() {
  {
    const std::lock_guard<std::mutex> hold(lock_);
    stopping_ = true;
    for (Queue& q : queues_) q.filled.notify_all();
  }
  for (size_t i = 0; i < worker_count_; ++i) (void)::pthread_join(workers_[i].thread, nullptr);
}

void* ThreadJobs::worker_main(void* worker) {
  const Worker& w = *static_cast<Worker*>(worker);
  // On Linux a nice value belongs to the thread.
  if (w.cls == JobClass::slow)
    (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::syscall(SYS_gettid)), kSlowNice);
  w.jobs->work(w.cls);
  return nullptr;
}

void ThreadJobs::work(JobClass cls) {
  std::unique_lock<std::mutex> hold(lock_);
  Queue& q = queue(cls);
  for (;;) {
    while (q.first == nullptr && !stopping_) q.filled.wait(hold);
    if (stopping_) return;
    Record& r = *q.first;
    q.first = r.next;
    if (q.first == nullptr) q.last = nullptr;
    r.at = At::running;
    Job& job = *r.job;
    hold.unlock();
    job.run();
    hold.lock();
    --pending_;
    if (r.at == At::dropped) {
      const std::unique_ptr<Job> unwanted = release(r);
      hold.unlock();  // the job's destructor runs without the lock
    } else {
      r.at = At::done;
      // Under the lock: cancel() returns only when the owner will not be touched any more.
      r.owner->wake_from_thread();
      hold.unlock();
    }
    hold.lock();
  }
}

JobId ThreadJobs::id_of(const Record& r) const {
  const auto index = static_cast<uint32_t>(&r - records_.get());
  return r.generation << kIndexBits | (index + 1);
}

ThreadJobs::Record* ThreadJobs::find(JobId id) {
  const uint32_t index = id & kIndexMask;
  if (index == 0 || index > limit_) return nullptr;
  Record& r = records_[index - 1];
  return r.at != At::free && r.at != At::dropped && id_of(r) == id ? &r : nullptr;
}

Result<JobId> ThreadJobs::submit(Task& owner, std::unique_ptr<Job> job, JobClass cls) {
  const std::lock_guard<std::mutex> hold(lock_);
  if (free_ == nullptr) return Fault{Code::busy, "too many jobs are waiting", 0};
  Record& r = *free_;
  free_ = r.next;
  r.at = At::waiting;
  r.cls = cls;
  r.generation = (r.generation + 1) & (UINT32_MAX >> kIndexBits);
  r.owner = &owner;
  r.job = std::move(job);
  r.next = nullptr;
  Queue& q = queue(cls);
  (q.last != nullptr ? q.last->next : q.first) = &r;
  q.last = &r;
  ++pending_;
  q.filled.notify_one();
  return id_of(r);
}

std::unique_ptr<Job> ThreadJobs::release(Record& r) {
  std::unique_ptr<Job> job = std::move(r.job);
  r.at = At::free;
  r.owner = nullptr;
  r.next = free_;
  free_ = &r;
  return job;
}

std::unique_ptr<Job> ThreadJobs::take(JobId id) {
  const std::lock_guard<std::mutex> hold(lock_);
  Record* r = find(id);
  return r != nullptr && r->at == At::done ? release(*r) : nullptr;
}

void ThreadJobs::unqueue(Record& r) {
  Queue& q = queue(r.cls);
  Record* before = nullptr;
  for (Record* at = q.first; at != &r; at = at->next) before = at;
  (before != nullptr ? before->next : q.first) = r.next;
  if (q.last == &r) q.last = before;
}

// What is returned is destroyed by the caller, after the lock is gone.
std::unique_ptr<Job> ThreadJobs::drop(Record& r) {
  if (r.at == At::running) {
    r.at = At::dropped;
    return nullptr;
  }
  if (r.at == At::waiting) {
    unqueue(r);
    --pending_;
  }
  return release(r);
}

void ThreadJobs::cancel(JobId id) {
  std::unique_ptr<Job> unwanted;
  const std::lock_guard<std::mutex> hold(lock_);
  if (Record* r = find(id)) unwanted = drop(*r);
}

void ThreadJobs::cancel_all(Task& owner) {
  for (size_t i = 0; i < limit_; ++i) {
    std::unique_ptr<Job> unwanted;
    const std::lock_guard<std::mutex> hold(lock_);
    Record& r = records_[i];
    if (r.owner == &owner && r.at != At::free && r.at != At::dropped) unwanted = drop(r);
  }
}

size_t ThreadJobs::pending() const {
  const std::lock_guard<std::mutex> hold(lock_);
  return pending_;
}

}  // namespace parley::posix
