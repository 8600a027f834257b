// Fuzz: readers and verifier of the signed phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/trust_file_verify.h"

using namespace parley;
using namespace parley::ctl_client;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes file(data, size);
  const auto f = read_file(file);
  if (!f) return 0;
  RecordReader records(f->body());
  while (records.more()) {
    const auto r = records.next();
    if (!r) break;
    Blob again;
    if (append_record(again, *r)) {
      RecordReader second(again.view());
      if (!second.next()) PARLEY_PANIC("a record that was read cannot be written and read again");
    }
  }
  (void)verify_ctl(file);
  if (const auto signer = find_file_signer(f->body(), f->header)) (void)verify_signed(file, f->header.file_name, *signer);
  return 0;
}
