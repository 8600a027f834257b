// Walking the folders of the host below a file system of the router.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/posix/fd.h"
#include "platform/store/path.h"

namespace parley::posix {

// Where a name is or would be: its folder, open, and the last part.
struct Place {
  Fd folder;
  Text<kMaxNamePart> name;
};

Status make_host_folders(const char* path);                           // like `mkdir -p`
Result<Place> find_place(int root, std::string_view name);            // Fault missing: no such folder
uint64_t file_bytes(const Place& place);                              // 0: no file
bool is_folder(const Place& place);
Result<FileInfo> info_of(const Place& place);
Status empty_folder(int folder);                                      // removes everything below
Result<uint64_t> bytes_below(int folder);                             // sum of all files
Status list_sorted(int root, std::string_view folder, Store::Each each, void* context);

}  // namespace parley::posix
