// What goes into the ITL file and who may sign it.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/ctl-client/list_plan.h"
#include "modules/ctl-client/role_book.h"
#include "modules/ctl-client/rotation.h"

namespace parley::ctl_client {

struct ItlFacts {
  const Ctl& config;
  std::span<const RoleBook::Use> uses;   // certificates that phones meet
  bool secure = false;      // a CTL file exists and is to be secure
  Bytes stored;             // the present ITL, empty: none
  Bytes ctl;                // the present CTL, empty: none
  const Rotation& rotation;
  const PhoneLists& phones;
  bool anybody = false;     // there are phones
  bool force = false;       // the operator gave up who would be lost
};

struct ItlPlan {
  ListPlan list;
  Text<63> wanted;          // trustpoint that shall sign
};

// File credentials: the trustpoint whose certificate signs phone files; empty: none yet.
std::string_view file_credentials(std::span<const RoleBook::Use> uses);

// False: `problem` is a sentence for the operator; with plan.list.lost when phones are the reason.
bool plan_itl(const ItlFacts& facts, const Trustpoints& trustpoints, const Keys& keys, ItlPlan& plan, Text<200>& problem);

}  // namespace parley::ctl_client
