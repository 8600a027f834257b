// What an operator can set for the trust lists (CTL, ITL); initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::ctl_client {

enum class Function : uint8_t { capf, cme, cme_tftp, tftp, application };
enum class Source : uint8_t { trustpoint, provider };  // where the certificate of a server comes from

struct Server {
  uint32_t id = 0;
  Function function = Function::capf;
  cli::Ipv4 address;
  Source source = Source::trustpoint;
  Text<63> trustpoint;
  Text<32> user;                  // CTL provider of another router
  cli::Password password;
};

struct Import {
  uint32_t id = 0;
  uint8_t tag = 0;
  Text<63> description;
  Text<63> file;
};

struct Ctl {
  uint32_t id = 0;
  cli::Table<Server> servers;
  cli::Table<Import> imports;
  Text<63> sast1;                 // trustpoint labels
  Text<63> sast2;
  Text<63> recovery;
  bool tokenless = false;         // the CTL is signed by the recovery key
  bool itl = true;
  bool prepare_rollback = false;
};

struct Config {
  uint32_t id = 0;
  Ctl ctl;
};

extern const cli::Section kSections[1];
extern const cli::Gloss kGloss[12];

}  // namespace parley::ctl_client
