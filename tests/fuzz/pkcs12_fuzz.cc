// PKCS#12 files of an operator. Few rounds: the search is for the syntax.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/pkcs12.h"

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const CryptoThread allowed;
  (void)crypto_pki::read_pkcs12(Bytes(data, size), "Secret-12", 64);
  return 0;
}
