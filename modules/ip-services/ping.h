// ping and traceroute: the commands' conversations.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "cli/command.h"
#include "modules/module.h"

namespace parley::ip_services {

struct PingPlan {
  uint32_t to = 0;
  uint32_t from = 0;          // 0: as the routes say
  uint32_t repeat = 5;
  uint16_t size = 100;        // the whole IP packet
};
std::unique_ptr<cli::Dialogue> ping(Env& env, const PingPlan& plan);
std::unique_ptr<cli::Dialogue> traceroute(Env& env, uint32_t to);

}  // namespace parley::ip_services
