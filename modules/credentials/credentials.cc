// The module credentials: CTL provider for another router.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// Another router that makes trust lists asks here (TCP 2444, TLS) for the certificate of this call agent. This image reads,
// checks, keeps and writes the whole configuration of the provider. The provider itself is not in this image: no port is
// opened, every command of the mode is marked pending and says so when it is typed (`make pending` lists them).
//
// Configuration (credentials_config.h): one block `credentials`, written in the order of cli.md.
#include "modules/credentials/credentials.h"

#include "modules/credentials/credentials_config.h"
#include "modules/kept_module.h"

namespace parley::credentials {
namespace {

void show_credentials(cli::Call& call) {                                                                   // 000:1037
  const Provider& p = static_cast<const Config*>(call.instance->config())->provider;
  if (p.id == 0) return;
  call.out().put("\nCredentials IP: ").ipv4(p.source).put("\nCredentials PORT: ").dec(p.port);
  call.out().put("\nTrustpoint: ").put(p.trustpoint).put('\n');
}

constexpr cli::Row kExec[] = {
    cli::action<show_credentials>("show credentials", "Settings of the CTL provider"),
    cli::privilege(15, cli::pending(cli::action("debug credentials", "CTL provider"))),
};

}  // namespace
}  // namespace parley::credentials

namespace parley {

constinit const Module kCredentials = {
    .name = "credentials",
    .summary = "CTL provider for another router",
    .needs = {},
    .provides = {},
    .sections = credentials::kSections,
    .exec = credentials::kExec,
    .messages = {},
    .create = &KeptModule<credentials::Config>::create,
    .glossary = credentials::kGloss,
};

}  // namespace parley
