// The system calls that change files, counted one by one, so that a test can cut the power before any of them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"
#include "platform/posix/fd.h"

namespace parley::posix::durable {

// Environment variable PARLEY_TEST_CUT_AT=n: the program kills itself (SIGKILL) at the n-th change of a file; a write is
// cut in the middle. Read once; unset = never. See platform/README.md.
void read_cut_setting();
void cut_at(uint32_t n);               // the same from a test in the same process; counts from now on; 0 = never
uint32_t steps();                      // changes so far
// Tests: what is done, in order: "create", "write", "sync", "rename", "sync-folder", "unlink", "mkdir", "rmdir".
void observe(void (*each)(const char* step));

Result<Fd> create(int folder, const char* name);              // new file for writing; must not exist
Status write_all(int fd, Bytes data);
Status sync(int fd);
Status sync_folder(int fd);
Status rename(int from_folder, const char* from, int to_folder, const char* to);
Status unlink(int folder, const char* name);
Status make_folder(int folder, const char* name);
Status remove_folder(int folder, const char* name);

}  // namespace parley::posix::durable
