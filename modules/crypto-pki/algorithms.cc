// Algorithm identifiers, signing frames and the extensions that several formats share.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/algorithms.h"

#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

using A = SignatureAlgorithm;

struct SignatureRow {
  A algorithm;
  Bytes oid;
  Hash hash;
  bool rsa;
  const char* text;   // as IOS prints it
};
constexpr SignatureRow kSignatures[] = {
    {A::rsa_md5, oid::kRsaMd5, Hash::md5, true, "MD5 with RSA Encryption"},
    {A::rsa_sha1, oid::kRsaSha1, Hash::sha1, true, "SHA1 with RSA Encryption"},
    {A::rsa_sha1, oid::kOiwRsaSha1, Hash::sha1, true, "SHA1 with RSA Encryption"},
    {A::rsa_sha256, oid::kRsaSha256, Hash::sha256, true, "SHA256 with RSA Encryption"},
    {A::rsa_sha384, oid::kRsaSha384, Hash::sha384, true, "SHA384 with RSA Encryption"},
    {A::rsa_sha512, oid::kRsaSha512, Hash::sha512, true, "SHA512 with RSA Encryption"},
    {A::ecdsa_sha1, oid::kEcdsaSha1, Hash::sha1, false, "SHA1 with ECDSA"},
    {A::ecdsa_sha256, oid::kEcdsaSha256, Hash::sha256, false, "SHA256 with ECDSA"},
    {A::ecdsa_sha384, oid::kEcdsaSha384, Hash::sha384, false, "SHA384 with ECDSA"},
    {A::ecdsa_sha512, oid::kEcdsaSha512, Hash::sha512, false, "SHA512 with ECDSA"},
};

const SignatureRow* row(A a) {
  for (const SignatureRow& r : kSignatures)
    if (r.algorithm == a) return &r;
  return nullptr;
}

struct HashRow {
  Hash hash;
  Bytes oid;
};
constexpr HashRow kHashes[] = {{Hash::md5, oid::kMd5},       {Hash::sha1, oid::kSha1},     {Hash::sha256, oid::kSha256},
                               {Hash::sha384, oid::kSha384}, {Hash::sha512, oid::kSha512}};

struct PurposeRow {
  uint8_t arc;       // below id-kp 1.3.6.1.5.5.7.3
  uint16_t bit;
};
constexpr PurposeRow kPurposes[] = {
    {1, ext_usage::kServerAuth},   {2, ext_usage::kClientAuth},  {3, ext_usage::kCodeSigning}, {4, ext_usage::kEmail},
    {5, ext_usage::kIpsecEndSystem}, {6, ext_usage::kIpsecTunnel}, {7, ext_usage::kIpsecUser},
    {8, ext_usage::kTimeStamping}, {9, ext_usage::kOcspSigning}, {17, ext_usage::kIpsecIke}, {27, ext_usage::kCmcCa},
    {28, ext_usage::kCmcRa}};

constexpr size_t kMaxAltName = 255;

}  // namespace

Bytes read_algorithm_oid(DerReader& r) {
  DerReader a = r.enter(tag::kSequence);
  const Bytes o = a.oid();
  if (!a.ok()) r.fail();
  return o;
}

A read_signature_algorithm(DerReader& r) {
  const Bytes o = read_algorithm_oid(r);
  for (const SignatureRow& s : kSignatures)
    if (equal_bytes(s.oid, o)) return s.algorithm;
  return A::other;
}

bool is_rsa(A a) {
  const SignatureRow* r = row(a);
  return r != nullptr && r->rsa;
}

A signature_algorithm_for(KeyType type, Hash h) {
  for (const SignatureRow& r : kSignatures)
    if (r.hash == h && r.rsa == (type == KeyType::rsa)) return r.algorithm;
  return A::other;
}

// RSA has a NULL parameter (RFC 3279 2.2.1), ECDSA has none (RFC 5758 3.2).
void write_signature_algorithm(DerWriter& w, A a) {
  const SignatureRow* r = row(a);
  PARLEY_CHECK(r != nullptr);
  w.algorithm(r->oid, r->rsa);
}

const char* signature_algorithm_text(A a) {
  const SignatureRow* r = row(a);
  return r == nullptr ? "unknown" : r->text;
}

Hash signature_hash(A a) {
  const SignatureRow* r = row(a);
  return r == nullptr ? Hash::sha256 : r->hash;
}

bool hash_from_oid(Bytes o, Hash& out) {
  for (const HashRow& h : kHashes) {
    if (!equal_bytes(h.oid, o)) continue;
    out = h.hash;
    return true;
  }
  return false;
}

Bytes oid_of_hash(Hash h) {
  for (const HashRow& r : kHashes)
    if (r.hash == h) return r.oid;
  PARLEY_PANIC("unknown hash");
}

Status strong_enough(const KeyFacts& key) {
  if (key.algorithm != KeyAlgorithm::rsa || key.bits >= 1024) return {};
  return Fault{Code::denied, "RSA key shorter than 1024 bits", key.bits};
}

Status check_signature(A a, Bytes spki, Bytes message, Bytes signature) {
  const SignatureRow* r = row(a);
  if (r == nullptr) return Fault{Code::unsupported, "signature algorithm is not supported", 0};
  TRY_ASSIGN(const KeyFacts facts, key_facts(spki));
  if ((facts.algorithm == KeyAlgorithm::rsa) != r->rsa)
    return Fault{Code::untrusted, "signature algorithm does not fit the key", 0};
  return verify_signature(spki, r->hash, message, signature);
}

Result<A> algorithm_for_key(Keys& keys, KeyRef key, Hash h) {
  TRY_ASSIGN(const KeyInfo info, keys.info(key));
  const A a = signature_algorithm_for(info.type, h);
  if (a == A::other) return Fault{Code::invalid, "this hash cannot be used with an EC key", 0};
  return a;
}

Result<Blob> sign_body(Bytes body, A a, Keys& keys, KeyRef key, Hash h) {
  TRY_ASSIGN(const Blob signature, keys.sign(key, h, body));
  Blob out;
  DerWriter w(out);
  const size_t s = w.begin(tag::kSequence);
  w.raw(body);
  write_signature_algorithm(w, a);
  w.bits(signature);
  w.end(s);
  TRY(w.status());
  return out;
}

bool read_key_usage(Bytes der, uint16_t& out) {
  DerReader r(der);
  const DerValue v = r.expect(tag::kBitString);
  if (!r.done() || v.content.empty()) return false;
  out = 0;
  for (unsigned i = 0; i < 9; ++i)
    if (1 + i / 8 < v.content.size() && (v.content[1 + i / 8] >> (7 - i % 8) & 1) != 0)
      out = static_cast<uint16_t>(out | 1u << i);
  return true;
}

bool read_ext_usage(Bytes der, uint16_t& out) {
  DerReader all(der);
  DerReader r = all.enter(tag::kSequence);
  out = 0;
  while (!r.empty()) {
    const Bytes o = r.oid();
    uint16_t bit = ext_usage::kOther;
    if (equal_bytes(o, oid::kAnyExtUsage)) bit = ext_usage::kAny;
    constexpr size_t kPrefix = sizeof oid::kKeyPurpose;
    if (o.size() == kPrefix + 1 && equal_bytes(o.first(kPrefix), oid::kKeyPurpose))
      for (const PurposeRow& p : kPurposes)
        if (p.arc == o[kPrefix]) bit = p.bit;
    out = static_cast<uint16_t>(out | bit);
  }
  return r.ok() && all.done();
}

void write_ext_usage(DerWriter& w, uint16_t usage) {
  const size_t s = w.begin(tag::kSequence);
  for (const PurposeRow& p : kPurposes) {
    if ((usage & p.bit) == 0) continue;
    uint8_t o[sizeof oid::kKeyPurpose + 1];
    ByteWriter b(o);
    b.bytes(oid::kKeyPurpose);
    b.u8(p.arc);
    w.oid(o);
  }
  if ((usage & ext_usage::kAny) != 0) w.oid(oid::kAnyExtUsage);
  w.end(s);
}

void write_extension(DerWriter& w, Bytes o, bool critical, Bytes value) {
  const size_t s = w.begin(tag::kSequence);
  w.oid(o);
  if (critical) w.boolean(true);
  w.octets(value);
  w.end(s);
}

Status write_alt_names(DerWriter& w, std::span<const AltName> names) {
  const size_t s = w.begin(tag::kSequence);
  for (const AltName& n : names) {
    const bool ip = n.kind == AltName::Kind::ip;
    if (n.value.empty() || n.value.size() > kMaxAltName || (ip && n.value.size() != 4 && n.value.size() != 16))
      return Fault{Code::invalid, "alternative name has a wrong length", static_cast<uint32_t>(n.value.size())};
    constexpr uint8_t kTags[] = {tag::context(2), tag::context(7), tag::context(6), tag::context(1)};
    w.value(kTags[static_cast<size_t>(n.kind)], n.value);
  }
  w.end(s);
  return {};
}

void write_authority_key_id(DerWriter& w, Bytes key_id) {
  const size_t s = w.begin(tag::kSequence);
  w.value(tag::context(0), key_id);
  w.end(s);
}

}  // namespace parley::crypto_pki
