// The command line of the program.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "board/options.h"

#include <cstdio>

namespace parley {
namespace {

constexpr size_t kMaxStartup = size_t{16} << 20;

constexpr const char* kUsage =
    "usage: parley [--data DIR] [--startup FILE] [--net NAME] [--batch]\n"
    "  --data DIR      home of flash:, nvram: and slot0: (default build/native/data)\n"
    "  --startup FILE  used instead of nvram:startup-config\n"
    "  --net NAME      network namespace of the router (made if absent, left in place);\n"
    "                  \"host\": loopback of this machine with shifted ports\n"
    "  --batch         lines from standard input, without editing and paging\n"
    "  --list-pending  commands that are kept but have no function in this image\n"
    "  --row-size      bytes of one row of the command tables\n";

}  // namespace

bool parse_options(int argc, char** argv, Options& out) {
  for (int i = 1; i < argc; ++i) {
    const std::string_view word(argv[i]);
    const bool valued = word == "--data" || word == "--startup" || word == "--net";
    if (valued && i + 1 >= argc) {
      std::fprintf(stderr, "parley: %s needs a value\n%s", argv[i], kUsage);
      return false;
    }
    if (word == "--data") out.data_dir = argv[++i];
    else if (word == "--startup") out.startup_file = argv[++i];
    else if (word == "--net") out.net_name = argv[++i];
    else if (word == "--batch") out.batch = true;
    else if (word == "--list-pending") out.list_pending = true;
    else if (word == "--row-size") out.row_size = true;
    else {
      std::fprintf(stderr, "%s%s", word == "--help" ? "" : "parley: unknown option\n", kUsage);
      return false;
    }
  }
  return true;
}

Result<Blob> read_host_file(const char* name) {
  std::FILE* f = std::fopen(name, "rb");
  if (f == nullptr) return Fault{Code::missing, "no such file", 0};
  Blob text;
  Status s;
  char chunk[16384];
  size_t n;
  while (s && (n = std::fread(chunk, 1, sizeof chunk, f)) > 0) {
    s = text.size() + n > kMaxStartup ? Status(Fault{Code::full, "the file is too large", 0})
                                      : text.append(std::string_view(chunk, n));
  }
  std::fclose(f);
  if (!s) return s.error();
  return text;
}

}  // namespace parley
