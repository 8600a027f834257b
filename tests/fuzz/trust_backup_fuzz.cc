// Sealed copies of the trust: the head, and what is inside once the seal is broken.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "modules/trust-backup/backup_jobs.h"
#include "platform/crypto/software/wolf.h"

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  crypto::wolf_start();
  const Bytes in(data, size);
  (void)trust_backup::look_at_copy(in);
  const auto copy = trust_backup::read_content(in);
  if (!copy) return 0;
  for (const FileSet::Item& i : copy->files.files) (void)trust_backup::may_come_back(i.path);
  Blob again;
  if (!write_file_set(copy->files, again)) std::abort();
  const auto back = read_file_set(again.view());
  if (!back || back->files.size() != copy->files.files.size() || back->removed.size() != copy->files.removed.size()) std::abort();
  return 0;
}
