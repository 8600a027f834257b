// Frames and tables of the trust verification service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdlib>

#include "modules/trust-verification/trust_table.h"
#include "platform/crypto/software/wolf.h"

using namespace parley;
using namespace parley::trust_verification;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  crypto::wolf_start();
  const Bytes in(data, size);
  if (size >= kHeaderSize) {
    const auto head = read_head(in.first(kHeaderSize));
    if (head && head->body_size > kMaxBody) std::abort();
  }
  if (size >= kHeaderSize)
    if (const auto request = read_verify(in.subspan(kHeaderSize))) (void)known_device_form(request->device);
  TrustTable table;
  (void)table.load(in, 1800000000);
  return 0;
}
