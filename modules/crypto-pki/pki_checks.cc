// Rules of the configuration blocks of crypto-pki, checked for each line.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/certificate_map.h"
#include "modules/crypto-pki/crypto_pki.h"
#include "modules/crypto-pki/pki_actions.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kLongestServerName = 13;   // 000:1449

bool places_differ(const Database& a, const Database& b) {
  for (size_t k = 0; k < kFileKinds; ++k) {
    if (!(a.place[k] == b.place[k]) || !(a.publish[k] == b.publish[k])) return true;
  }
  return false;
}

// What a CA certificate or the files on disk depend on (cli.md 7.4).
bool locked_change(const ServerSettings& a, const ServerSettings& b) {
  return !(a.issuer == b.issuer) || a.database.level != b.database.level || !(a.database.folder == b.database.folder) ||
         places_differ(a.database, b.database) || a.hash != b.hash || a.mode != b.mode || a.first_serial != b.first_serial ||
         a.lifetime != b.lifetime || a.ca_lifetime_days != b.ca_lifetime_days;
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

namespace {

// One place, and one to publish in, for each kind of file.
bool two_places(const CaServer& s) {
  for (const DatabaseUrl& a : s.urls) {
    for (const DatabaseUrl& b : s.urls) {
      if (a.id != b.id && a.file == b.file && a.publish == b.publish) return true;
    }
  }
  return false;
}

bool is_published(const CaServer& s) {
  for (const DatabaseUrl& u : s.urls) {
    const bool may = u.file == DatabaseFile::cnm || u.file == DatabaseFile::crl || u.file == DatabaseFile::crt;
    if (u.publish && !may) return true;
  }
  return false;
}

const char* server_mistake(const CaServer& s) {
  uint64_t first = 0;
  if (s.label.size() > kLongestServerName) return "% Certificate Server name is limited to 13 characters";
  if (s.hash == HashChoice::md5) return "% MD5 is not supported for signatures";
  if (!s.first_serial.empty() && (!parse_hex_number(s.first_serial, first) || first == 0)) return "% Serial number must be hexadecimal, 0x1 or more";
  if (two_places(s)) return "% This kind of file has a place already, remove it first";
  if (is_published(s)) return "% Only cnm, crl and crt files can be published";
  return nullptr;
}

}  // namespace

bool check_server(Instance&, const CaServer&, const CaServer& now, Writer& text) {
  if (const char* mistake = server_mistake(now)) {
    text.put(mistake);
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

bool check_map(Instance&, const Map&, const Map& now, Writer& text) {
  for (const cli::Table<DateRule>* dates : {&now.begins, &now.ends}) {
    for (const DateRule& d : *dates) {
      if (map_date(d.text)) continue;
      text.put("% Invalid date, use MMM DD YYYY hh:mm:ss or DD MM YYYY hh:mm:ss");
      return false;
    }
  }
  return true;
}

}  // namespace parley::crypto_pki
