// CMS SignedData: SCEP messages and bags of certificates (RFC 5652 5).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/cms_attributes.h"
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

Fault broken() { return Fault{Code::invalid, "not a CMS signed message", 0}; }
Fault untrusted(const char* why) { return Fault{Code::untrusted, why, 0}; }

// The parts of a SignedData, views into the message.
struct Parts {
  Bytes content_type, content, certificates, crls, signers;
};

bool read_parts(Bytes der, Parts& out) {
  DerReader all(der);
  DerReader info = all.enter(tag::kSequence);
  if (!equal_bytes(info.oid(), oid::kSignedData)) return false;
  DerReader wrapped = info.enter(tag::constructed(0));
  DerReader s = wrapped.enter(tag::kSequence);
  uint64_t version = 0;
  (void)s.unsigned_integer(version);
  (void)s.expect(tag::kSet);
  DerReader encapsulated = s.enter(tag::kSequence);
  out.content_type = encapsulated.oid();
  if (!encapsulated.empty()) {
    DerReader explicit_content = encapsulated.enter(tag::constructed(0));
    const DerValue v = explicit_content.any();
    out.content = v.content;
    if (!explicit_content.done() || (v.tag != tag::kOctetString && v.tag != tag::kSequence)) return false;
  }
  DerValue v;
  if (s.optional(tag::constructed(0), v)) out.certificates = v.content;
  if (s.optional(tag::constructed(1), v)) out.crls = v.content;
  out.signers = s.expect(tag::kSet).content;
  return encapsulated.done() && s.done() && wrapped.done() && info.done() && all.done();
}

struct Signer {
  Bytes issuer, serial, key_id;   // names the certificate: issuer + serial, or key_id
  Hash hash = Hash::sha256;
  DerValue attributes;            // [0], absent: the content itself is signed
  SignatureAlgorithm algorithm = SignatureAlgorithm::other;
  Bytes signature;
};

Status read_signer(Bytes signers, Signer& out) {
  DerReader set(signers);
  DerReader s = set.enter(tag::kSequence);
  uint64_t version = 0;
  (void)s.unsigned_integer(version);
  if (s.next_is(tag::context(0))) {
    out.key_id = s.any().content;
  } else {
    DerReader id = s.enter(tag::kSequence);
    out.issuer = id.expect(tag::kSequence).whole;
    out.serial = id.integer();
    if (!id.done()) return broken();
  }
  if (!hash_from_oid(read_algorithm_oid(s), out.hash))
    return Fault{Code::unsupported, "digest algorithm of the message is not supported", 0};
  (void)s.optional(tag::constructed(0), out.attributes);
  // PKCS#7 names only the key (rsaEncryption), CMS also the pair; the digest is the signer's either way.
  DerReader peek = s;
  const bool plain_rsa = equal_bytes(read_algorithm_oid(peek), oid::kRsa);
  out.algorithm = read_signature_algorithm(s);
  if (plain_rsa) out.algorithm = signature_algorithm_for(KeyType::rsa, out.hash);
  out.signature = s.expect(tag::kOctetString).content;
  DerValue unsigned_attributes;
  (void)s.optional(tag::constructed(1), unsigned_attributes);
  if (!s.done()) return broken();
  if (!set.done()) return Fault{Code::unsupported, "message has several signers", 0};
  return {};
}

// Issuer and serial of a certificate without reading all of it. False: not one.
bool certificate_id(Bytes der, Bytes& issuer, Bytes& serial) {
  DerReader all(der);
  DerReader c = all.enter(tag::kSequence);
  DerReader tbs = c.enter(tag::kSequence);
  DerValue version;
  (void)tbs.optional(tag::constructed(0), version);
  serial = tbs.integer();
  (void)tbs.expect(tag::kSequence);
  issuer = tbs.expect(tag::kSequence).whole;
  return tbs.ok();
}

bool is_signer(Bytes certificate, const Signer& s) {
  if (!s.key_id.empty()) {
    const Result<Certificate> c = parse_certificate(certificate);
    return c && equal_bytes(c->subject_key_id, s.key_id);
  }
  Bytes issuer, serial;
  return certificate_id(certificate, issuer, serial) && equal_bytes(serial, s.serial) && equal_names(issuer, s.issuer);
}

Status find_signer(Bytes certificates, const Signer& s, Bytes& out) {
  DerReader r(certificates);
  size_t count = 0;
  while (!r.empty()) {
    const DerValue v = r.any();
    if (!r.ok()) return broken();
    if (++count > kMaxCmsCertificates) return Fault{Code::full, "message has too many certificates", 0};
    if (out.empty() && v.tag == tag::kSequence && is_signer(v.whole, s)) out = v.whole;
  }
  if (out.empty()) return untrusted("the signer's certificate is not in the message");
  return {};
}

// RFC 5652 5.4: with attributes, their digest member covers the content, and the signature covers them as a SET.
Status check_signer(const Parts& parts, const Signer& s, Bytes spki, ScepAttributes& scep) {
  if (s.attributes.whole.empty()) return check_signature(s.algorithm, spki, parts.content, s.signature);
  SignedAttributes attributes;
  if (!read_signed_attributes(s.attributes.content, attributes)) return broken();
  if (!attributes.content_type.empty() && !equal_bytes(attributes.content_type, parts.content_type))
    return untrusted("content type of the message was changed");
  if (!equal_bytes(hash(s.hash, parts.content).view(), attributes.digest))
    return untrusted("digest of the message is wrong");
  TRY_ASSIGN(Blob as_set, Blob::copy_of(s.attributes.whole));
  as_set.data()[0] = tag::kSet;
  TRY(check_signature(s.algorithm, spki, as_set, s.signature));
  scep = attributes.scep;
  return {};
}

size_t begin_signed_data(DerWriter& w, size_t& info, size_t& wrapped) {
  info = w.begin(tag::kSequence);
  w.oid(oid::kSignedData);
  wrapped = w.begin(tag::constructed(0));
  const size_t s = w.begin(tag::kSequence);
  w.integer(1);
  return s;
}

Status write_signer(DerWriter& w, const SignSpec& spec, const Certificate& c, Bytes attributes, Bytes signature) {
  const size_t set = w.begin(tag::kSet);
  const size_t s = w.begin(tag::kSequence);
  w.integer(1);
  const size_t id = w.begin(tag::kSequence);
  w.raw(c.issuer);
  w.value(tag::kInteger, c.serial);
  w.end(id);
  w.algorithm(oid_of_hash(spec.hash), true);
  w.value(tag::constructed(0), attributes);
  // rsaEncryption, as every SCEP client knows it (RFC 3370 3.2).
  if (c.key.algorithm == KeyAlgorithm::rsa) w.algorithm(oid::kRsa, true);
  else write_signature_algorithm(w, signature_algorithm_for(KeyType::ec_p256, spec.hash));
  w.octets(signature);
  w.end(s);
  w.end(set);
  return w.status();
}

Status add_bounded(List<Bytes>& list, Bytes value) {
  if (list.size() == kMaxCmsCertificates) return Fault{Code::full, "message has too many certificates", 0};
  return list.push(value);
}

}  // namespace

Result<SignedMessage> read_signed(Bytes der) {
  SignedMessage out;
  TRY_ASSIGN(out.der, der_from_ber(der, kMaxCms));
  Parts parts;
  Signer signer;
  if (!read_parts(out.der, parts)) return broken();
  TRY(read_signer(parts.signers, signer));
  TRY(find_signer(parts.certificates, signer, out.signer));
  TRY_ASSIGN(const Certificate c, parse_certificate(out.signer));
  TRY(strong_enough(c.key));
  TRY(check_signer(parts, signer, c.spki, out.scep));
  out.content = parts.content;
  out.certificates = parts.certificates;
  out.hash = signer.hash;
  return out;
}

Result<Blob> write_signed(const SignSpec& spec, Keys& keys, KeyRef key) {
  TRY_ASSIGN(const Certificate c, parse_certificate(spec.certificate));
  TRY(algorithm_for_key(keys, key, spec.hash));
  const Digest digest = hash(spec.hash, spec.content);
  Blob attributes;
  DerWriter a(attributes);
  TRY(write_signed_attributes(a, spec.scep, spec.signing_time, digest.view()));
  TRY_ASSIGN(const Blob signature, keys.sign(key, spec.hash, attributes));
  DerReader set(attributes);
  const Bytes members = set.expect(tag::kSet).content;

  Blob out;
  DerWriter w(out);
  size_t info = 0, wrapped = 0;
  const size_t s = begin_signed_data(w, info, wrapped);
  const size_t digests = w.begin(tag::kSet);
  w.algorithm(oid_of_hash(spec.hash), true);
  w.end(digests);
  const size_t encapsulated = w.begin(tag::kSequence);
  w.oid(oid::kData);
  const size_t content = w.begin(tag::constructed(0));
  w.octets(spec.content);   // present also when empty: clients take an absent one for a detached signature
  w.end(content);
  w.end(encapsulated);
  const size_t certificates = w.begin(tag::constructed(0));
  w.raw(spec.certificate);
  for (const Bytes& more : spec.more_certificates) w.raw(more);
  w.end(certificates);
  TRY(write_signer(w, spec, c, members, signature));
  w.end(s);
  w.end(wrapped);
  w.end(info);
  TRY(w.status());
  return out;
}

Result<Blob> write_certificates(std::span<const Bytes> certificates, std::span<const Bytes> crls) {
  Blob out;
  DerWriter w(out);
  size_t info = 0, wrapped = 0;
  const size_t s = begin_signed_data(w, info, wrapped);
  w.value(tag::kSet, {});
  const size_t encapsulated = w.begin(tag::kSequence);
  w.oid(oid::kData);
  w.end(encapsulated);
  if (!certificates.empty()) {
    const size_t list = w.begin(tag::constructed(0));
    for (const Bytes& c : certificates) w.raw(c);
    w.end(list);
  }
  if (!crls.empty()) {
    const size_t list = w.begin(tag::constructed(1));
    for (const Bytes& c : crls) w.raw(c);
    w.end(list);
  }
  w.value(tag::kSet, {});
  w.end(s);
  w.end(wrapped);
  w.end(info);
  TRY(w.status());
  return out;
}

Result<Bag> read_certificates(Bytes der) {
  Bag out;
  TRY_ASSIGN(out.der, der_from_ber(der, kMaxCrl));
  Parts parts;
  if (!read_parts(out.der, parts)) return broken();
  DerReader certificates(parts.certificates);
  while (!certificates.empty()) {
    const DerValue v = certificates.any();
    if (v.tag == tag::kSequence) TRY(add_bounded(out.certificates, v.whole));
  }
  DerReader crls(parts.crls);
  while (!crls.empty()) {
    const DerValue v = crls.any();
    if (v.tag == tag::kSequence) TRY(add_bounded(out.crls, v.whole));
  }
  if (!certificates.ok() || !crls.ok()) return broken();
  return out;
}

}  // namespace parley::crypto_pki
