// From certificates to the fields of signed phone files: signer identity and records.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/certificate.h"
#include "modules/ctl-client/trust_file_wire.h"

namespace parley::ctl_client {

// Strings and numbers of one certificate as they stand in a phone file. One style in all files that belong together
// (trust-files.md 1.2); ours is "cisco". Move only; owns its texts, so the certificate may go.
struct Identity {
  Blob subject, issuer;
  Blob serial;
  uint16_t key_bits = 0;   // 0: not an RSA key

  // The signer fields of a header; views into this.
  void put_into(Header& header) const;
};
Result<Identity> identity_of(const crypto_pki::Certificate& c,
                             crypto_pki::NameStyle style = crypto_pki::NameStyle::cisco);

struct ServerName {
  std::string_view dns_name;   // empty: one NUL
  uint32_t ip = 0;
  bool has_dns_name = true, has_address = true;
};

// One full record: fields 2 to 10 (7: PKCS#1 key, or the point of an EC key).
Status append_certificate_record(Blob& body, Role role, const crypto_pki::Certificate& c, const ServerName& server,
                                 crypto_pki::NameStyle style = crypto_pki::NameStyle::cisco);
// The record of a call manager in a non-secure list: only 2, 4 and 10.
Status append_nonsecure_record(Blob& body, Role role, const ServerName& server);

}  // namespace parley::ctl_client
