// The module trust-verification: answers phones that ask whether to trust (TVS).
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A telephone that meets an unknown certificate asks here (TVS, TCP 2445) whether to trust it. This image reads, checks,
// keeps and writes the whole configuration of the service. The service itself is not in this image: no port is opened, every
// command of the mode is marked pending and says so when it is typed (`make pending` lists them).
//
// Configuration (tvs_config.h): one block `trust-verification`, written in the order of cli.md.
#include "modules/trust-verification/trust_verification.h"

#include "modules/trust-verification/tvs_config.h"
#include "modules/kept_module.h"

namespace parley {

constinit const Module kTrustVerification = {
    .name = "trust-verification",
    .summary = "answers phones that ask whether to trust (TVS)",
    .needs = {},
    .provides = {},
    .sections = trust_verification::kSections,
    .exec = {},
    .messages = {},
    .create = &KeptModule<trust_verification::Config>::create,
    .glossary = trust_verification::kGloss,
};

}  // namespace parley
