// What all parts of crypto-pki need of the router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/http-server/http_routes.h"
#include "modules/ip-services/interfaces.h"
#include "modules/system/host_facts.h"
#include "platform/base/time.h"
#include "platform/crypto/engine.h"
#include "platform/log/log.h"
#include "platform/net/net.h"
#include "platform/sched/job.h"
#include "platform/sched/scheduler.h"
#include "platform/store/store.h"

namespace parley {
class LegacyFence;
}

namespace parley::crypto_pki {

struct Context {
  Scheduler& scheduler;
  Jobs& jobs;
  Clock& clock;
  Net& net;
  Keys& keys;
  Store& store;
  Log& log;
  Random& random;
  HttpRoutes* http = nullptr;    // nullptr: no HTTP server in this image
  HostFacts* host = nullptr;     // nullptr until start()
  LegacyFence* legacy = nullptr; // nullptr: not in this image
  Interfaces* interfaces = nullptr;

  bool clock_valid() const { return host == nullptr || host->clock_valid(); }
  UnixTime now() const { return clock.wall(); }
  std::string_view host_name() const { return host == nullptr ? std::string_view("Router") : host->host_name(); }
  // "R1.lab.example", or the host name alone.
  Text<127> fqdn() const {
    char text[127];
    FixedWriter w(text);
    w.put(host_name());
    if (host != nullptr && !host->domain_name().empty()) w.put('.').put(host->domain_name());
    return Text<127>(w.view());
  }
};

}  // namespace parley::crypto_pki
