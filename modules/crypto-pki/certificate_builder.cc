// Builds and signs certificates.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/certificate_builder.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

constexpr size_t kMaxSerial = 20;   // RFC 5280 4.1.2.2

bool is_authority(CertificateRole r) { return r == CertificateRole::ca || r == CertificateRole::sub_ca; }

bool all_zero(Bytes b) {
  for (const uint8_t v : b)
    if (v != 0) return false;
  return true;
}

Status check(const CertificateSpec& s) {
  const auto bad = [](const char* why) { return Fault{Code::invalid, why, 0}; };
  if (s.serial.empty() || s.serial.size() > kMaxSerial || all_zero(s.serial)) return bad("serial number out of range");
  if (s.serial.size() == kMaxSerial && (s.serial[0] & 0x80) != 0) return bad("serial number out of range");
  if (s.not_after < s.not_before) return bad("certificate would end before it begins");
  if (s.issuer.empty() || s.subject.empty() || s.spki.empty()) return bad("certificate needs issuer, subject and key");
  if ((s.ext_usage & ext_usage::kOther) != 0) return bad("extended key usage cannot be written");
  if (s.path_length >= 0 && !is_authority(s.role)) return bad("only an authority has a path length");
  return {};
}

uint16_t key_usage_of(const CertificateSpec& s, KeyAlgorithm key) {
  if (s.key_usage != 0) return s.key_usage;
  if (is_authority(s.role)) return key_usage::kKeyCertSign | key_usage::kCrlSign | key_usage::kDigitalSignature;
  if (key == KeyAlgorithm::rsa) return key_usage::kDigitalSignature | key_usage::kKeyEncipherment;
  return key_usage::kDigitalSignature;
}

// Writes extensions one by one and knows which it has written.
class Extensions {
 public:
  explicit Extensions(DerWriter& out) : out_(out) {}
  template <class F>
  Status add(Bytes o, bool critical, F content) {
    Blob value;
    DerWriter w(value);
    TRY(content(w));
    TRY(w.status());
    write_extension(out_, o, critical, value);
    if (count_ < kMax) written_[count_++] = o;
    return {};
  }
  Status add_ready(Bytes extension) {
    DerReader r(extension);
    DerReader inside = r.enter(tag::kSequence);
    const Bytes o = inside.oid();
    if (!inside.ok() || !r.done()) return Fault{Code::invalid, "broken extension", 0};
    for (size_t i = 0; i < count_; ++i)
      if (equal_bytes(written_[i], o)) return {};
    out_.raw(extension);
    if (count_ < kMax) written_[count_++] = o;
    return {};
  }

 private:
  static constexpr size_t kMax = 32;
  DerWriter& out_;
  Bytes written_[kMax];
  size_t count_ = 0;
};

void write_crl_point(DerWriter& w, std::string_view url) {
  const size_t points = w.begin(tag::kSequence);
  const size_t point = w.begin(tag::kSequence);
  const size_t name = w.begin(tag::constructed(0));
  const size_t full = w.begin(tag::constructed(0));
  w.text(tag::context(6), url);
  w.end(full);
  w.end(name);
  w.end(point);
  w.end(points);
}

void write_ocsp(DerWriter& w, std::string_view url) {
  const size_t list = w.begin(tag::kSequence);
  const size_t access = w.begin(tag::kSequence);
  w.oid(oid::kOcsp);
  w.text(tag::context(6), url);
  w.end(access);
  w.end(list);
}

struct Identifiers {
  Digest subject;
  Bytes issuer;
};

Status write_usages(Extensions& e, const CertificateSpec& s, KeyAlgorithm key) {
  if (is_authority(s.role)) {
    TRY(e.add(oid::kBasicConstraints, true, [&](DerWriter& w) -> Status {
      const size_t q = w.begin(tag::kSequence);
      w.boolean(true);
      if (s.path_length >= 0) w.integer(static_cast<uint64_t>(s.path_length));
      w.end(q);
      return {};
    }));
  }
  const uint16_t usage = key_usage_of(s, key);
  TRY(e.add(oid::kKeyUsage, true, [&](DerWriter& w) -> Status { w.named_bits(usage, 9); return {}; }));
  uint16_t extended = s.ext_usage;
  if (s.role == CertificateRole::ra) extended = static_cast<uint16_t>(extended | ext_usage::kCmcRa);
  if (extended == 0) return {};
  return e.add(oid::kExtKeyUsage, false, [&](DerWriter& w) -> Status { write_ext_usage(w, extended); return {}; });
}

Status write_links(Extensions& e, const CertificateSpec& s, const Identifiers& ids) {
  TRY(e.add(oid::kSubjectKeyId, false, [&](DerWriter& w) -> Status { w.octets(ids.subject.view()); return {}; }));
  TRY(e.add(oid::kAuthorityKeyId, false, [&](DerWriter& w) -> Status { write_authority_key_id(w, ids.issuer); return {}; }));
  if (!s.alt_names.empty()) {
    constexpr uint8_t kEmptyName[] = {tag::kSequence, 0};
    const bool nameless = equal_bytes(s.subject, kEmptyName);   // RFC 5280 4.2.1.6: then it is critical
    TRY(e.add(oid::kAltName, nameless, [&](DerWriter& w) { return write_alt_names(w, s.alt_names); }));
  }
  if (!s.crl_url.empty())
    TRY(e.add(oid::kCrlPoints, false, [&](DerWriter& w) -> Status { write_crl_point(w, s.crl_url); return {}; }));
  if (!s.ocsp_url.empty())
    TRY(e.add(oid::kAuthorityInfo, false, [&](DerWriter& w) -> Status { write_ocsp(w, s.ocsp_url); return {}; }));
  for (const Bytes& ready : s.extra_extensions) TRY(e.add_ready(ready));
  return {};
}

Status write_tbs(DerWriter& w, const CertificateSpec& s, SignatureAlgorithm a, KeyAlgorithm key, const Identifiers& ids) {
  const size_t tbs = w.begin(tag::kSequence);
  const size_t version = w.begin(tag::constructed(0));
  w.integer(2);
  w.end(version);
  w.unsigned_integer(s.serial);
  write_signature_algorithm(w, a);
  w.raw(s.issuer);
  const size_t validity = w.begin(tag::kSequence);
  w.time(s.not_before);
  w.time(s.not_after);
  w.end(validity);
  w.raw(s.subject);
  w.raw(s.spki);
  const size_t outer = w.begin(tag::constructed(3));
  const size_t list = w.begin(tag::kSequence);
  Extensions extensions(w);
  TRY(write_usages(extensions, s, key));
  TRY(write_links(extensions, s, ids));
  w.end(list);
  w.end(outer);
  w.end(tbs);
  return w.status();
}

}  // namespace

Result<Digest> key_identifier(Bytes spki) {
  DerReader all(spki);
  DerReader r = all.enter(tag::kSequence);
  (void)r.expect(tag::kSequence);
  const Bytes bits = r.bits();
  if (!r.done() || !all.done()) return Fault{Code::invalid, "not a public key", 0};
  return hash(Hash::sha1, bits);
}

Result<Blob> build_certificate(const CertificateSpec& spec, Keys& keys, KeyRef signer, Hash h) {
  TRY(check(spec));
  TRY_ASSIGN(const SignatureAlgorithm a, algorithm_for_key(keys, signer, h));
  TRY_ASSIGN(const KeyFacts facts, key_facts(spec.spki));
  TRY_ASSIGN(const Blob signer_spki, keys.public_key(signer));
  TRY_ASSIGN(const Digest signer_id, key_identifier(signer_spki));
  Identifiers ids;
  TRY_ASSIGN(ids.subject, key_identifier(spec.spki));
  ids.issuer = spec.issuer_key_id.empty() ? signer_id.view() : spec.issuer_key_id;
  Blob tbs;
  DerWriter w(tbs);
  TRY(write_tbs(w, spec, a, facts.algorithm, ids));
  return sign_body(tbs, a, keys, signer, h);
}

}  // namespace parley::crypto_pki
