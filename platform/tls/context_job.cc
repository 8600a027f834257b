// Makes a TLS context beside the scheduler.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/tls/context_job.h"

namespace parley {

Status TlsContextJob::add(Bytes certificate) {
  if (full()) return Fault{Code::full, "the chain is too long", 0};
  TRY_ASSIGN(chain_[count_], Blob::copy_of(certificate));
  ++count_;
  return {};
}

void TlsContextJob::run() {
  Bytes views[kMaxChain];
  for (size_t i = 0; i < count_; ++i) views[i] = chain_[i].view();
  config.chain = views;
  config.chain_count = count_;
  result = side_ == Side::server ? tls_.server_context(config) : tls_.client_context(config);
  config.chain = nullptr;
}

}  // namespace parley
