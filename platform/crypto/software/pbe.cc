// Encryption with a passphrase on wolfCrypt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/pbe.h"

#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/pwdbased.h>
#include <wolfssl/wolfcrypt/rc2.h>

namespace parley {
namespace {

using crypto::wolf_fault;

constexpr size_t kMaxPassphrase = 256, kMaxSalt = 1024, kMaxPlain = 1024 * 1024;

struct CipherFacts {
  size_t key, block;
};
constexpr CipherFacts kCiphers[] = {{16, 16}, {24, 16}, {32, 16}, {24, 8}, {5, 8}, {16, 8}};   // order of PbeCipher

int wolf_hash(Hash h) {
  switch (h) {
    case Hash::md5: return WC_MD5;
    case Hash::sha1: return WC_SHA;
    case Hash::sha256: return WC_SHA256;
    case Hash::sha384: return WC_SHA384;
    case Hash::sha512: return WC_SHA512;
  }
  return WC_SHA256;
}

// One character of UTF-8 within the BMP; 0 when it is none.
uint16_t utf8_at(std::string_view s, size_t& at) {
  const auto byte = [s](size_t i) { return i < s.size() ? static_cast<uint8_t>(s[i]) : uint8_t{0}; };
  const auto more = [byte](size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const uint8_t a = byte(at);
  if (a < 0x80) { at += 1; return a; }
  if ((a & 0xe0) == 0xc0 && more(at + 1)) {
    at += 2;
    return static_cast<uint16_t>((a & 0x1f) << 6 | (byte(at - 1) & 0x3f));
  }
  if ((a & 0xf0) == 0xe0 && more(at + 1) && more(at + 2)) {
    at += 3;
    return static_cast<uint16_t>((a & 0x0f) << 12 | (byte(at - 2) & 0x3f) << 6 | (byte(at - 1) & 0x3f));
  }
  return 0;
}

Result<Blob> bmp_text(std::string_view s) {
  if (s.size() > kMaxPassphrase) return Fault{Code::invalid, "the passphrase is too long", 0};
  Blob out;
  out.mark_secret();
  TRY(out.resize(2 * s.size() + 2));
  ByteWriter w(out.mut());
  for (size_t at = 0; at < s.size();) {
    const uint16_t c = utf8_at(s, at);
    if (c == 0) return Fault{Code::invalid, "the passphrase has a letter that PKCS#12 cannot hold", 0};
    w.u16(c);
  }
  w.u16(0);
  TRY(out.resize(w.size()));
  return out;
}

Status check(const Pbe& p, size_t input) {
  if (p.rounds == 0 || p.rounds > kMaxPbeRounds) return Fault{Code::invalid, "iteration count out of range", p.rounds};
  if (p.salt.empty() || p.salt.size() > kMaxSalt) return Fault{Code::invalid, "salt out of range", 0};
  if (input > kMaxPlain) return Fault{Code::invalid, "encrypted part is too large", 0};
  if (!p.pkcs12 && p.iv.size() != kCiphers[static_cast<size_t>(p.cipher)].block) return Fault{Code::invalid, "wrong size of IV", 0};
  return {};
}

Status derive(const Pbe& p, std::string_view passphrase, MutBytes key, MutBytes iv) {
  if (p.pkcs12) {
    TRY(pkcs12_kdf(Hash::sha1, passphrase, p.salt, p.rounds, 1, key));
    return pkcs12_kdf(Hash::sha1, passphrase, p.salt, p.rounds, 2, iv);
  }
  for (size_t i = 0; i < iv.size(); ++i) iv[i] = p.iv[i];
  const int rc = wc_PBKDF2(key.data(), reinterpret_cast<const byte*>(passphrase.data()), static_cast<int>(passphrase.size()),
                           p.salt.data(), static_cast<int>(p.salt.size()), static_cast<int>(p.rounds),
                           static_cast<int>(key.size()), wolf_hash(p.prf));
  if (rc != 0) return wolf_fault(Code::invalid, "PBKDF2 failed", rc);
  return {};
}

Status rc2(Bytes key, Bytes iv, MutBytes data, bool encrypt) {
  Rc2 state;
  int rc = wc_Rc2SetKey(&state, key.data(), static_cast<word32>(key.size()), iv.data(), static_cast<word32>(key.size() * 8));
  const auto n = static_cast<word32>(data.size());
  if (rc == 0) rc = encrypt ? wc_Rc2CbcEncrypt(&state, data.data(), data.data(), n) : wc_Rc2CbcDecrypt(&state, data.data(), data.data(), n);
  wipe(&state, sizeof state);
  if (rc != 0) return wolf_fault(Code::invalid, "RC2 failed", rc);
  return {};
}

Status run(const Pbe& p, std::string_view passphrase, MutBytes data, bool encrypt) {
  const CipherFacts& f = kCiphers[static_cast<size_t>(p.cipher)];
  Secret<32> key, iv;
  const MutBytes k = key.mut().first(f.key), v = iv.mut().first(f.block);
  TRY(derive(p, passphrase, k, v));
  switch (p.cipher) {
    case PbeCipher::aes128_cbc:
    case PbeCipher::aes192_cbc:
    case PbeCipher::aes256_cbc: return encrypt ? aes_cbc_encrypt(k, v, data) : aes_cbc_decrypt(k, v, data);
    case PbeCipher::des3_cbc: return encrypt ? des_cbc_encrypt(k, v, data) : des_cbc_decrypt(k, v, data);
    case PbeCipher::rc2_40_cbc:
    case PbeCipher::rc2_128_cbc: return rc2(k, v, data, encrypt);
  }
  return Fault{Code::unsupported, "unknown cipher", 0};
}

}  // namespace

Status pkcs12_kdf(Hash h, std::string_view passphrase, Bytes salt, uint32_t rounds, uint8_t id, MutBytes out) {
  crypto::wolf_start();
  if (rounds == 0 || rounds > kMaxPbeRounds || salt.empty() || salt.size() > kMaxSalt || out.empty())
    return Fault{Code::invalid, "PKCS#12: parameter out of range", rounds};
  TRY_ASSIGN(const Blob text, bmp_text(passphrase));
  const int rc = wc_PKCS12_PBKDF(out.data(), text.data(), static_cast<int>(text.size()), salt.data(), static_cast<int>(salt.size()),
                                 static_cast<int>(rounds), static_cast<int>(out.size()), wolf_hash(h), id);
  if (rc != 0) return wolf_fault(Code::invalid, "PKCS#12 key derivation failed", rc);
  return {};
}

Result<Blob> pbe_encrypt(const Pbe& p, std::string_view passphrase, Bytes plain) {
  crypto::wolf_start();
  TRY(check(p, plain.size()));
  const size_t block = kCiphers[static_cast<size_t>(p.cipher)].block;
  const size_t pad = block - plain.size() % block;
  Blob out;
  out.mark_secret();
  TRY(out.append(plain));
  TRY(out.resize(plain.size() + pad));
  for (size_t i = plain.size(); i < out.size(); ++i) out.data()[i] = static_cast<uint8_t>(pad);
  TRY(run(p, passphrase, out.mut(), true));
  return out;
}

Result<Blob> pbe_decrypt(const Pbe& p, std::string_view passphrase, Bytes cipher) {
  crypto::wolf_start();
  TRY(check(p, cipher.size()));
  const size_t block = kCiphers[static_cast<size_t>(p.cipher)].block;
  if (cipher.empty() || cipher.size() % block != 0) return Fault{Code::invalid, "encrypted part has a wrong size", 0};
  Blob out;
  out.mark_secret();
  TRY(out.append(cipher));
  TRY(run(p, passphrase, out.mut(), false));
  const size_t pad = out.data()[out.size() - 1];
  bool good = pad != 0 && pad <= block;
  for (size_t i = 0; good && i < pad; ++i) good = out.data()[out.size() - 1 - i] == pad;
  if (!good) return Fault{Code::untrusted, "wrong passphrase", 0};
  TRY(out.resize(out.size() - pad));
  return out;
}

}  // namespace parley
