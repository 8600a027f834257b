// Command rows of credentials.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/credentials/credentials_config.h"

#include "cli/place.h"

namespace parley::credentials {

using namespace parley::cli;

// Written order: cli.md.
constexpr Row kRows[] = {
    value("ctl-service admin WORD secret PW01", "Login of the CTL client", &Provider::user,
                  &Provider::secret),                                                                 // 000:1014, 1027
    value("ip source-address [A.B.C.D (port <2000-9999>)]", "Address the CTL client connects to",
                  &Provider::source, &Provider::port),                                                // 000:1012, 1902
    value("trustpoint WORD", "Certificate shown to the CTL client", &Provider::trustpoint),   // 000:1013
};

constexpr Mode kMode = mode("credentials", "(config-credentials)", "Credentials", kRows);
constexpr Block kBlock = single<Provider>(kMode);

constexpr Row kConfigRows[] = {
    block("credentials", "CTL provider for another router", kBlock, &Config::provider),       // 000:1011
};

constexpr Section kSections[1] = {{Place::credentials, kConfigRows, true}};

constexpr Gloss kGloss[4] = {
    {"ctl-service", "Login of the CTL client"},
    {"ip", "Listen address"},
    {"port", "TCP port"},
    {"secret", "Password of the user"},
};

}  // namespace parley::credentials
