// Base of the test groups of this module: a CTL client among trustpoints, and the words that tests say to it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "modules/ctl-client/ctl_actions.h"
#include "modules/ctl-client/ctl_client.h"
#include "tests/support/trust_group.h"

namespace parley::ctl_client {

inline constexpr uint32_t kRouter = 0x0A010101;

inline TrustUse use(const char* label, TrustRole role, uint32_t ip = kRouter) {
  TrustUse u;
  u.trustpoint = std::string_view(label);
  u.role = role;
  u.ip = ip;
  return u;
}

inline Server server(Function f, const char* label, uint32_t ip = kRouter) {
  Server s;
  s.id = 1;
  s.function = f;
  s.address = cli::Ipv4{ip};
  s.trustpoint = std::string_view(label);
  return s;
}

class CtlGroup : public test::TrustGroup {
 public:
  std::unique_ptr<CtlClient> client;
  std::vector<Server> servers;

  Ctl& config() { return static_cast<Config*>(client->config())->ctl; }
  void bind_servers() {
    config().servers.items = servers.data();
    config().servers.count = static_cast<uint32_t>(servers.size());
  }
  void teardown() override {
    client->stop();
    LONGS_EQUAL(0, t->jobs.untaken());
    client = nullptr;
    finish();
  }
};

}  // namespace parley::ctl_client
