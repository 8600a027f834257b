// Certificates and keys as an operator pastes them, line by line; texts and files of imports.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/pki_ask.h"
#include "modules/crypto-pki/pki_transfer.h"

using namespace parley;
using namespace parley::crypto_pki;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes all(data, size);
  for (const PemText::Form form : {PemText::Form::base64, PemText::Form::whole}) {
    PemText text(form);
    std::string_view left = as_text(all);
    while (!left.empty()) {
      const size_t end = left.find('\n');
      if (text.feed(left.substr(0, end)) == PemText::State::done) break;
      left.remove_prefix(end == std::string_view::npos ? left.size() : end + 1);
    }
    if (const Result<Blob> der = form == PemText::Form::base64 ? text.decode(kMaxCertificate) : text.take_whole()) {
      (void)parse_certificate(*der);
    }
  }
  List<Blob> found(general_arena());
  if (read_certificates_text(all, found)) {
    for (const Blob& der : found) PARLEY_CHECK(parse_certificate(der).has_value());
  }
  return 0;
}
