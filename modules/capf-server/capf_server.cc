// The module capf-server: certificates for telephones (CAPF).
// SPDX-License-Identifier: GPL-3.0-or-later
//
// DOC
// A telephone gets, shows or loses its own certificate (LSC) through CAPF, TCP 3804. This image reads, checks, keeps and
// writes the whole configuration of the server. The server itself is not in this image: no port is opened, every command
// of the mode is marked pending and says so when it is typed (`make pending` lists them).
//
// Configuration (capf_config.h): one block `capf-server`, written in the order of cli.md. `port` is always written.
#include "modules/capf-server/capf_server.h"

#include "modules/capf-server/capf_config.h"
#include "modules/kept_module.h"

namespace parley {

constinit const Module kCapfServer = {
    .name = "capf-server",
    .summary = "certificates for telephones (CAPF)",
    .needs = {},
    .provides = {},
    .sections = capf_server::kSections,
    .exec = {},
    .messages = {},
    .create = &KeptModule<capf_server::Config>::create,
    .glossary = capf_server::kGloss,
};

}  // namespace parley
