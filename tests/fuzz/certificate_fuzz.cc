// Certificates, names and revocation lists from anybody.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/der.h"

using namespace parley;
using namespace parley::crypto_pki;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Bytes input(data, size);
  if (const Result<Certificate> c = parse_certificate(input)) {
    for (const NameStyle s : {NameStyle::ios, NameStyle::cisco, NameStyle::comma}) {
      Blob out;
      (void)print_name(c->subject, s, out);
      (void)print_name(c->issuer, s, out);
    }
    (void)equal_names(c->subject, c->issuer);
    (void)name_value(c->subject, NameKey::common_name);
    AltName n;
    for (size_t i = 0; alt_name_at(c->alt_names, i, n); ++i) {}
    (void)usability(*c, c->not_before, Purpose::tls_modern);
    (void)usable_as_ca(*c, c->not_before);
    (void)verify_issued(*c, *c);
  }
  if (const Result<Crl> c = parse_crl(input)) {
    Revoked r;
    const uint8_t serial[] = {1};
    (void)find_revoked(*c, serial, r);
  }
  if (const Result<Blob> name = parse_name(as_text(input))) {   // what the parser made must be readable
    Blob out;
    PARLEY_CHECK(print_name(*name, NameStyle::comma, out).has_value());
    PARLEY_CHECK(equal_names(*name, *name));
  }
  return 0;
}
