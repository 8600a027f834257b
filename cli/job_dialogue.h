// A command that is one job: starts it, waits, prints what it made. Most file and show commands are this.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "cli/command.h"
#include "platform/base/bytes.h"
#include "platform/sched/job.h"

namespace parley::cli {

// J has `void report(Console&)`, called on the scheduler after run().
template <class J>
class JobDialogue final : public Dialogue {
 public:
  JobDialogue(Jobs& jobs, std::unique_ptr<J> job, JobClass cls = JobClass::normal)
      : jobs_(jobs), job_(std::move(job)), class_(cls) {}

  Poll step(Console& console, const std::string_view*) override {
    if (job_ != nullptr) {
      Status s = slot_.start(jobs_, console.task(), std::move(job_), class_);
      if (!s) {
        console.put("% System is busy, try again later\n");
        return Poll::done;
      }
    }
    std::unique_ptr<J> done = slot_.take();
    if (done == nullptr) return Poll::pending;
    done->report(console);
    return Poll::done;
  }

 private:
  Jobs& jobs_;
  std::unique_ptr<J> job_;
  JobClass class_;
  JobSlot<J> slot_;
};

template <class J>
std::unique_ptr<Dialogue> run_job(Jobs& jobs, std::unique_ptr<J> job, JobClass cls = JobClass::normal) {
  return std::make_unique<JobDialogue<J>>(jobs, std::move(job), cls);
}

// Collects text on the worker; the scheduler only prints it.
class TextJob : public Job {
 public:
  void report(Console& console) { console.put(text.text()); }
  Blob text;
};

}  // namespace parley::cli
