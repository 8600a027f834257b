// CMS messages from anybody: signed, enveloped, bags, and the BER they may come in.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/der.h"
#include "platform/crypto/test_keys.h"

using namespace parley;
using namespace parley::crypto_pki;

namespace {

struct Recipient {
  fake::TestKeys keys;
  KeyRef key = keys.import("tftp1024");
  std::vector<uint8_t> certificate = fake::TestKeys::certificate("tftp1024");
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static Recipient* us = new Recipient;
  const Bytes input(data, size);
  (void)read_signed(input);
  (void)read_enveloped(input, us->certificate, *us->keys.keys, us->key);
  (void)read_certificates(input);
  (void)read_issuer_and_serial(input);
  (void)read_issuer_and_subject(input);
  if (const Result<Blob> der = der_from_ber(input, 65536)) {   // the result needs no second pass
    const Result<Blob> again = der_from_ber(*der, 1 << 20);
    PARLEY_CHECK(again.has_value() && equal_bytes(*again, *der));
  }
  return 0;
}
