// Certificate requests from anybody.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/csr.h"

using namespace parley;
using namespace parley::crypto_pki;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (const Result<Csr> c = parse_csr(Bytes(data, size))) {
    Blob out;
    (void)print_name(c->subject, NameStyle::ios, out);
    AltName n;
    for (size_t i = 0; alt_name_at(c->alt_names, i, n); ++i) {}
  }
  return 0;
}
