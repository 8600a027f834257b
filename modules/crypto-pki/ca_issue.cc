// Issuing one certificate.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ca_issue.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxAltNames = 16;
constexpr uint16_t kAllowedExtUsage = ext_usage::kServerAuth | ext_usage::kClientAuth | ext_usage::kIpsecEndSystem |
                                      ext_usage::kIpsecTunnel | ext_usage::kIpsecUser | ext_usage::kIpsecIke;

constexpr size_t kMaxPhoneCertificate = 4096;   // buffers of old phones (capf.md 6)
constexpr std::string_view kRegistrationName = "ioscs RA";
constexpr uint8_t kEndEntity[] = {0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x02, 0x30, 0x00};   // basicConstraints, critical, CA false

// <serial>.cnm as IOS writes it: the name and the end of the certificate.
Result<Blob> name_file(const Certificate& c) {
  Blob text;
  text.put("subjectname_str = ");
  TRY(print_name(c.subject, NameStyle::ios, text));
  const Calendar end = to_calendar(c.not_after);
  text.put("\nexpiration = ").dec(end.hour, 2, '0').put(':').dec(end.minute, 2, '0').put(':').dec(end.second, 2, '0');
  text.put(" UTC ").put(month_name(end.month)).put(' ').dec(end.day).put(' ').dec(end.year).put('\n');
  if (!text.ok()) return Fault{Code::full, "no memory", 0};
  return text;
}

Status write_database(const Certificate& c, const Database& db, Store& store) {
  if (db.level == Level::minimum) return {};
  char text[48];
  FixedWriter serial(text);
  print_serial(c.serial, serial);
  TRY_ASSIGN(const Blob name, name_file(c));
  TRY(write_database_file(store, db, FileKind::cnm, serial.view(), name));
  if (db.level == Level::names) return {};
  return write_database_file(store, db, FileKind::crt, serial.view(), c.der);
}

// The copy of the serial number file in a place of its own; the one that counts is in nvram:.
Status copy_serial_file(const SerialFile& serials, std::string_view label, const Database& db, Store& store) {
  if (db.place[static_cast<size_t>(FileKind::ser)].empty()) return {};
  TRY_ASSIGN(const Blob text, store.read(serials.path(), 4096));
  return write_database_file(store, db, FileKind::ser, label, text);
}

}  // namespace

uint64_t serial_number(Bytes serial) {
  const Bytes magnitude = serial_magnitude(serial);
  uint64_t n = 0;
  for (const uint8_t b : magnitude) n = n << 8 | b;
  return magnitude.size() <= 8 ? n : 0;
}

Bytes serial_bytes(uint64_t serial, uint8_t (&buffer)[8]) {
  for (size_t i = 0; i < 8; ++i) buffer[i] = static_cast<uint8_t>(serial >> (56 - 8 * i));
  size_t first = 0;
  while (first < 7 && buffer[first] == 0) ++first;
  return Bytes(buffer + first, 8 - first);
}

UnixTime month_before(UnixTime t) {
  Calendar c = to_calendar(t);
  if (--c.month == 0) { c.month = 12; --c.year; }
  const bool leap = (c.year % 4 == 0 && c.year % 100 != 0) || c.year % 400 == 0;
  const int last = c.month == 2 ? (leap ? 29 : 28) : (c.month == 4 || c.month == 6 || c.month == 9 || c.month == 11) ? 30 : 31;
  if (c.day > last) c.day = last;
  return from_calendar(c);
}

namespace {

Status judge_key(const KeyFacts& key) {
  switch (key.algorithm) {
    case KeyAlgorithm::rsa:
      TRY(strong_enough(key));
      if (key.bits > 8192) return Fault{Code::invalid, "RSA key longer than 8192 bits", key.bits};
      if (key.exponent != 0 && (key.exponent < 3 || key.exponent % 2 == 0)) {
        return Fault{Code::invalid, "RSA exponent makes no sense", 0};
      }
      return {};
    case KeyAlgorithm::ec_p256:
    case KeyAlgorithm::ec_p384:
    case KeyAlgorithm::ec_p521: return {};
    case KeyAlgorithm::other: break;
  }
  return Fault{Code::invalid, "unknown key algorithm", 0};
}

}  // namespace

Status judge_request(const Csr& csr) {
  TRY(judge_key(csr.key));
  if (csr.subject.size() <= 2 && csr.alt_names.empty()) return Fault{Code::invalid, "the request has no name", 0};
  return {};
}

namespace {

bool kept_in_phone_name(Bytes oid) {
  if (oid.size() != 3 || oid[0] != 0x55 || oid[1] != 0x04) return false;
  switch (oid[2]) {
    case 6: case 7: case 8: case 10: case 11: return true;   // C, L, ST, O, OU
    default: return false;
  }
}

// Everything the certificate takes from its request.
struct Asked {
  Csr csr;
  AltName names[kMaxAltNames];
  size_t count = 0;
};

Status read_request(const IssueOrder& order, Asked& asked) {
  TRY_ASSIGN(asked.csr, parse_csr(order.csr));
  TRY(judge_request(asked.csr));
  while (asked.count < kMaxAltNames && alt_name_at(asked.csr.alt_names, asked.count, asked.names[asked.count])) ++asked.count;
  AltName one_more;
  if (alt_name_at(asked.csr.alt_names, asked.count, one_more)) return Fault{Code::invalid, "too many alternative names", 0};
  return {};
}

Status describe(const IssueOrder& order, const Asked& asked, const Certificate& ca, CertificateSpec& spec) {
  spec.subject = asked.csr.subject;
  spec.spki = asked.csr.spki;
  spec.alt_names = std::span<const AltName>(asked.names, asked.count);
  if (order.profile == Profile::registration) spec.role = CertificateRole::ra;
  if (order.profile == Profile::router) spec.ext_usage = asked.csr.ext_usage & kAllowedExtUsage;
  if (order.profile != Profile::subordinate) return {};
  spec.role = CertificateRole::sub_ca;
  spec.path_length = asked.csr.path_length;
  const int room = ca.path_length;   // RFC 5280 4.2.1.9; -1: no limit
  if (room == 0) return Fault{Code::denied, "the path length of the CA certificate allows no subordinate", 0};
  if (room > 0 && (spec.path_length < 0 || spec.path_length >= room)) spec.path_length = room - 1;
  return {};
}

Status describe_phone(const IssueOrder& order, CertificateSpec& spec) {
  TRY_ASSIGN(const KeyFacts key, key_facts(order.spki));
  TRY(judge_key(key));
  spec.subject = order.subject;
  spec.spki = order.spki;
  spec.key_usage = key_usage::kDigitalSignature | (key.algorithm == KeyAlgorithm::rsa ? key_usage::kKeyEncipherment : key_usage::kKeyAgreement);
  spec.ext_usage = ext_usage::kServerAuth | ext_usage::kClientAuth | ext_usage::kIpsecEndSystem;
  return {};
}

}  // namespace

bool marked_as_ra(Bytes subject, uint16_t usage) {
  if ((usage & ext_usage::kCmcRa) != 0) return true;
  for (const NameKey key : {NameKey::common_name, NameKey::organizational_unit}) {
    if (as_text(name_value(subject, key)) == kRegistrationName) return true;
  }
  return false;
}

Profile requested_profile(const Csr& csr) {
  if (csr.wants_ca) return Profile::subordinate;
  return marked_as_ra(csr.subject, csr.ext_usage) ? Profile::registration : Profile::router;
}

Result<Blob> phone_subject(Bytes issuer, std::string_view device) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; };
  bool good = !device.empty() && device.size() <= 64;
  for (const char c : device) good = good && plain(c);
  if (!good) return Fault{Code::invalid, "not a device name", 0};
  char text[80];
  FixedWriter t(text);
  t.put("CN=").put(device);
  TRY_ASSIGN(const Blob common, parse_name(t.view()));
  Blob out;
  DerWriter w(out);
  const size_t name = w.begin(tag::kSequence);
  DerReader all(issuer);
  DerReader parts = all.enter(tag::kSequence);
  while (!parts.empty()) {
    const DerValue part = parts.expect(tag::kSet);
    DerReader set(part.content);
    if (kept_in_phone_name(set.enter(tag::kSequence).oid())) w.raw(part.whole);
  }
  if (!parts.ok()) return Fault{Code::invalid, "broken issuer name", 0};
  DerReader one(common);
  w.raw(one.expect(tag::kSequence).content);
  w.end(name);
  TRY(w.status());
  return out;
}

Result<Blob> issue_certificate(const IssueOrder& order, const Identity& ca, Keys& keys, Store& store) {
  CertificateSpec spec;
  Asked asked;
  const bool phone = order.profile == Profile::phone;
  if (phone) {
    TRY(describe_phone(order, spec));
  } else {
    TRY(read_request(order, asked));
    TRY(describe(order, asked, ca.certificate, spec));
  }
  if (equal_bytes(spec.spki, ca.certificate.spki)) return Fault{Code::denied, "the key is that of the authority itself", 0};
  TRY(order.serials->reserve(order.serial));
  uint8_t buffer[8];
  const Bytes extra[] = {kEndEntity};
  if (phone) spec.extra_extensions = extra;
  spec.issuer = ca.certificate.subject;
  spec.serial = serial_bytes(order.serial, buffer);
  spec.not_before = order.not_before;
  spec.not_after = order.not_after;
  spec.crl_url = order.crl_url;
  spec.ocsp_url = order.ocsp_url;
  spec.issuer_key_id = ca.certificate.subject_key_id;
  TRY_ASSIGN(Blob der, build_certificate(spec, keys, ca.key, ca.hash));
  if (phone && der.size() > kMaxPhoneCertificate) return Fault{Code::full, "the certificate is too large for a phone", 0};
  TRY_ASSIGN(const Certificate made, parse_certificate(der));
  TRY(write_database(made, order.database, store));
  TRY(copy_serial_file(*order.serials, ca.label, order.database, store));
  IssuedRecord record;
  record.serial = order.serial;
  record.from = made.not_before;
  record.to = made.not_after;
  TRY(record.subject.append(made.subject));
  TRY(order.index->add(std::move(record)));
  return der;
}

}  // namespace parley::crypto_pki
