// Fuzz: TFTP requests and answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/tftp_wire.h"

using namespace parley;
using namespace parley::tftp;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  TftpRequest request;
  TftpRefusal refusal;
  bool silent = false;
  if (parse_request(Bytes(data, size), request, refusal, silent)) {
    if (request.name.empty() || request.name == ".." || request.name.starts_with("../") || request.blksize > kMaxBlock || request.blksize < 8 ||
        request.windowsize < 1 || request.windowsize > kMaxWindow || request.timeout_s < 1)
      PARLEY_PANIC("a request outside of the limits was accepted");
    uint8_t bytes[128];
    ByteWriter w(bytes);
    write_oack(w, request, UINT32_MAX);
    if (!w.ok()) PARLEY_PANIC("an answer does not fit");
  }
  (void)parse_answer(Bytes(data, size));
  return 0;
}
