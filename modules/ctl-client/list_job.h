// The slow part of a trust list: imported files, signature, self-check, store. Runs on a worker thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/list_plan.h"
#include "platform/sched/job.h"
#include "platform/store/store.h"

namespace parley::ctl_client {

// Where a list is kept and how phones ask for it. nvram: like the key store, so that erasing flash: cannot leave phones with a signer whose list
// nobody has any more. The copies for single phones are the same bytes: only this one file is written.
struct ListFile {
  std::string_view path, name;
};
constexpr ListFile kCtlFile{"nvram:CTLFile.tlv", "CTLFile.tlv"};
constexpr ListFile kItlFile{"nvram:ITLFile.tlv", "ITLFile.tlv"};

struct ListJob final : public Job {
  enum class Work : uint8_t { make, remove, restore } work = Work::make;
  ListJob(Store& s, Keys& k, const ListFile& f) : store(s), keys(k), kind(f) {}
  void run() override;

  Store& store;
  Keys& keys;
  const ListFile& kind;
  ListPlan plan;
  Hash hash = Hash::sha1;
  uint32_t timestamp = 0;
  Blob stored;              // make: what phones hold, empty: none
  bool strand = false;      // make: the operator agreed that they lose it, or somebody else vouches for the signer
  bool if_changed = false;  // make: nothing when the stored list says the same already
  bool lost = false;        // for the owner: the operator gave phones up

  Blob file;                // out: the list; empty when it failed, was removed, or there is none
  Text<200> problem;        // out: line for the operator

 private:
  bool says_the_same(const Header& header, Bytes body) const;
  Status make();
  Status add_record(Blob& body, PlannedRecord& record);
};

// The list of the last run, verified. Fault missing: none; else it is damaged.
Result<Blob> load_list(Store& store, const ListFile& kind);

}  // namespace parley::ctl_client
