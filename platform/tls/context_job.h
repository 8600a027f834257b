// Makes a TLS context beside the scheduler: certificates are parsed and the key is looked for.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/memory.h"
#include "platform/sched/job.h"
#include "platform/tls/tls.h"

namespace parley {

class TlsContextJob : public Job {
 public:
  enum class Side : uint8_t { server, client };
  static constexpr size_t kMaxChain = 8;

  TlsContextJob(Tls& tls, Side side) : tls_(tls), side_(side) {}
  Status add(Bytes certificate);   // own certificate first
  bool full() const { return count_ == kMaxChain; }
  void clear() { count_ = 0; }   // shows no certificate
  void run() override;

  TlsConfig config;              // all but the chain
  Result<std::shared_ptr<TlsContext>> result = Fault{Code::cancelled, "not run", 0};

 private:
  Tls& tls_;
  Side side_;
  Blob chain_[kMaxChain];
  size_t count_ = 0;
};

}  // namespace parley
