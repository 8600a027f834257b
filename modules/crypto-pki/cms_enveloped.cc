// CMS EnvelopedData with RSA key transport (RFC 5652 6), and the small SCEP contents.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

struct CipherRow {
  EnvelopeCipher cipher;
  Bytes oid;
  size_t key, block;
  bool aes;
  const char* name;
};
constexpr CipherRow kCiphers[] = {
    {EnvelopeCipher::des_cbc, oid::kDesCbc, 8, 8, false, "DES-CBC"},
    {EnvelopeCipher::des3_cbc, oid::kDes3Cbc, 24, 8, false, "3DES-CBC"},
    {EnvelopeCipher::aes128_cbc, oid::kAes128Cbc, 16, 16, true, "AES-128-CBC"},
    {EnvelopeCipher::aes192_cbc, oid::kAes192Cbc, 24, 16, true, "AES-192-CBC"},
    {EnvelopeCipher::aes256_cbc, oid::kAes256Cbc, 32, 16, true, "AES-256-CBC"},
};

constexpr size_t kMaxRecipients = 16;

Fault broken() { return Fault{Code::invalid, "not a CMS envelope", 0}; }
Fault does_not_open() { return Fault{Code::untrusted, "envelope does not open", 0}; }

const CipherRow* row(EnvelopeCipher c) {
  for (const CipherRow& r : kCiphers)
    if (r.cipher == c) return &r;
  return nullptr;
}

Status run(const CipherRow& c, Bytes key, Bytes iv, MutBytes data, bool encrypt) {
  if (c.aes) return encrypt ? aes_cbc_encrypt(key, iv, data) : aes_cbc_decrypt(key, iv, data);
  return encrypt ? des_cbc_encrypt(key, iv, data) : des_cbc_decrypt(key, iv, data);
}

struct Envelope {
  Bytes recipients;
  const CipherRow* cipher = nullptr;
  Bytes iv;
  Blob data;          // cipher text, joined
};

// [0] IMPLICIT OCTET STRING: one piece, or (streaming writers) constructed of several.
Status read_cipher_text(DerReader& info, Blob& out) {
  DerValue v;
  if (info.optional(tag::context(0), v)) return out.append(v.content);
  DerReader pieces = info.enter(tag::constructed(0));
  while (!pieces.empty()) TRY(out.append(pieces.expect(tag::kOctetString).content));
  if (!pieces.ok()) return broken();
  return {};
}

Status read_envelope(Bytes der, Envelope& out) {
  DerReader all(der);
  DerReader info = all.enter(tag::kSequence);
  if (!equal_bytes(info.oid(), oid::kEnvelopedData)) return broken();
  DerReader wrapped = info.enter(tag::constructed(0));
  DerReader e = wrapped.enter(tag::kSequence);
  uint64_t version = 0;
  (void)e.unsigned_integer(version);
  DerValue originator, unprotected;
  (void)e.optional(tag::constructed(0), originator);
  out.recipients = e.expect(tag::kSet).content;
  DerReader content = e.enter(tag::kSequence);
  (void)content.oid();
  DerReader algorithm = content.enter(tag::kSequence);
  const Bytes cipher = algorithm.oid();
  if (!algorithm.ok()) return broken();
  for (const CipherRow& c : kCiphers)
    if (equal_bytes(c.oid, cipher)) out.cipher = &c;
  if (out.cipher == nullptr) return Fault{Code::unsupported, "cipher of the envelope is not supported", 0};
  out.iv = algorithm.expect(tag::kOctetString).content;
  if (!algorithm.done() || out.iv.size() != out.cipher->block) return broken();
  TRY(read_cipher_text(content, out.data));
  (void)e.optional(tag::constructed(1), unprotected);
  if (!content.done() || !e.done() || !wrapped.done() || !info.done() || !all.done()) return broken();
  if (out.data.empty() || out.data.size() % out.cipher->block != 0) return broken();
  return {};
}

// The encrypted content key meant for this certificate.
Status find_recipient(Bytes recipients, const Certificate& own, Bytes& encrypted_key) {
  DerReader set(recipients);
  for (size_t n = 0; !set.empty(); ++n) {
    if (n == kMaxRecipients) return broken();
    if (!set.next_is(tag::kSequence)) {   // key agreement, passwords: for others
      (void)set.any();
      continue;
    }
    DerReader r = set.enter(tag::kSequence);
    uint64_t version = 0;
    (void)r.unsigned_integer(version);
    bool ours = false;
    if (r.next_is(tag::context(0))) {
      const Bytes id = r.any().content;
      ours = !own.subject_key_id.empty() && equal_bytes(id, own.subject_key_id);
    } else {
      DerReader id = r.enter(tag::kSequence);
      const Bytes issuer = id.expect(tag::kSequence).whole;
      const Bytes serial = id.integer();
      if (!id.done()) return broken();
      ours = equal_bytes(serial, own.serial) && equal_names(issuer, own.issuer);
    }
    const bool rsa = equal_bytes(read_algorithm_oid(r), oid::kRsa);
    const Bytes key = r.expect(tag::kOctetString).content;
    if (!r.done()) return broken();
    if (!ours) continue;
    if (!rsa) return Fault{Code::unsupported, "key transport of the envelope is not supported", 0};
    encrypted_key = key;
    return {};
  }
  if (!set.ok()) return broken();
  return Fault{Code::missing, "the envelope is not for this certificate", 0};
}

// All ways to fail look alike: which one it was would help to open somebody else's envelope (RFC 3218).
Status open_content(Envelope& e, Bytes encrypted_key, Keys& keys, KeyRef key, Blob& plain) {
  Result<Blob> content_key = keys.decrypt(key, encrypted_key);
  if (!content_key && content_key.error().code != Code::untrusted && content_key.error().code != Code::invalid)
    return content_key.error();
  if (!content_key || content_key->size() != e.cipher->key) return does_not_open();
  content_key->mark_secret();
  e.data.mark_secret();
  if (!run(*e.cipher, *content_key, e.iv, e.data.mut(), false)) return does_not_open();
  const size_t size = e.data.size();
  const size_t pad = e.data.data()[size - 1];
  if (pad == 0 || pad > e.cipher->block) return does_not_open();
  for (size_t i = size - pad; i < size; ++i)
    if (e.data.data()[i] != pad) return does_not_open();
  TRY(e.data.resize(size - pad));
  plain = std::move(e.data);
  return {};
}

void write_recipient(DerWriter& w, const Certificate& c, Bytes encrypted_key) {
  const size_t set = w.begin(tag::kSet);
  const size_t r = w.begin(tag::kSequence);
  w.integer(0);
  const size_t id = w.begin(tag::kSequence);
  w.raw(c.issuer);
  w.value(tag::kInteger, c.serial);
  w.end(id);
  w.algorithm(oid::kRsa, true);
  w.octets(encrypted_key);
  w.end(r);
  w.end(set);
}

}  // namespace

const char* envelope_cipher_name(EnvelopeCipher c) {
  const CipherRow* r = row(c);
  return r == nullptr ? "?" : r->name;
}

Result<Blob> write_enveloped(Bytes plain, Bytes recipient_certificate, EnvelopeCipher cipher, Random& random) {
  if (plain.size() > kMaxCms) return Fault{Code::full, "too much data for an envelope", 0};
  TRY_ASSIGN(const Certificate c, parse_certificate(recipient_certificate));
  if (c.key.algorithm != KeyAlgorithm::rsa) return Fault{Code::unsupported, "envelopes need an RSA recipient", 0};
  const CipherRow& row_of = *row(cipher);
  Secret<32> key;
  uint8_t iv[16];
  TRY(random.fill(key.mut().first(row_of.key)));
  TRY(random.fill(MutBytes(iv).first(row_of.block)));
  TRY_ASSIGN(const Blob encrypted_key, rsa_encrypt(c.spki, key.view().first(row_of.key), random));
  Blob data;
  data.mark_secret();
  const size_t pad = row_of.block - plain.size() % row_of.block;
  TRY(data.append(plain));
  TRY(data.resize(plain.size() + pad));
  for (size_t i = 0; i < pad; ++i) data.data()[plain.size() + i] = static_cast<uint8_t>(pad);
  TRY(run(row_of, key.view().first(row_of.key), Bytes(iv, row_of.block), data.mut(), true));

  Blob out;
  DerWriter w(out);
  const size_t info = w.begin(tag::kSequence);
  w.oid(oid::kEnvelopedData);
  const size_t wrapped = w.begin(tag::constructed(0));
  const size_t e = w.begin(tag::kSequence);
  w.integer(0);
  write_recipient(w, c, encrypted_key);
  const size_t content = w.begin(tag::kSequence);
  w.oid(oid::kData);
  const size_t algorithm = w.begin(tag::kSequence);
  w.oid(row_of.oid);
  w.octets(Bytes(iv, row_of.block));
  w.end(algorithm);
  w.value(tag::context(0), data);
  w.end(content);
  w.end(e);
  w.end(wrapped);
  w.end(info);
  TRY(w.status());
  return out;
}

Result<Opened> read_enveloped(Bytes der, Bytes own_certificate, Keys& keys, KeyRef key) {
  TRY_ASSIGN(const Blob message, der_from_ber(der, kMaxCms));
  TRY_ASSIGN(const Certificate own, parse_certificate(own_certificate));
  Envelope e;
  TRY(read_envelope(message, e));
  Bytes encrypted_key;
  TRY(find_recipient(e.recipients, own, encrypted_key));
  Opened out;
  out.cipher = e.cipher->cipher;
  TRY(open_content(e, encrypted_key, keys, key, out.plain));
  return out;
}

Result<Blob> write_issuer_and_serial(Bytes issuer, Bytes serial) {
  Blob out;
  DerWriter w(out);
  const size_t s = w.begin(tag::kSequence);
  w.raw(issuer);
  w.value(tag::kInteger, serial);
  w.end(s);
  TRY(w.status());
  return out;
}

Result<Blob> write_issuer_and_subject(Bytes issuer, Bytes subject) {
  Blob out;
  DerWriter w(out);
  const size_t s = w.begin(tag::kSequence);
  w.raw(issuer);
  w.raw(subject);
  w.end(s);
  TRY(w.status());
  return out;
}

Result<NamePair> read_issuer_and_serial(Bytes der) {
  DerReader all(der);
  DerReader r = all.enter(tag::kSequence);
  NamePair out;
  out.issuer = r.expect(tag::kSequence).whole;
  out.second = r.integer();
  if (!r.done() || !all.done()) return Fault{Code::invalid, "not an issuer and serial number", 0};
  return out;
}

Result<NamePair> read_issuer_and_subject(Bytes der) {
  DerReader all(der);
  DerReader r = all.enter(tag::kSequence);
  NamePair out;
  out.issuer = r.expect(tag::kSequence).whole;
  out.second = r.expect(tag::kSequence).whole;
  if (!r.done() || !all.done()) return Fault{Code::invalid, "not an issuer and a subject", 0};
  return out;
}

}  // namespace parley::crypto_pki
