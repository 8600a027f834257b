// Slow work of a certificate server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ca_jobs.h"

#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxAltNames = 16;
constexpr uint16_t kAllowedExtUsage = ext_usage::kServerAuth | ext_usage::kClientAuth | ext_usage::kIpsecEndSystem |
                                      ext_usage::kIpsecTunnel | ext_usage::kIpsecUser | ext_usage::kIpsecIke;

Result<KeyRef> key_pair(Keys& keys, std::string_view label, uint16_t bits, bool& generated) {
  if (const KeyRef found = keys.find(label); found) return found;
  generated = true;
  return keys.generate(label, KeyType::rsa, bits, KeyUse::general, false);
}

// <serial>.cnm as IOS writes it: the name and the end of the certificate.
Status write_name_file(const Certificate& c, const Database& db, std::string_view serial, Store& store) {
  Blob text;
  text.put("subjectname_str = ");
  TRY(print_name(c.subject, NameStyle::ios, text));
  const Calendar end = to_calendar(c.not_after);
  text.put("\nexpiration = ").dec(end.hour, 2, '0').put(':').dec(end.minute, 2, '0').put(':').dec(end.second, 2, '0');
  text.put(" UTC ").put(month_name(end.month)).put(' ').dec(end.day).put(' ').dec(end.year).put('\n');
  if (!text.ok()) return Fault{Code::full, "no memory", 0};
  return store.write(labelled_path(db.folder, serial, ".cnm"), text);
}

Status write_database(const Certificate& c, const Database& db, Store& store) {
  if (db.level == Level::minimum) return {};
  char text[48];
  FixedWriter serial(text);
  print_serial(c.serial, serial);
  TRY(write_name_file(c, db, serial.view(), store));
  if (db.level == Level::names) return {};
  return store.write(labelled_path(db.folder, serial.view(), ".cer"), c.der);
}

}  // namespace

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

Status judge_request(const Csr& csr) {
  switch (csr.key.algorithm) {
    case KeyAlgorithm::rsa:
      if (csr.key.bits < 1024) return Fault{Code::invalid, "RSA key shorter than 1024 bits", csr.key.bits};
      if (csr.key.bits > 8192) return Fault{Code::invalid, "RSA key longer than 8192 bits", csr.key.bits};
      if (csr.key.exponent != 0 && (csr.key.exponent < 3 || csr.key.exponent % 2 == 0)) {
        return Fault{Code::invalid, "RSA exponent makes no sense", 0};
      }
      break;
    case KeyAlgorithm::ec_p256:
    case KeyAlgorithm::ec_p384:
    case KeyAlgorithm::ec_p521: break;
    case KeyAlgorithm::other: return Fault{Code::invalid, "unknown key algorithm", 0};
  }
  if (csr.subject.size() <= 2 && csr.alt_names.empty()) return Fault{Code::invalid, "the request has no name", 0};
  return {};
}

Result<IdentityPtr> StartAuthorityJob::work() {
  auto made = std::make_shared<Identity>();
  made->label = label;
  made->hash = hash;
  if (!existing.empty()) return adopt(std::move(made));
  TRY_ASSIGN(made->key, key_pair(keys_, key_label, key_bits, generated));
  TRY(serials_->load());
  serials_->start_at(first_serial);
  const uint64_t number = serials_->next_serial();
  TRY(serials_->reserve(number));
  TRY_ASSIGN(const Blob spki, keys_.public_key(made->key));
  uint8_t buffer[8];
  CertificateSpec spec;
  spec.role = CertificateRole::ca;
  spec.subject = spec.issuer = name;
  spec.serial = serial_bytes(number, buffer);
  spec.not_before = now;
  spec.not_after = end;
  spec.spki = spki;
  TRY_ASSIGN(const Blob der, build_certificate(spec, keys_, made->key, hash));
  TRY_ASSIGN(made->certificate, parse_certificate(der));
  TRY(verify_certificate(made->certificate, spki));  // a broken engine must not start an authority
  TRY_ASSIGN(ChainItem item, copy_item(ChainKind::ca, der));
  TRY(write_chain(store_, label, std::span<const ChainItem>(&item, 1)));
  return IdentityPtr(std::move(made));
}

// The certificate is there (boot, or `no shutdown` after `shutdown`): only what is needed to go on.
Result<IdentityPtr> StartAuthorityJob::adopt(std::shared_ptr<Identity> made) {
  TRY_ASSIGN(made->certificate, parse_certificate(existing));
  made->key = keys_.find(key_label);
  if (!made->key) return Fault{Code::missing, "the key pair of the certificate server is missing", 0};
  TRY_ASSIGN(const Blob spki, keys_.public_key(made->key));
  if (!equal_bytes(spki, made->certificate.spki)) {
    return Fault{Code::untrusted, "the key pair does not belong to the CA certificate", 0};
  }
  TRY(usable_as_ca(made->certificate, now));
  TRY(serials_->load());
  // Without its file nobody knows which numbers were used; seconds since 1970 times 256 is above all of them.
  if (serials_->last_serial() == 0) serials_->start_at(static_cast<uint64_t>(now) << 8);
  return IdentityPtr(std::move(made));
}

Result<Blob> issue_certificate(const IssueOrder& order, const Identity& ca, Keys& keys, Store& store) {
  TRY_ASSIGN(const Csr csr, parse_csr(order.csr));
  TRY(judge_request(csr));
  TRY(order.serials->reserve(order.serial));
  uint8_t buffer[8];
  AltName names[kMaxAltNames];
  size_t count = 0;
  while (count < kMaxAltNames && alt_name_at(csr.alt_names, count, names[count])) ++count;
  AltName one_more;
  if (alt_name_at(csr.alt_names, count, one_more)) return Fault{Code::invalid, "too many alternative names", 0};
  CertificateSpec spec;
  spec.role = CertificateRole::general;
  spec.subject = csr.subject;
  spec.issuer = ca.certificate.subject;
  spec.serial = serial_bytes(order.serial, buffer);
  spec.not_before = order.not_before;
  spec.not_after = order.not_after;
  spec.spki = csr.spki;
  spec.ext_usage = csr.ext_usage & kAllowedExtUsage;
  spec.alt_names = std::span<const AltName>(names, count);
  spec.crl_url = order.crl_url;
  spec.issuer_key_id = ca.certificate.subject_key_id;
  TRY_ASSIGN(Blob der, build_certificate(spec, keys, ca.key, ca.hash));
  TRY_ASSIGN(const Certificate made, parse_certificate(der));
  TRY(write_database(made, order.database, store));
  return der;
}

Result<Blob> CrlJob::work() {
  List<Revoked> revoked{general_arena()};
  Crl last;
  if (const Result<Blob> file = store_.read(path, kMaxCrl); file) {
    TRY_ASSIGN(last, parse_crl(*file));
    const bool ours = equal_names(last.issuer, ca->certificate.subject);  // else: left by a server of another name
    const auto keep = [](void* to, const Revoked& r) { return static_cast<List<Revoked>*>(to)->push(r).has_value(); };
    if (ours) TRY(each_revoked(last, keep, &revoked));
  } else if (file.error().code != Code::missing) {
    return file.error();
  }
  TRY(serials->reserve_crl(number));
  CrlSpec spec;
  spec.issuer = ca->certificate.subject;
  spec.this_update = now;
  spec.next_update = next;
  spec.number = number;
  spec.revoked = std::span<const Revoked>(revoked.begin(), revoked.size());
  spec.issuer_key_id = ca->certificate.subject_key_id;
  TRY_ASSIGN(Blob der, build_crl(spec, keys_, ca->key, ca->hash));
  TRY(store_.write(path, der));
  return der;
}

}  // namespace parley::crypto_pki
