// The task behind the CAPF records: writes them in groups, tells phone files what is wanted.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/capf-server/capf_service.h"
#include "platform/store/store.h"

namespace parley::capf_server {

// Records that changed while the last group was being written are the next group.
class CapfService::SaveJob final : public Job {
 public:
  explicit SaveJob(Store& s) : store(s), items(general_arena()) {}
  struct Item {
    Text<128> path;
    Text<kMaxDevice> device;
    Blob file;
    uint32_t change = 0;
    Status result;
  };
  void run() override;
  Store& store;
  List<Item> items;

 private:
  void write_all();
};

class CapfService::Keeper final : public Task {
 public:
  Keeper(Scheduler& scheduler, CapfService& owner) : Task(scheduler, "CAPF records"), owner_(owner) {}
  Poll step() override { return owner_.keep() ? Poll::again : Poll::pending; }
  Timer settle{*this}, hourly{*this}, window{*this}, retry{*this};
  JobSlot<SaveJob> job;
  Device* first_unsaved = nullptr;
  Device* last_unsaved = nullptr;
  void enqueue(Device& d);
  void forget_first(size_t count);

 private:
  CapfService& owner_;
};

}  // namespace parley::capf_server
