// Rules of the configuration blocks of crypto-pki, checked for each line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_actions.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kLongestServerName = 13;   // 000:1449

// What a CA certificate or the files on disk depend on (cli.md 7.4).
bool locked_change(const ServerSettings& a, const ServerSettings& b) {
  return !(a.issuer == b.issuer) || a.database.level != b.database.level || !(a.database.folder == b.database.folder) ||
         a.hash != b.hash || a.lifetime != b.lifetime || a.ca_lifetime_days != b.ca_lifetime_days;
}

}  // namespace

const char* Pki::verify() {
  for (const CaServer& s : config_.servers) {
    const Authority* a = server(s.label);
    if (a == nullptr || (a->state() != ServerState::enabled && a->state() != ServerState::starting)) continue;
    if (locked_change(a->settings(), server_settings(s))) return "This server is locked. Use \"shutdown\" to unlock.";
  }
  return nullptr;
}

bool check_server(Instance&, const CaServer&, const CaServer& now, Writer& text) {
  if (now.label.size() > kLongestServerName) {
    text.put("% Certificate Server name is limited to 13 characters");
    return false;
  }
  if (now.hash == HashChoice::md5) {
    text.put("% MD5 is not supported for signatures");
    return false;
  }
  return true;
}

// hex that is no certificate is not kept. Weak, old and odd ones are.
bool check_chain(Instance&, const Chain& old, const Chain& now, Writer& text) {
  for (const ChainCertificate& c : now.certificates) {
    bool known = false;
    for (const ChainCertificate& o : old.certificates) known = known || o.id == c.id;
    if (known || parse_certificate(c.der.view())) continue;
    text.put("% Certificate data for serial ").put(c.serial).put(" is invalid, ignored");
    return false;
  }
  return true;
}

}  // namespace parley::crypto_pki
