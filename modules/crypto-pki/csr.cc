// PKCS#10 certificate requests.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/csr.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/name_keys.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

constexpr size_t kMaxCsr = 16 * 1024;
constexpr size_t kMaxChallenge = 255;   // RFC 2985 B: pkcs-9-ub-challengePassword
// Microsoft's szOID_CERT_EXTENSIONS, same content as extensionRequest.
constexpr uint8_t kMicrosoftExtensions[] = {0x2b, 0x06, 0x01, 0x04, 0x01, 0x82, 0x37, 0x02, 0x01, 0x0e};

Fault broken() { return Fault{Code::invalid, "not a certificate request", 0}; }

bool read_wanted_authority(Bytes der, Csr& c) {
  DerReader all(der);
  DerReader r = all.enter(tag::kSequence);
  DerValue v;
  if (r.optional(tag::kBoolean, v)) c.wants_ca = !v.content.empty() && v.content[0] != 0;
  uint64_t length = 0;
  if (r.next_is(tag::kInteger) && r.unsigned_integer(length)) c.path_length = length > 255 ? 255 : static_cast<int>(length);
  return r.done() && all.done();
}

bool read_wanted_extensions(Bytes list, Csr& c) {
  c.extensions = list;
  DerReader r(list);
  while (!r.empty()) {
    DerReader e = r.enter(tag::kSequence);
    const Bytes o = e.oid();
    DerValue critical;
    (void)e.optional(tag::kBoolean, critical);
    const Bytes value = e.expect(tag::kOctetString).content;
    if (!e.done()) return false;
    if (equal_bytes(o, oid::kKeyUsage) && !read_key_usage(value, c.key_usage)) return false;
    if (equal_bytes(o, oid::kBasicConstraints) && !read_wanted_authority(value, c)) return false;
    if (equal_bytes(o, oid::kExtKeyUsage) && !read_ext_usage(value, c.ext_usage)) return false;
    if (equal_bytes(o, oid::kAltName)) {
      DerReader names(value);
      c.alt_names = names.expect(tag::kSequence).content;
      if (!names.done()) return false;
    }
  }
  return r.ok();
}

bool read_attributes(Bytes content, Csr& c) {
  DerReader r(content);
  while (!r.empty()) {
    DerReader attribute = r.enter(tag::kSequence);
    const Bytes o = attribute.oid();
    DerReader values = attribute.enter(tag::kSet);
    if (!attribute.done()) return false;
    if (equal_bytes(o, oid::kChallenge)) {
      c.challenge = as_text(values.any().content);
      if (!values.done() || c.challenge.size() > kMaxChallenge) return false;
    } else if (equal_bytes(o, oid::kExtensionRequest) || equal_bytes(o, kMicrosoftExtensions)) {
      const Bytes list = values.expect(tag::kSequence).content;
      if (!values.done() || !read_wanted_extensions(list, c)) return false;
    }
  }
  return r.ok();
}

bool names_no_signature(const DerValue& algorithm) {
  DerReader r(algorithm.content);
  return equal_bytes(r.oid(), oid::kNoSignature);
}

bool equal_digest(Bytes info, Bytes signature) { return equal_bytes(hash(Hash::sha1, info).view(), signature); }

void write_authority(DerWriter& w) {
  const size_t s = w.begin(tag::kSequence);
  w.boolean(true);
  w.integer(0);
  w.end(s);
}

Status write_wanted_extensions(DerWriter& w, const CsrSpec& spec, bool rsa) {
  const size_t attribute = w.begin(tag::kSequence);
  w.oid(oid::kExtensionRequest);
  const size_t values = w.begin(tag::kSet);
  const size_t list = w.begin(tag::kSequence);
  if (spec.authority) {
    Blob value;
    DerWriter b(value);
    write_authority(b);
    TRY(b.status());
    write_extension(w, oid::kBasicConstraints, true, value);
  }
  Blob usage_value;
  DerWriter u(usage_value);
  uint16_t usage = spec.key_usage;
  if (usage == 0 && spec.authority) usage = key_usage::kKeyCertSign | key_usage::kCrlSign | key_usage::kDigitalSignature;
  if (usage == 0) usage = rsa ? key_usage::kDigitalSignature | key_usage::kKeyEncipherment : key_usage::kDigitalSignature;
  u.named_bits(usage, 9);
  write_extension(w, oid::kKeyUsage, true, usage_value);
  if (spec.ext_usage != 0) {
    Blob value;
    DerWriter x(value);
    write_ext_usage(x, spec.ext_usage);
    TRY(x.status());
    write_extension(w, oid::kExtKeyUsage, false, value);
  }
  if (!spec.alt_names.empty()) {
    Blob names;
    DerWriter n(names);
    TRY(write_alt_names(n, spec.alt_names));
    TRY(n.status());
    write_extension(w, oid::kAltName, false, names);
  }
  w.end(list);
  w.end(values);
  w.end(attribute);
  return w.status();
}

Status write_challenge(DerWriter& w, std::string_view text) {
  if (text.size() > kMaxChallenge) return Fault{Code::invalid, "challenge password is too long", 0};
  const size_t attribute = w.begin(tag::kSequence);
  w.oid(oid::kChallenge);
  const size_t values = w.begin(tag::kSet);
  w.text(directory_string_tag(text), text);
  w.end(values);
  w.end(attribute);
  return w.status();
}

}  // namespace

Result<Csr> parse_csr(Bytes der, CsrProof proof) {
  if (der.size() > kMaxCsr) return Fault{Code::full, "certificate request is too large", static_cast<uint32_t>(der.size())};
  Csr c;
  TRY_ASSIGN(c.der, Blob::copy_of(der));
  c.der.mark_secret();
  DerReader all(c.der);
  DerReader r = all.enter(tag::kSequence);
  const DerValue info = r.expect(tag::kSequence);
  c.info = info.whole;
  const DerValue algorithm = r.expect(tag::kSequence);
  c.unsigned_key = names_no_signature(algorithm);
  DerReader again(algorithm.whole);
  if (!c.unsigned_key) c.signature_algorithm = read_signature_algorithm(again);
  const Bytes signature = r.bits();
  if (!r.done() || !all.done()) return broken();
  DerReader i(info.content);
  uint64_t version = 0;
  (void)i.unsigned_integer(version);
  c.subject = i.expect(tag::kSequence).whole;
  c.spki = i.expect(tag::kSequence).whole;
  DerValue attributes;
  if (!i.empty()) attributes = i.expect(tag::constructed(0));   // old requests leave out an empty set
  if (!i.done() || version != 0 || !read_attributes(attributes.content, c)) return broken();
  TRY_ASSIGN(c.key, key_facts(c.spki));
  if (c.unsigned_key) {
    if (proof != CsrProof::vouched) return Fault{Code::untrusted, "the request has no proof of possession", 0};
    if (!equal_digest(c.info, signature)) return Fault{Code::untrusted, "the digest of the request is wrong", 0};
    return c;
  }
  TRY(strong_enough(c.key));
  TRY(check_signature(c.signature_algorithm, c.spki, c.info, signature));
  return c;
}

namespace {

// CertificationRequestInfo.
Result<Blob> request_info(const CsrSpec& spec, Bytes spki, bool rsa) {
  Blob challenge, wanted;
  Bytes attributes[2];
  size_t count = 0;
  if (!spec.challenge.empty()) {
    challenge.mark_secret();
    DerWriter c(challenge);
    TRY(write_challenge(c, spec.challenge));
    attributes[count++] = challenge.view();
  }
  DerWriter e(wanted);
  TRY(write_wanted_extensions(e, spec, rsa));
  attributes[count++] = wanted.view();
  Blob body;
  body.mark_secret();
  DerWriter w(body);
  const size_t s = w.begin(tag::kSequence);
  w.integer(0);
  w.raw(spec.subject);
  w.raw(spki);
  write_set_of(w, tag::constructed(0), attributes, count);
  w.end(s);
  TRY(w.status());
  return body;
}

}  // namespace

Result<Blob> build_csr(const CsrSpec& spec, Keys& keys, KeyRef key, Hash h) {
  TRY_ASSIGN(const SignatureAlgorithm a, algorithm_for_key(keys, key, h));
  TRY_ASSIGN(const KeyInfo info, keys.info(key));
  TRY_ASSIGN(const Blob spki, keys.public_key(key));
  TRY_ASSIGN(const Blob body, request_info(spec, spki, info.type == KeyType::rsa));
  return sign_body(body, a, keys, key, h);
}

Result<Blob> build_vouched_csr(const CsrSpec& spec, Bytes spki) {
  TRY_ASSIGN(const KeyFacts facts, key_facts(spki));
  TRY_ASSIGN(const Blob body, request_info(spec, spki, facts.algorithm == KeyAlgorithm::rsa));
  Blob out;
  DerWriter w(out);
  const size_t s = w.begin(tag::kSequence);
  w.raw(body);
  w.algorithm(oid::kNoSignature, true);
  w.bits(hash(Hash::sha1, body).view());
  w.end(s);
  TRY(w.status());
  return out;
}

}  // namespace parley::crypto_pki
