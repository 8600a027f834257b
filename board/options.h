// The command line of the program (design.md section 3).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"

namespace parley {

struct Options {
  const char* data_dir = "build/native/data";
  const char* startup_file = nullptr;   // used instead of nvram:startup-config
  const char* net_name = "";
  bool batch = false;
  bool list_pending = false;            // `make pending`
  bool row_size = false;                // for `make bench`
};

// False: said what is wrong on standard error.
bool parse_options(int argc, char** argv, Options& out);
Result<Blob> read_host_file(const char* name);

}  // namespace parley
