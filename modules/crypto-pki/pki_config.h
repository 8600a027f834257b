// What an operator can set for certificates: servers, trustpoints, chains; initialisers are the defaults.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "cli/row.h"

namespace parley::crypto_pki {

using Label = Text<63>;

enum class DatabaseLevel : uint8_t { minimum, names, complete };
enum class HashChoice : uint8_t { md5, sha1, sha256, sha384, sha512 };
enum class Grant : uint8_t { automatic, none, ra_only };          // of `grant`, when configured
enum class CaMode : uint8_t { registration, subordinate };        // of `mode`, when configured
enum class WeakScep : uint8_t { triple_des, des };
enum class Archive : uint8_t { pem, pkcs12 };
enum class DatabaseFile : uint8_t { cnm, crl, crt, p12, pem, ser };

struct DatabaseUrl {                   // place of one kind of file
  uint32_t id = 0;
  Text<127> url;
  DatabaseFile file = DatabaseFile::cnm;
  bool publish = false;
};

struct CaServer {
  uint32_t id = 0;
  Label label;
  DatabaseLevel level = DatabaseLevel::minimum;
  Text<127> url{"nvram:"};
  cli::Table<DatabaseUrl> urls;
  bool archive_set = false;
  Archive archive = Archive::pem;
  cli::Password archive_password;
  Text<32> database_user;
  cli::Password database_password;
  Text<255> issuer;                    // empty: CN=<label>
  bool grant_set = false;
  Grant grant = Grant::automatic;
  uint8_t grant_rollover = 0;          // 0 no, 1 ca-cert, 2 ra-cert
  HashChoice hash = HashChoice::sha256;
  uint16_t lifetime_days = 365;        // issued certificates
  uint8_t lifetime_hours = 0;
  uint8_t lifetime_minutes = 0;
  uint16_t ca_lifetime_days = 1095;
  uint16_t crl_lifetime_hours = 168;
  uint16_t request_lifetime_hours = 168;
  bool mode_set = false;
  CaMode mode = CaMode::registration;
  bool transparent = false;
  bool auto_rollover = false;
  uint16_t rollover_days = 30;         // overlap
  Text<127> cdp_url;
  Text<42> first_serial;               // "0x..."; empty: 1
  bool weak_scep_set = false;
  WeakScep weak_scep = WeakScep::triple_des;
  bool stopped = false;                // `shutdown` of a server that had been started
};

enum class Enrollment : uint8_t { none, url, terminal, self_signed, profile };
enum class Revocation : uint8_t { crl, none, ocsp };
enum class UsageChoice : uint8_t { ike, ssl_client, ssl_server };

struct MapUse {                        // of a certificate map by a trustpoint
  enum class How : uint8_t { must, allow_expired, skip_revocation };
  uint32_t id = 0;
  Label map;
  How how = How::must;
};

struct Trustpoint {
  uint32_t id = 0;
  Label label;
  Enrollment enrollment = Enrollment::none;
  Text<127> enrollment_url;
  bool url_pem = false;
  bool terminal_pem = false;
  Label enrollment_profile;
  bool registration = false;           // enrollment mode ra
  uint16_t retry_count = 10;
  uint8_t retry_minutes = 1;
  bool serial_number = false;          // in the request
  bool serial_none = false;
  uint8_t fqdn = 0;                    // 0 ask, 1 the name below, 2 none
  Text<127> fqdn_name;
  uint8_t ip_address = 0;              // 0 ask, 1 address, 2 of the interface, 3 none
  cli::Ipv4 ip;
  cli::Interface ip_interface;
  cli::Password password;              // challenge
  Text<64> fingerprint;                // of the CA, hex
  Text<255> subject;
  Text<127> alt_name;
  bool revocation_set = true;
  cli::Several<Revocation, 3> revocation{1, {Revocation::crl}};
  Label key;                           // empty: named after the host
  uint16_t key_bits = 0;               // 0: default size
  uint16_t encryption_key_bits = 0;
  Label ec_key;
  HashChoice hash = HashChoice::sha256;
  uint8_t usage = 0;                   // 0 any, else UsageChoice + 1
  bool auto_enroll = false;
  uint8_t auto_enroll_percent = 100;
  bool auto_regenerate = false;
  bool regenerate = false;
  Text<127> crl_url;
  Text<127> ocsp_url;
  cli::Interface source;
  cli::Table<MapUse> matches;
  uint8_t chain_validation = 0;        // 1 stop, 2 continue
  Label chain_continue;
};

enum class CertificateKind : uint8_t { own, ca, self_signed, rollover };

struct ChainCertificate {
  uint32_t id = 0;
  CertificateKind kind = CertificateKind::own;
  Text<40> serial;                     // hex, capitals
  cli::Kept der;
};

struct Chain {
  uint32_t id = 0;
  Label label;
  cli::Table<ChainCertificate> certificates;
};

enum class NameTest : uint8_t { co, eq, nc, ne };
enum class DateTest : uint8_t { eq, ge, lt, ne };

struct NameRule {
  uint32_t id = 0;
  NameTest test = NameTest::eq;
  Text<191> text;
};

struct DateRule {
  uint32_t id = 0;
  DateTest test = DateTest::eq;
  Text<31> text;
};

struct Map {
  uint32_t id = 0;
  Label label;
  uint16_t sequence = 0;
  cli::Table<NameRule> alternatives, issuers, subjects, unstructured;
  cli::Table<DateRule> begins, ends;   // dates of the certificate
};

struct Config {
  uint32_t id = 0;
  uint16_t notice_days = 30;           // before the end of a certificate
  uint8_t notice_repeat_days = 7;
  Text<63> mail_server;
  Text<63> mail_from;
  Text<63> mail_to;
  cli::Table<CaServer> servers;
  cli::Table<Trustpoint> trustpoints;
  cli::Table<Map> maps;
  cli::Table<Chain> chains;
};

extern const cli::Block kServerBlock;
extern const cli::Block kTrustpointBlock;
extern const cli::Section kSections[5];
extern const cli::Gloss kGloss[110];

}  // namespace parley::crypto_pki
