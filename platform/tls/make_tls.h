// Makes the TLS service. Called by the boot code and by tests.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/crypto/key_store.h"
#include "platform/sched/scheduler.h"
#include "platform/tls/tls.h"

namespace parley {

struct TlsLimits {
  size_t handshakes = 64;            // under way at the same time; more are refused with `busy`
  Millis handshake_time{30000};      // then the connection is closed
};

// `clock` judges the dates of certificates (not the clock of the host). Sessions and contexts must be gone before it.
std::unique_ptr<Tls> make_tls(Scheduler& scheduler, Jobs& jobs, KeyStore& keys, const Clock& clock, const TlsLimits& limits = {});

// What `show` prints about all sessions.
struct TlsCounters {
  uint64_t accepted = 0, connected = 0, refused_busy = 0, failed = 0, timed_out = 0;
  uint32_t under_way = 0;
};
TlsCounters tls_counters(const Tls& tls);

}  // namespace parley
