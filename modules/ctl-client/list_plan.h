// What goes into a trust list, decided from the configuration and the trustpoints, before anything slow begins.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/trustpoints.h"
#include "modules/ctl-client/ctl_config.h"
#include "modules/ctl-client/provider_book.h"
#include "modules/ctl-client/role_book.h"
#include "modules/ctl-client/signer_choice.h"
#include "modules/ctl-client/trust_file_wire.h"
#include "platform/base/memory.h"

namespace parley::ctl_client {

struct PlannedRecord {
  Role role = Role::sast;
  Blob certificate;         // DER; empty: comes from `file`, or is left out (nonsecure)
  Text<63> file;            // PEM file of `import certificate`
  Text<127> name;           // host name of a server; empty: the dotted address
  uint32_t ip = 0;
  bool is_server = false;   // has name and address
  bool nonsecure = false;   // only role, name and address
};

struct ListPlan {
  List<PlannedRecord> records{general_arena()};   // the first one is the signer
  KeyRef signer_key;
  Text<63> signer_label;
  bool staged = false;      // the wanted signer is only introduced
  bool vouched = false;     // phones know the signer from elsewhere than the list before
  bool strands = false;     // `lost` would refuse it
  List<PhoneMac> lost{general_arena()};

  // Records of the signers. False: no memory.
  bool sign_as(SignerChoice choice);
};

class Rotation;

struct PlanOptions {
  bool secure = true;
  SignerFacts signer;
  const Rotation& rotation;
  std::span<const RoleBook::Use> uses;
  const ProviderBook* providers = nullptr;   // what other routers handed over
};

// False: `problem` is the line for the operator ("% ...").
bool plan_list(const Ctl& config, const Trustpoints& trustpoints, const Keys& keys, const PlanOptions& options, ListPlan& plan,
               Text<200>& problem);

// Was the list signed by the owner of this certificate?
bool is_signer_of(Bytes list, Bytes certificate);

// Is the owner of this certificate a SAST of the list?
bool is_sast_of(Bytes list, Bytes certificate);

}  // namespace parley::ctl_client
