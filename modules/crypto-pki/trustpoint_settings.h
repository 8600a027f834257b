// What a trustpoint is configured to, in plain units: filled from the rows by crypto_pki.cc.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/http-server/http_url.h"
#include "platform/base/result.h"
#include "platform/base/text.h"
#include "platform/crypto/engine.h"

namespace parley::crypto_pki {

enum class EnrolBy : uint8_t { nothing, scep, terminal, self_signed, file };
enum class Ask : uint8_t { ask, value, none };       // a question of the enrolment, or its configured answer

struct TrustpointSettings {
  Text<63> label;
  EnrolBy by = EnrolBy::nothing;
  bool pem = false;                // terminal pem: BEGIN and END lines around what is shown
  Text<127> url;
  bool registration = false;       // enrollment mode ra
  Text<255> subject;
  Ask fqdn = Ask::ask;             // ask: the router's own name; value: `fqdn`
  Text<127> fqdn_name;
  Ask serial = Ask::ask;
  Ask address = Ask::ask;
  uint32_t ip = 0;                 // Ask::value
  bool has_password = false;
  Text<63> password;               // challenge, in clear text
  Text<64> fingerprint;            // expected, hex digits only
  Text<127> alt_name;
  Hash hash = Hash::sha256;
  KeyLabel key;
  KeyType key_type = KeyType::rsa;
  uint16_t key_bits = 2048;        // of a key that has to be made
  uint16_t configured_bits = 0;    // as typed, 0: none
  uint16_t encryption_bits = 0;    // of a separate encryption key that has to be made, 0: one pair for both
  uint16_t ext_usage = 0;          // usage ike|ssl-client|ssl-server, bits of ext_usage
  bool regenerate = false;         // a new key pair at each enrolment
  uint32_t from_ip = 0;            // source interface, 0: any
  bool source_down = false;        // source interface without an address
  uint16_t retry_count = 10;
  uint8_t retry_minutes = 1;
};

// While a new key pair waits for its certificate, and until it takes the place of the old one.
inline KeyLabel shadow_label(const KeyLabel& label) {
  char text[KeyLabel::kCapacity + 1];
  FixedWriter w(text);
  w.put(label.view().substr(0, KeyLabel::kCapacity - 1)).put('#');
  return KeyLabel(w.view());
}

// "http://ca" -> "/cgi-bin/pkiclient.exe"; a URL with a path of its own keeps it. Faults of parse_url.
inline Result<http_server::Url> scep_url(const TrustpointSettings& t) {
  TRY_ASSIGN(http_server::Url url, http_server::parse_url(t.url));
  if (url.path.view() == "/") url.path = Text<255>("/cgi-bin/pkiclient.exe");
  return url;
}

}  // namespace parley::crypto_pki
