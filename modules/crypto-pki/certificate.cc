// X.509 certificates: reading.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/certificate.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

constexpr size_t kMaxExtensions = 64;

Fault broken() { return Fault{Code::invalid, "not a certificate", 0}; }

uint16_t bit_length(Bytes magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  if (magnitude.empty()) return 0;
  unsigned n = static_cast<unsigned>(magnitude.size() - 1) * 8;
  for (uint8_t top = magnitude[0]; top != 0; top = static_cast<uint8_t>(top >> 1)) ++n;
  return static_cast<uint16_t>(n);
}

bool rsa_facts(KeyFacts& out) {
  DerReader all(out.key);
  DerReader r = all.enter(tag::kSequence);
  const Bytes modulus = r.integer();
  const Bytes exponent = r.integer();
  if (!r.done() || !all.done()) return false;
  out.bits = bit_length(modulus);
  if (bit_length(exponent) <= 32)
    for (const uint8_t b : exponent) out.exponent = out.exponent << 8 | b;
  return true;
}

void ec_facts(Bytes curve, KeyFacts& out) {
  if (equal_bytes(curve, oid::kP256)) out.algorithm = KeyAlgorithm::ec_p256, out.bits = 256;
  else if (equal_bytes(curve, oid::kP384)) out.algorithm = KeyAlgorithm::ec_p384, out.bits = 384;
  else if (equal_bytes(curve, oid::kP521)) out.algorithm = KeyAlgorithm::ec_p521, out.bits = 521;
}

bool read_basic_constraints(Bytes der, Certificate& c) {
  DerReader all(der);
  DerReader r = all.enter(tag::kSequence);
  c.has_basic_constraints = true;
  DerValue v;
  if (r.optional(tag::kBoolean, v)) c.is_ca = !v.content.empty() && v.content[0] != 0;
  uint64_t length = 0;
  if (r.next_is(tag::kInteger) && r.unsigned_integer(length)) c.path_length = length > 255 ? 255 : static_cast<int>(length);
  return r.done() && all.done();
}

// CRLDistributionPoints: the first URI in the first fullName.
Bytes first_crl_url(Bytes der) {
  DerReader all(der);
  DerReader points = all.enter(tag::kSequence);
  while (!points.empty()) {
    DerReader point = points.enter(tag::kSequence);
    DerValue name;
    if (!point.optional(tag::constructed(0), name)) continue;
    DerReader full(name.content);
    DerValue names;
    if (!full.optional(tag::constructed(0), names)) continue;
    DerReader each(names.content);
    while (!each.empty()) {
      const DerValue n = each.any();
      if (n.tag == tag::context(6)) return n.content;
    }
  }
  return {};
}

// AuthorityInfoAccess: the first URI of an OCSP responder (RFC 5280 4.2.2.1).
Bytes first_ocsp_url(Bytes der) {
  DerReader all(der);
  DerReader list = all.enter(tag::kSequence);
  while (!list.empty()) {
    DerReader one = list.enter(tag::kSequence);
    const Bytes method = one.oid();
    const DerValue place = one.any();
    if (one.done() && equal_bytes(method, oid::kOcsp) && place.tag == tag::context(6)) return place.content;
  }
  return {};
}

bool read_extension(Bytes o, bool critical, Bytes value, Certificate& c) {
  DerReader r(value);
  if (equal_bytes(o, oid::kBasicConstraints)) return read_basic_constraints(value, c);
  if (equal_bytes(o, oid::kKeyUsage)) return c.has_key_usage = true, read_key_usage(value, c.key_usage);
  if (equal_bytes(o, oid::kExtKeyUsage)) return c.has_ext_usage = true, read_ext_usage(value, c.ext_usage);
  if (equal_bytes(o, oid::kSubjectKeyId)) {
    c.subject_key_id = r.expect(tag::kOctetString).content;
    return r.done();
  }
  if (equal_bytes(o, oid::kAuthorityKeyId)) {
    DerReader inside = r.enter(tag::kSequence);
    DerValue v;
    if (inside.optional(tag::context(0), v)) c.authority_key_id = v.content;
    return r.done();
  }
  if (equal_bytes(o, oid::kAltName)) {
    c.alt_names = r.expect(tag::kSequence).content;
    return r.done();
  }
  if (equal_bytes(o, oid::kCrlPoints)) {
    c.crl_url = first_crl_url(value);
    return true;
  }
  if (equal_bytes(o, oid::kAuthorityInfo)) {
    c.ocsp_url = first_ocsp_url(value);
    return true;
  }
  if (equal_bytes(o, oid::kNameConstraints)) {   // read when a path is judged (path_names.h)
    c.name_constraints = value;
    return !value.empty();
  }
  if (equal_bytes(o, oid::kPolicyConstraints)) c.requires_policy = true;
  // Without required policies these restrict nothing: our trust is by trustpoint (RFC 5280 6.1.1, initial-explicit-policy off).
  const bool policy = equal_bytes(o, oid::kPolicies) || equal_bytes(o, oid::kPolicyMappings) ||
                      equal_bytes(o, oid::kPolicyConstraints) || equal_bytes(o, oid::kInhibitAnyPolicy);
  if (critical && !policy) c.unknown_critical = true;
  return true;
}

bool read_extensions(DerReader& tbs, Certificate& c) {
  DerReader outer = tbs.enter(tag::constructed(3));
  const DerValue list = outer.expect(tag::kSequence);
  if (!outer.done()) return false;
  c.extensions = list.content;
  DerReader r(list.content);
  for (size_t n = 0; !r.empty(); ++n) {
    if (n == kMaxExtensions) return false;
    DerReader e = r.enter(tag::kSequence);
    const Bytes o = e.oid();
    DerValue critical;
    const bool has = e.optional(tag::kBoolean, critical);
    const Bytes value = e.expect(tag::kOctetString).content;
    if (!e.done()) return false;
    if (!read_extension(o, has && !critical.content.empty() && critical.content[0] != 0, value, c)) return false;
  }
  return r.ok();
}

bool read_tbs(Certificate& c, Bytes outer_algorithm) {
  DerReader whole(c.tbs);
  DerReader tbs = whole.enter(tag::kSequence);
  c.version = 1;
  if (tbs.next_is(tag::constructed(0))) {
    DerReader v = tbs.enter(tag::constructed(0));
    uint64_t version = 0;
    if (!v.unsigned_integer(version) || version > 2 || !v.done()) return false;
    c.version = static_cast<uint8_t>(version + 1);
  }
  c.serial = tbs.integer();
  // The outer one is not signed: RFC 5280 4.1.1.2 wants both to be the same.
  if (!equal_bytes(tbs.expect(tag::kSequence).whole, outer_algorithm)) c.signature_algorithm = SignatureAlgorithm::other;
  c.issuer = tbs.expect(tag::kSequence).whole;
  DerReader validity = tbs.enter(tag::kSequence);
  c.not_before = validity.time();
  c.not_after = validity.time();
  if (!validity.done()) return false;
  c.subject = tbs.expect(tag::kSequence).whole;
  c.spki = tbs.expect(tag::kSequence).whole;
  DerValue id;
  (void)tbs.optional(tag::context(1), id);
  (void)tbs.optional(tag::context(2), id);
  if (tbs.next_is(tag::constructed(3)) && !read_extensions(tbs, c)) return false;
  return tbs.done() && whole.done();
}

}  // namespace

Result<KeyFacts> key_facts(Bytes spki) {
  const Fault bad{Code::invalid, "not a public key", 0};
  DerReader all(spki);
  DerReader r = all.enter(tag::kSequence);
  DerReader algorithm = r.enter(tag::kSequence);
  KeyFacts out;
  const Bytes o = algorithm.oid();
  out.key = r.bits();
  if (!r.done() || !all.done() || !algorithm.ok()) return bad;
  if (equal_bytes(o, oid::kRsa)) {
    out.algorithm = KeyAlgorithm::rsa;
    if (!rsa_facts(out)) return bad;
  } else if (equal_bytes(o, oid::kEc) && algorithm.next_is(tag::kOid)) {
    ec_facts(algorithm.oid(), out);
  }
  return out;
}

Result<Certificate> parse_certificate(Bytes der) {
  if (der.size() > kMaxCertificate) return Fault{Code::full, "certificate is too large", static_cast<uint32_t>(der.size())};
  Certificate c;
  TRY_ASSIGN(c.der, Blob::copy_of(der));
  DerReader all(c.der);
  DerReader r = all.enter(tag::kSequence);
  if (!all.done()) return broken();
  c.tbs = r.expect(tag::kSequence).whole;
  DerReader peek = r;
  const Bytes algorithm = peek.any().whole;
  c.signature_algorithm = read_signature_algorithm(r);
  c.signature = r.bits();
  if (!r.done() || !read_tbs(c, algorithm)) return broken();
  TRY_ASSIGN(c.key, key_facts(c.spki));
  return c;
}

bool Certificate::self_issued() const { return equal_names(issuer, subject); }

bool alt_name_at(Bytes alt_names, size_t n, AltName& out) {
  DerReader r(alt_names);
  for (size_t found = 0; !r.empty();) {
    const DerValue v = r.any();
    switch (v.tag) {
      case tag::context(1): out.kind = AltName::Kind::email; break;
      case tag::context(2): out.kind = AltName::Kind::dns; break;
      case tag::context(6): out.kind = AltName::Kind::uri; break;
      case tag::context(7): out.kind = AltName::Kind::ip; break;
      default: continue;
    }
    if (found++ == n) {
      out.value = v.content;
      return r.ok();
    }
  }
  return false;
}

}  // namespace parley::crypto_pki
