// The commands `backup trust` and `restore trust`.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "cli/command.h"
#include "modules/trust-backup/backup_jobs.h"
#include "platform/net/tftp_client.h"

namespace parley {
struct Env;
}

namespace parley::trust_backup {

// Where the sealed copy goes or comes from.
struct Place {
  Text<160> shown;          // as messages say it
  Path path;                // on this router; empty: on a TFTP server
  uint32_t server = 0;
  Text<tftp::kMaxFileName> name;
};
// Refusal: a line for the operator.
bool find_place(const Env& env, std::string_view url, Place& out, Writer& refusal);

std::unique_ptr<cli::Dialogue> backup(Env& env, const Place& place, std::span<TrustFiles::Owner* const> owners);
std::unique_ptr<cli::Dialogue> restore(Env& env, const Place& place, std::span<TrustFiles::Owner* const> owners);

}  // namespace parley::trust_backup
