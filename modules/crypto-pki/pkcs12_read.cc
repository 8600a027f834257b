// PKCS#12: reading. Sizes and iteration counts are checked before anything is derived from the passphrase.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/pkcs12.h"
#include "modules/crypto-pki/pkcs12_oids.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxParts = 16, kMaxCertificates = 32, kMaxDepth = 4;

Fault broken() { return Fault{Code::invalid, "not a PKCS#12 file", 0}; }
Fault other_cipher() { return Fault{Code::unsupported, "a cipher of the PKCS#12 file is not supported", 0}; }

class Reader {
 public:
  Reader(std::string_view passphrase, uint32_t rounds, Pkcs12& out) : passphrase_(passphrase), rounds_(rounds), out_(out) {}
  Status read(Bytes pfx);

 private:
  Status check_mac(DerReader r, Bytes safe);
  Status part(DerReader info);
  Status safe_contents(Bytes content, size_t depth);
  Status bag(DerReader r, size_t depth);
  Status key(Bytes der, bool encrypted);
  Status certificate(Bytes der);
  Result<Pbe> algorithm(DerReader r);
  Status pbes2(DerReader parameters, Pbe& p);
  Status spend(uint64_t rounds);

  std::string_view passphrase_;
  uint32_t rounds_;
  size_t parts_ = 0;
  Pkcs12& out_;
};

Status Reader::spend(uint64_t rounds) {
  if (rounds == 0 || rounds > kMaxPbeRounds || rounds > rounds_)
    return Fault{Code::invalid, "the PKCS#12 file has an iteration count out of range", static_cast<uint32_t>(rounds)};
  rounds_ -= static_cast<uint32_t>(rounds);
  return {};
}

Status Reader::read(Bytes pfx) {
  DerReader all(pfx);
  DerReader r = all.enter(tag::kSequence);
  uint64_t version = 0;
  (void)r.unsigned_integer(version);
  DerReader info = r.enter(tag::kSequence);
  const Bytes type = info.oid();
  DerReader content = info.enter(tag::constructed(0));
  const DerValue safe = content.any();
  if (!all.done() || !r.ok() || version != 3) return broken();
  if (!equal_bytes(type, oid::kData)) return Fault{Code::unsupported, "the PKCS#12 file is signed with a key, not a passphrase", 0};
  if (safe.tag != tag::kOctetString || !content.done() || !info.done()) return broken();
  if (!r.empty()) TRY(check_mac(r.enter(tag::kSequence), safe.content));
  TRY_ASSIGN(const Blob der, der_from_ber(safe.content, kMaxPkcs12));
  DerReader list(der);
  DerReader parts = list.enter(tag::kSequence);
  while (!parts.empty()) {
    if (++parts_ > kMaxParts) return Fault{Code::full, "the PKCS#12 file has too many parts", 0};
    TRY(part(parts.enter(tag::kSequence)));
  }
  return parts.ok() && list.done() ? Status() : broken();
}

Status Reader::check_mac(DerReader r, Bytes safe) {
  DerReader info = r.enter(tag::kSequence);
  const Bytes name = read_algorithm_oid(info);
  const Bytes digest = info.expect(tag::kOctetString).content;
  const Bytes salt = r.expect(tag::kOctetString).content;
  uint64_t rounds = 1;
  if (!r.empty()) (void)r.unsigned_integer(rounds);
  if (!r.done() || !info.done()) return broken();
  Hash h;
  if (!hash_from_oid(name, h)) return Fault{Code::unsupported, "the MAC of the PKCS#12 file is not supported", 0};
  TRY(spend(rounds));
  Secret<kMaxHash> key;
  const MutBytes k = key.mut().first(hash_size(h));
  TRY(pkcs12_kdf(h, passphrase_, salt, static_cast<uint32_t>(rounds), 3, k));
  if (!equal_constant_time(hmac(h, k, safe).view(), digest)) return Fault{Code::untrusted, "wrong passphrase", 0};
  return {};
}

Status Reader::part(DerReader info) {
  const Bytes type = info.oid();
  DerReader content = info.enter(tag::constructed(0));
  if (equal_bytes(type, oid::kData)) {
    const Bytes safe = content.expect(tag::kOctetString).content;
    if (!content.done() || !info.done()) return broken();
    return safe_contents(safe, 0);
  }
  if (!equal_bytes(type, oid::kEncryptedData)) return info.ok() ? Status(other_cipher()) : Status(broken());
  DerReader data = content.enter(tag::kSequence);
  uint64_t version = 0;
  (void)data.unsigned_integer(version);
  DerReader encrypted = data.enter(tag::kSequence);
  (void)encrypted.oid();
  DerReader cipher = encrypted.enter(tag::kSequence);
  const Bytes bytes = encrypted.expect(tag::context(0)).content;
  if (!encrypted.done() || !content.done()) return broken();
  TRY_ASSIGN(const Pbe p, algorithm(cipher));
  TRY(spend(p.rounds));
  TRY_ASSIGN(const Blob plain, pbe_decrypt(p, passphrase_, bytes));
  return safe_contents(plain, 0);
}

Status Reader::safe_contents(Bytes content, size_t depth) {
  if (depth > kMaxDepth) return broken();
  TRY_ASSIGN(Blob der, der_from_ber(content, kMaxPkcs12));
  der.mark_secret();
  DerReader list(der);
  DerReader bags = list.enter(tag::kSequence);
  while (!bags.empty()) TRY(bag(bags.enter(tag::kSequence), depth));
  return bags.ok() && list.done() ? Status() : broken();
}

// Revocation lists and other secrets are passed over.
Status Reader::bag(DerReader r, size_t depth) {
  const uint8_t type = oid::last_of(r.oid(), oid::kBagType);
  DerReader value = r.enter(tag::constructed(0));
  const DerValue v = value.any();
  if (!r.ok() || !value.done()) return broken();
  switch (type) {
    case oid::kBagKey: return key(v.whole, false);
    case oid::kBagShroudedKey: return key(v.whole, true);
    case oid::kBagNested: return safe_contents(v.whole, depth + 1);
    case oid::kBagCertificate: break;
    default: return {};
  }
  DerReader c(v.content);
  const Bytes kind = c.oid();
  DerReader der = c.enter(tag::constructed(0));
  const Bytes bytes = der.expect(tag::kOctetString).content;
  if (!c.done() || !der.done()) return broken();
  return equal_bytes(kind, oid::kX509Certificate) ? certificate(bytes) : Status();
}

Status Reader::key(Bytes der, bool encrypted) {
  if (!out_.key.empty()) return Fault{Code::unsupported, "the PKCS#12 file has several keys", 0};
  if (encrypted) {   // the key store decrypts it: only its cost is judged here
    DerReader all(der);
    DerReader r = all.enter(tag::kSequence);
    TRY_ASSIGN(const Pbe p, algorithm(r.enter(tag::kSequence)));
    TRY(spend(p.rounds));
  }
  out_.key.mark_secret();
  return out_.key.append(der);
}

Status Reader::certificate(Bytes der) {
  if (out_.certificates.size() == kMaxCertificates) return Fault{Code::full, "the PKCS#12 file has too many certificates", 0};
  TRY_ASSIGN(Blob copy, Blob::copy_of(der));
  return out_.certificates.push(std::move(copy));
}

// Content of an AlgorithmIdentifier. Salt and IV are views into the file.
Result<Pbe> Reader::algorithm(DerReader r) {
  Pbe p;
  const Bytes name = r.oid();
  DerReader parameters = r.enter(tag::kSequence);
  if (!r.done()) return broken();
  if (equal_bytes(name, oid::kPbes2)) {
    TRY(pbes2(parameters, p));
    return p;
  }
  switch (oid::last_of(name, oid::kPkcs12Pbe)) {
    case oid::kPbe3Des: p.cipher = PbeCipher::des3_cbc; break;
    case oid::kPbeRc2128: p.cipher = PbeCipher::rc2_128_cbc; break;
    case oid::kPbeRc240: p.cipher = PbeCipher::rc2_40_cbc; break;
    default: return other_cipher();
  }
  p.pkcs12 = true;
  p.salt = parameters.expect(tag::kOctetString).content;
  uint64_t rounds = 0;
  (void)parameters.unsigned_integer(rounds);
  if (!parameters.done() || rounds > kMaxPbeRounds) return broken();
  p.rounds = static_cast<uint32_t>(rounds);
  return p;
}

bool prf_from_oid(Bytes o, Hash& out) {
  if (equal_bytes(o, oid::kHmacSha1)) out = Hash::sha1;
  else if (equal_bytes(o, oid::kHmacSha256)) out = Hash::sha256;
  else if (equal_bytes(o, oid::kHmacSha384)) out = Hash::sha384;
  else if (equal_bytes(o, oid::kHmacSha512)) out = Hash::sha512;
  else return false;
  return true;
}

bool cipher_from_oid(Bytes o, PbeCipher& out) {
  if (equal_bytes(o, oid::kAes128Cbc)) out = PbeCipher::aes128_cbc;
  else if (equal_bytes(o, oid::kAes192Cbc)) out = PbeCipher::aes192_cbc;
  else if (equal_bytes(o, oid::kAes256Cbc)) out = PbeCipher::aes256_cbc;
  else if (equal_bytes(o, oid::kDes3Cbc)) out = PbeCipher::des3_cbc;
  else return false;
  return true;
}

Status Reader::pbes2(DerReader parameters, Pbe& p) {
  DerReader kdf = parameters.enter(tag::kSequence);
  const Bytes kdf_name = kdf.oid();
  DerReader k = kdf.enter(tag::kSequence);
  p.salt = k.expect(tag::kOctetString).content;
  uint64_t rounds = 0;
  (void)k.unsigned_integer(rounds);
  DerValue length;
  (void)k.optional(tag::kInteger, length);
  Bytes prf = oid::kHmacSha1;
  if (!k.empty()) prf = read_algorithm_oid(k);
  DerReader scheme = parameters.enter(tag::kSequence);
  const Bytes cipher = scheme.oid();
  p.iv = scheme.expect(tag::kOctetString).content;
  if (!parameters.done() || !kdf.done() || !k.done() || !scheme.done() || rounds > kMaxPbeRounds) return broken();
  p.rounds = static_cast<uint32_t>(rounds);
  if (!equal_bytes(kdf_name, oid::kPbkdf2) || !prf_from_oid(prf, p.prf) || !cipher_from_oid(cipher, p.cipher)) return other_cipher();
  return {};
}

}  // namespace

Result<Pkcs12> read_pkcs12(Bytes file, std::string_view passphrase, uint32_t max_rounds) {
  if (file.size() > kMaxPkcs12) return Fault{Code::full, "the PKCS#12 file is too large", static_cast<uint32_t>(file.size())};
  Pkcs12 out;
  TRY_ASSIGN(const Blob der, der_from_ber(file, kMaxPkcs12));
  TRY(Reader(passphrase, max_rounds, out).read(der));
  return out;
}

}  // namespace parley::crypto_pki
