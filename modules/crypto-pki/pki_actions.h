// Commands inside the configuration modes of crypto-pki that do something at once.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/command.h"
#include "modules/crypto-pki/pki_config.h"

namespace parley::crypto_pki {

// Asked before `shutdown` and `no shutdown` of a certificate server take effect; record = CaServer. `no shutdown` starts the
// server, with questions when key or archive are new (cli.md 7.4), and may refuse.
void confirm_shutdown(cli::Call& call, bool negated);
// `no crypto pki trustpoint L`: warns that certificates go (cli.md 7.6) and asks.
void confirm_trustpoint(cli::Call& call, bool negated);
// `no crypto pki server L`: the same for the server's files.
void confirm_server(cli::Call& call, bool negated);
// `no certificate ...` in a chain.
void confirm_certificate(cli::Call& call, bool negated);
// `certificate ... SERIAL nvram:FILE` in a chain.
struct CertificateFileArgs {
  CertificateKind kind = CertificateKind::own;
  Text<40> serial;
  Text<160> url;
};
void certificate_from_file(cli::Call& call, const CertificateFileArgs& a);

// Rules of one block: false, and `text` says why not.
bool check_server(Instance& instance, const CaServer& old, const CaServer& now, Writer& text);
bool check_chain(Instance& instance, const Chain& old, const Chain& now, Writer& text);
bool check_map(Instance& instance, const Map& old, const Map& now, Writer& text);

}  // namespace parley::crypto_pki
