// `load-cfg-file`: serves files of the router under the names that phones ask for, signed where wanted, and follows their changes.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/trustpoints.h"
#include "modules/file-service/publisher.h"
#include "modules/module.h"
#include "modules/telephony-service/cfg_job.h"
#include "modules/telephony-service/telephony_config.h"
#include "platform/sched/task.h"

namespace parley::telephony_service {

// idle --set(), or the interval is over--> working (one job for all files) --> publish --> idle
class CfgFiles final : public Task {
 public:
  CfgFiles(Env& env, Trustpoints& trustpoints, Publisher& publisher);
  ~CfgFiles() override;
  Poll step() override;
  void set(const Telephony& t, std::string_view signer);   // at each change of the configuration or of the signer
  uint64_t signatures() const { return signatures_; }

 private:
  struct Served {
    Text<96> path;
    Text<63> alias;
    bool sign = false;
    bool kept = false;            // stands in the configuration
    bool fresh = true;
    uint64_t size = 0;
    UnixTime modified = 0;
    const char* problem = nullptr;
  };
  Served* find(std::string_view alias);
  void begin();
  void publish(CfgJob& job);
  void withdraw(const Served& s);

  Env& env_;
  Trustpoints& trustpoints_;
  Publisher& publisher_;
  Timer next_;
  JobSlot<CfgJob> job_;
  List<Served> served_;
  Text<63> signer_;
  Hash hash_ = Hash::sha1;
  FileSum signed_by_;          // certificate and digest of the files that are served
  bool wanted_ = false, stale_ = false;   // stale: the configuration changed while a job ran
  uint32_t last_time_ = 0;
  uint64_t signatures_ = 0;
};

}  // namespace parley::telephony_service
