// What an operator can set for the file service; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::file_service {

struct ServedFile {
  uint32_t id = 0;
  Text<96> path;              // "flash:music-on-hold.au"
  Text<96> alias;             // empty: the file name of path
  uint8_t access_list = 0;    // 0: everybody
};

struct Config {
  uint32_t id = 0;
  cli::Table<ServedFile> files;
};

extern const cli::Section kSections[1];
extern const cli::Gloss kGloss[4];

}  // namespace parley::file_service
