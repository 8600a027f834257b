// Numbered copies of the running configuration: the mode `archive`, `archive config`, `show archive`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/system/running_copy.h"
#include "platform/store/store.h"

namespace parley::system {

// flash:backup-1, flash:backup-2 ... The names are all that is kept about the copies.
struct ArchivePlace {
  Path prefix;               // "flash:backup-"; empty: there is no archive
  size_t maximum = 0;
};
ArchivePlace archive_place(const System& system);

class ArchiveJob final : public Job {
 public:
  ArchiveJob(Store& store, const ArchivePlace& place, Blob text) : store_(store), place_(place), text_(std::move(text)) {}
  void run() override { result = save(); }    // one more copy; the oldest beyond the maximum go
  Status result;
  Path name;

 private:
  Status save();
  Store& store_;
  ArchivePlace place_;
  Blob text_;
};

// One copy, for the task of a command or for Archive: text in pieces, then the job.
class ArchiveCopy {
 public:
  ArchiveCopy(System& system, Task& owner) : system_(system), place_(archive_place(system)), copy_(system, owner), owner_(owner) {}
  Poll step();
  Status result;             // after done
  const Path& name() const { return name_; }

 private:
  System& system_;
  ArchivePlace place_;
  RunningCopy copy_;
  Task& owner_;
  Path name_;
  JobSlot<ArchiveJob> slot_;
};

// Copies that nobody asks for: after `write memory`, and every `time-period`.
class Archive final : public Task {
 public:
  explicit Archive(System& system);
  void apply();              // the settings may have changed
  void saved();              // the startup-config was written
  Poll step() override;

 private:
  System& system_;
  Timer timer_;
  uint32_t period_min_ = 0;
  bool wanted_ = false;
  std::unique_ptr<ArchiveCopy> copy_;
};

}  // namespace parley::system
