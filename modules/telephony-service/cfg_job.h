// The slow part of `load-cfg-file`: looking whether files have changed, reading, judging, signing. Runs on a worker thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/telephony-service/cnf_job.h"

namespace parley::telephony_service {

Text<72> signed_alias(std::string_view alias);   // "ALIAS.sgn"

struct CfgItem {
  Text<96> path;
  Text<63> alias;
  bool sign = false;
  bool fresh = true;            // in: nothing is known of the file yet
  uint64_t size = 0;            // in: as it was seen last; out: as it is
  UnixTime modified = 0;
  bool changed = false;         // out
  Blob content;                 // out, when changed: empty: served from its path
  Blob signed_file;             // out, when changed and sign
  Status status;                // out
};

struct CfgJob final : public Job {
  CfgJob(Store& s, Keys& k) : store(s), keys(k), items(general_arena()) {}
  void run() override;

  Store& store;
  Keys& keys;
  List<CfgItem> items;
  KeyRef key;                   // 0: nobody signs
  Blob certificate;
  Hash hash = Hash::sha1;
  uint32_t time = 0;

 private:
  Status load(CfgItem& item);
};

}  // namespace parley::telephony_service
