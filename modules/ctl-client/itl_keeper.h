// Keeps the ITL file equal to what phones of this router meet, without the operator.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/itl_plan.h"
#include "modules/ctl-client/list_job.h"
#include "modules/ctl-client/published_list.h"
#include "modules/module.h"
#include "platform/sched/task.h"

namespace parley::ctl_client {

// What the keeper asks of the module.
class ItlOwner {
 public:
  virtual ~ItlOwner() = default;
  virtual ItlFacts itl_facts() const = 0;   // all but stored, anybody, force
  virtual bool may_decide() const = 0;      // what phones did is durable
  virtual void itl_made(std::span<const PhoneMac> lost) = 0;   // lost: who will not take it, as the operator agreed
  virtual Hash digest() const = 0;
  virtual bool clock_set() const = 0;
};

// idle --follow timer--> (plan) --> make | remove job --> publish --> idle. Looks again when phones did something.
class ItlKeeper final : public Task {
 public:
  ItlKeeper(Env& env, ItlOwner& owner, const Trustpoints& trustpoints, Publisher& publisher);
  ~ItlKeeper() override;
  Poll step() override;

  void restore();             // boot: the list of the last run; before the scheduler runs
  void changed();             // something it depends on may have changed
  void set_phones(std::span<const PhoneMac> phones);
  void force();               // the operator gave up lost()
  Bytes list() const { return list_.view(); }
  bool staged() const { return staged_; }
  std::span<const PhoneMac> lost() const { return {lost_.begin(), lost_.size()}; }   // why the old list is kept
  std::string_view kept() const { return kept_; }
  void show(Writer& out) const;

 private:
  void consider();
  void make();
  void finished(ListJob& job);
  void keep_old(std::string_view why);

  Env& env_;
  ItlOwner& owner_;
  const Trustpoints& trustpoints_;
  Timer follow_{*this};
  JobSlot<ListJob> job_;
  PublishedList published_{"ITL"};
  Blob list_;                 // what is published
  bool damaged_ = false;      // nvram: holds a file that does not pass
  bool phones_ = false;
  bool staged_ = false;
  bool force_ = false;
  List<PhoneMac> lost_{general_arena()};
  uint32_t last_time_ = 0;
  Text<200> kept_;            // why the old list is kept, as logged
};

}  // namespace parley::ctl_client
