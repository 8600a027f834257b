// OCSP requests from anybody.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/ocsp_wire.h"
#include "platform/crypto/test_keys.h"

using namespace parley;
using namespace parley::crypto_pki;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const std::vector<uint8_t> der = fake::TestKeys::certificate("tftp1024");
  static const Result<Certificate> issuer = parse_certificate(Bytes(der));
  const Result<OcspRequest> r = parse_ocsp_request(Bytes(data, size));
  if (!r) return 0;
  PARLEY_CHECK(r->count >= 1 && r->count <= kMaxOcspQuestions && r->nonce.size() <= kMaxOcspNonce);
  for (size_t i = 0; i < r->count; ++i) {
    (void)ocsp_asks_for(r->questions[i], *issuer);
    (void)serial_magnitude(r->questions[i].serial);
  }
  return 0;
}
