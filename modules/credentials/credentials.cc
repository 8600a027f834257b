// The module credentials: CTL provider for another router.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// Another router that makes trust lists (its ctl-client) asks here, over TLS on TCP 2444, for the certificates that phones meet on
// this router, so that phones of one cluster of routers trust all of them.
//
// Story of one exchange (README.md has the frames): the client connects and judges our certificate. It says hello with its user
// and a nonce; CredentialsSession answers with a nonce, salt and rounds. The client sends a proof: an HMAC under a key made from
// the secret, over both frames and the certificate of this session. CredentialsService compares it in constant time, proves in
// turn that it knows the secret, and hands over a record for each certificate: what the modules of this router told TrustRoles, or
// the trustpoint of this module when no call agent runs here. LoginGuard locks addresses, and the user, after wrong proofs.
//
// The key is made once for each `ctl-service admin` line, in a job; until then clients hear "not ready".
#include "modules/credentials/credentials.h"

#include "modules/credentials/credentials_messages.h"
#include "modules/credentials/credentials_service.h"
#include "platform/log/debug_subjects.h"

namespace parley::credentials {
namespace {

void show_credentials(cli::Call& call) { call.module<CredentialsService>().show(call.out()); }

constexpr DebugSubject kSubjects[] = {{"credentials", "CTL provider"}};
void debug_on(cli::Call& call) { switch_debug(call.module<CredentialsService>().log(), kSubjects, true, call.out()); }
void debug_off(cli::Call& call) { switch_debug(call.module<CredentialsService>().log(), kSubjects, false, call.out()); }

constexpr cli::Row kExec[] = {
    cli::action<show_credentials>("show credentials", "Settings and counters of the CTL provider"),
    cli::privilege(15, cli::action<debug_on>("debug credentials", "CTL provider")),
    cli::privilege(15, cli::action<debug_off>("undebug credentials", "CTL provider")),
};

std::unique_ptr<Instance> create(Env& env) { return std::make_unique<CredentialsService>(env); }

constexpr const char* kNeeds[] = {Interfaces::kService, PasswordPolicy::kService, Trustpoints::kService, TrustRoles::kService};

}  // namespace
}  // namespace parley::credentials

namespace parley {

extern const Module kCredentials;
const Module kCredentials{
    .name = "credentials",
    .summary = "CTL provider for another router",
    .needs = credentials::kNeeds,
    .provides = {},
    .sections = credentials::kSections,
    .exec = credentials::kExec,
    .messages = credentials::kMessages,
    .create = &credentials::create,
    .glossary = credentials::kGloss,
};

}  // namespace parley
