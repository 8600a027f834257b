// Command rows of ctl-client.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/ctl_config.h"

#include "cli/place.h"
#include "modules/ctl-client/ctl_actions.h"
#include "modules/module.h"

namespace parley::ctl_client {

using namespace parley::cli;

// Written order: cli.md. A server of another router (username) is refused for all but cme by verify.
constexpr Row kRows[] = {
    list("server {capf|cme|cme-tftp|tftp|application} A.B.C.D -> {trustpoint WORD|username WORD password PW01}",
         "Server that phones shall trust", &Ctl::servers, &Server::function, &Server::address, &Server::source,
         &Server::trustpoint, &Server::user, &Server::password),                              // 000:771-772, 787, 1439
    list("import certificate <1-50> -> STRING URL", "Certificate from a file", &Ctl::imports, &Import::tag,
                 &Import::description, &Import::file),                                             // 000:1438
    value("sast1 trustpoint WORD", "Signer of the list", &Ctl::sast1),                        // 000:769
    value("sast2 trustpoint WORD", "Reserve signer of the list", &Ctl::sast2),                // 000:770
    value("recovery trustpoint WORD", "Long-lived signer of the ITL", &Ctl::recovery),  // 001:297
    flag("tokenless", "The recovery key signs the CTL too", &Ctl::tokenless),        // 001:658
    flag("itl", "Make and refresh ITL files", &Ctl::itl),                            // 002:61
    flag("prepare-rollback", "Empty the trust of the ITL before a way back", &Ctl::prepare_rollback),  // 002:246
    action<regenerate>("regenerate", "Make the CTL files new"),                                // 000:773
};

constexpr Mode kMode = mode("ctl-client", "(config-ctl-client)", "CTL client", kRows);

// Only another call agent is asked by user name; the recovery key is none of the two signers (trust-files.md 2.1).
bool check(Instance&, const Ctl&, const Ctl& now, Writer& text) {
  for (const Server& s : now.servers)
    if (s.source == Source::provider && s.function != Function::cme) {
      text.put("Only a cme server has a user name");
      return false;
    }
  if (!now.recovery.empty() && (now.recovery == now.sast1 || now.recovery == now.sast2)) {
    text.put("The recovery trustpoint must differ from SAST1 and SAST2");
    return false;
  }
  return true;
}
constexpr Block kBlock = verified<&check>(single<Ctl>(kMode));

constexpr Row kConfigRows[] = {
    block("ctl-client", "Lists of certificates that phones trust", kBlock, &Config::ctl),     // 000:768
};

constexpr Section kSections[1] = {{Place::ctl_client, kConfigRows, true}};

constexpr Gloss kGloss[12] = {
    {"application", "HTTPS application server"},
    {"capf", "CAPF server"},
    {"cme", "Call agent"},
    {"cme-tftp", "Call agent and file server in one"},
    {"import", "Certificate from a file"},
    {"password", "Password at the CTL provider"},
    {"recovery", "Long-lived signer of the ITL"},
    {"sast1", "Signer of the list"},
    {"sast2", "Reserve signer of the list"},
    {"tftp", "File server"},
    {"trustpoint", "Certificate of this router"},
    {"username", "User at the CTL provider of another router"},
};

}  // namespace parley::ctl_client
