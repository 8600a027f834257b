// Command rows of trust-verification.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-verification/tvs_config.h"

#include "cli/place.h"

namespace parley::trust_verification {

using namespace parley::cli;

// Own commands: design.md 6. Written order: cli.md.
constexpr Row kRows[] = {
    value("trustpoint WORD", "Certificate shown to phones", &Tvs::trustpoint),
    value("source-addr A.B.C.D", "Address that phones connect to", &Tvs::source),
    value("port <1024-65535>", "TCP port that phones connect to", &Tvs::port),
    value("ttl <1-10080>", "Minutes a phone may keep an answer", &Tvs::ttl_min),
    value("tls-minimum {1.0|1.2}", "Oldest TLS version that phones may use", &Tvs::tls_minimum),
};

constexpr Mode kMode = mode("tvs", "(config-tvs)", "Trust verification", kRows);
constexpr Block kBlock = single<Tvs>(kMode);

constexpr Row kConfigRows[] = {
    block("trust-verification", "Answers phones that ask whether to trust", kBlock, &Config::tvs),
};

constexpr Section kSections[1] = {{Place::trust_verification, kConfigRows, true}};

constexpr Gloss kGloss[5] = {
    {"1.0", "TLS 1.0 and its old ciphers (legacy profile)"},
    {"1.2", "TLS 1.2 or newer"},
    {"all", "Errors and events"},
    {"error", "Refused peers and unknown messages"},
    {"events", "Connections and answers"},
};

}  // namespace parley::trust_verification
