// PKCS#12: writing. The key comes from the key store as encrypted PKCS#8 and is only put into its bag.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/pem_text.h"
#include "modules/crypto-pki/pkcs12.h"
#include "modules/crypto-pki/pkcs12_oids.h"

namespace parley::crypto_pki {
namespace {

constexpr uint32_t kRounds = 20000;
constexpr size_t kMaxKey = 8192;

void bag_oid(DerWriter& w, uint8_t which) {
  uint8_t o[sizeof oid::kBagType + 1];
  ByteWriter b(o);
  b.bytes(oid::kBagType);
  b.u8(which);
  w.oid(o);
}

// friendlyName and localKeyID, the same for a key and its own certificate.
void attributes(DerWriter& w, std::string_view name, Bytes key_id) {
  Blob first, second;
  if (!name.empty()) {
    DerWriter f(first);
    const size_t a = f.begin(tag::kSequence);
    f.oid(oid::kFriendlyName);
    const size_t v = f.begin(tag::kSet);
    const size_t text = f.begin(tag::kBmp);
    for (const char c : name) {   // labels are ASCII
      const uint8_t pair[] = {0, static_cast<uint8_t>(c)};
      f.raw(pair);
    }
    f.end(text);
    f.end(v);
    f.end(a);
    if (!f.ok()) w.fail();
  }
  DerWriter s(second);
  const size_t a = s.begin(tag::kSequence);
  s.oid(oid::kLocalKeyId);
  const size_t v = s.begin(tag::kSet);
  s.octets(key_id);
  s.end(v);
  s.end(a);
  if (!s.ok()) w.fail();
  const Bytes both[] = {first.view(), second.view()};
  write_set_of(w, tag::kSet, name.empty() ? both + 1 : both, name.empty() ? 1 : 2);
}

Status write_certificates(const Pkcs12Spec& spec, Bytes key_id, Blob& out) {
  DerWriter w(out);
  const size_t all = w.begin(tag::kSequence);
  for (size_t i = 0; i < spec.certificates.size(); ++i) {
    const size_t bag = w.begin(tag::kSequence);
    bag_oid(w, oid::kBagCertificate);
    const size_t value = w.begin(tag::constructed(0));
    const size_t certificate = w.begin(tag::kSequence);
    w.oid(oid::kX509Certificate);
    const size_t der = w.begin(tag::constructed(0));
    w.octets(spec.certificates[i]);
    w.end(der);
    w.end(certificate);
    w.end(value);
    if (i == 0) attributes(w, spec.name, key_id);
    w.end(bag);
  }
  w.end(all);
  return w.status();
}

Result<Blob> encrypted_key(Keys& keys, KeyRef key, std::string_view passphrase) {
  TRY_ASSIGN(const Blob text, keys.export_key(key, passphrase));
  std::string_view rest = text.text();
  PemBlock block;
  if (!next_pem(rest, block)) return Fault{Code::io, "the key store gave no key", 0};
  return decode_pem(block, kMaxKey);
}

Status write_key(const Pkcs12Spec& spec, Bytes key, Bytes key_id, Blob& out) {
  DerWriter w(out);
  const size_t all = w.begin(tag::kSequence);
  const size_t bag = w.begin(tag::kSequence);
  bag_oid(w, oid::kBagShroudedKey);
  const size_t value = w.begin(tag::constructed(0));
  w.raw(key);
  w.end(value);
  attributes(w, spec.name, key_id);
  w.end(bag);
  w.end(all);
  return w.status();
}

void data_content(DerWriter& w, Bytes content) {   // ContentInfo of type data
  const size_t info = w.begin(tag::kSequence);
  w.oid(oid::kData);
  const size_t inner = w.begin(tag::constructed(0));
  w.octets(content);
  w.end(inner);
  w.end(info);
}

void pbes2(DerWriter& w, const Pbe& p) {
  const size_t algorithm = w.begin(tag::kSequence);
  w.oid(oid::kPbes2);
  const size_t parameters = w.begin(tag::kSequence);
  const size_t kdf = w.begin(tag::kSequence);
  w.oid(oid::kPbkdf2);
  const size_t k = w.begin(tag::kSequence);
  w.octets(p.salt);
  w.integer(p.rounds);
  w.algorithm(oid::kHmacSha256, true);
  w.end(k);
  w.end(kdf);
  const size_t scheme = w.begin(tag::kSequence);
  w.oid(oid::kAes256Cbc);
  w.octets(p.iv);
  w.end(scheme);
  w.end(parameters);
  w.end(algorithm);
}

Status encrypted_content(DerWriter& w, Bytes plain, std::string_view passphrase, Random& random) {
  uint8_t salt[16], iv[16];
  TRY(random.fill(salt));
  TRY(random.fill(iv));
  Pbe p;
  p.prf = Hash::sha256;
  p.rounds = kRounds;
  p.salt = salt;
  p.iv = iv;
  TRY_ASSIGN(const Blob cipher, pbe_encrypt(p, passphrase, plain));
  const size_t info = w.begin(tag::kSequence);
  w.oid(oid::kEncryptedData);
  const size_t inner = w.begin(tag::constructed(0));
  const size_t data = w.begin(tag::kSequence);
  w.integer(0);
  const size_t content = w.begin(tag::kSequence);
  w.oid(oid::kData);
  pbes2(w, p);
  w.value(tag::context(0), cipher);
  w.end(content);
  w.end(data);
  w.end(inner);
  w.end(info);
  return w.status();
}

Status mac(DerWriter& w, Bytes safe, std::string_view passphrase, Random& random) {
  uint8_t salt[16];
  TRY(random.fill(salt));
  Secret<32> key;
  TRY(pkcs12_kdf(Hash::sha256, passphrase, salt, kRounds, 3, key.mut()));
  const Digest d = hmac(Hash::sha256, key.view(), safe);
  const size_t m = w.begin(tag::kSequence);
  const size_t info = w.begin(tag::kSequence);
  w.algorithm(oid::kSha256, true);
  w.octets(d.view());
  w.end(info);
  w.octets(salt);
  w.integer(kRounds);
  w.end(m);
  return w.status();
}

}  // namespace

Result<Blob> write_pkcs12(const Pkcs12Spec& spec, std::string_view passphrase, Keys& keys, Random& random) {
  const Digest id = hash(Hash::sha1, spec.certificates.empty() ? as_bytes(spec.name) : spec.certificates[0]);
  TRY_ASSIGN(const Blob key, encrypted_key(keys, spec.key, passphrase));
  Blob certificates, key_bag, safe, out;
  TRY(write_certificates(spec, id.view(), certificates));
  TRY(write_key(spec, key, id.view(), key_bag));
  DerWriter s(safe);
  const size_t all = s.begin(tag::kSequence);
  TRY(encrypted_content(s, certificates, passphrase, random));
  data_content(s, key_bag);
  s.end(all);
  TRY(s.status());
  DerWriter w(out);
  const size_t pfx = w.begin(tag::kSequence);
  w.integer(3);
  data_content(w, safe);
  TRY(mac(w, safe, passphrase, random));
  w.end(pfx);
  TRY(w.status());
  return out;
}

}  // namespace parley::crypto_pki
