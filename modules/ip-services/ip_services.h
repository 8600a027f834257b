// The module `ip-services`: interfaces, addresses, routes and names of the router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/ip-services/interfaces.h"
#include "modules/ip-services/ip_config.h"
#include "modules/ip-services/link_plan.h"
#include "modules/module.h"
#include "modules/system/host_lookup.h"
#include "platform/sched/task.h"

namespace parley {
extern const Module kIpServices;
}

namespace parley::ip_services {

class RouteKeeper;

class IpServices final : public Instance, public Interfaces, public HostLookup {
 public:
  explicit IpServices(Env& env);
  ~IpServices() override;
  void* config() override { return &config_; }
  void apply() override;
  Status start() override;
  void stop() override;

  // Interfaces
  uint32_t address_of(std::string_view interface) const override;
  uint32_t first_address() const override;
  bool is_own(uint32_t ip) const override;
  bool resolve(std::string_view host, uint32_t& ip) const override;   // also of HostLookup
  bool way_to(uint32_t ip, Text<32>& interface) const override;

  Env& env() { return env_; }
  const Config& settings() const { return config_; }
  const LinkPlan& plan() const { return plan_; }

 private:
  Env& env_;
  Config config_;
  LinkPlan plan_;
  std::unique_ptr<RouteKeeper> keeper_;
};

void print_name(const InterfaceConfig& i, Text<32>& out);   // "GigabitEthernet0/0"

}  // namespace parley::ip_services
