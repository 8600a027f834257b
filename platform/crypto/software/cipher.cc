// Symmetric ciphers and password hashes on wolfCrypt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/des3.h>
#include <wolfssl/wolfcrypt/pwdbased.h>

#include "platform/crypto/engine.h"

namespace parley {

namespace {

using crypto::wolf_fault;

constexpr size_t kGcmTag = 16;
constexpr uint32_t kMaxScryptLog2N = 20;

bool aes_key_size(size_t n) { return n == 16 || n == 24 || n == 32; }

struct AesState {
  Aes aes;
  bool ready = false;
  AesState() { ready = wc_AesInit(&aes, nullptr, INVALID_DEVID) == 0; }
  ~AesState() {
    if (ready) wc_AesFree(&aes);
    wipe(&aes, sizeof aes);
  }
};

Status aes_cbc(Bytes key, Bytes iv, MutBytes data, bool encrypt) {
  crypto::wolf_start();
  if (!aes_key_size(key.size()) || iv.size() != AES_BLOCK_SIZE || data.size() % AES_BLOCK_SIZE != 0)
    return Fault{Code::invalid, "AES-CBC: wrong key, IV or data size", 0};
  AesState s;
  if (!s.ready) return Fault{Code::full, "no memory for AES", 0};
  int rc = wc_AesSetKey(&s.aes, key.data(), static_cast<word32>(key.size()), iv.data(),
                        encrypt ? AES_ENCRYPTION : AES_DECRYPTION);
  if (rc == 0 && !data.empty()) {
    const auto n = static_cast<word32>(data.size());
    rc = encrypt ? wc_AesCbcEncrypt(&s.aes, data.data(), data.data(), n)
                 : wc_AesCbcDecrypt(&s.aes, data.data(), data.data(), n);
  }
  if (rc != 0) return wolf_fault(Code::io, "AES-CBC failed", rc);
  return {};
}

Status des_cbc(Bytes key, Bytes iv, MutBytes data, bool encrypt) {
  crypto::wolf_start();
  if ((key.size() != 8 && key.size() != 24) || iv.size() != DES_BLOCK_SIZE || data.size() % DES_BLOCK_SIZE != 0)
    return Fault{Code::invalid, "DES-CBC: wrong key, IV or data size", 0};
  const auto n = static_cast<word32>(data.size());
  const int direction = encrypt ? DES_ENCRYPTION : DES_DECRYPTION;
  int rc = 0;
  if (n == 0) return {};
  if (key.size() == 8) {
    Des des;
    rc = wc_Des_SetKey(&des, key.data(), iv.data(), direction);
    if (rc == 0) rc = encrypt ? wc_Des_CbcEncrypt(&des, data.data(), data.data(), n)
                              : wc_Des_CbcDecrypt(&des, data.data(), data.data(), n);
    wipe(&des, sizeof des);
  } else {
    Des3 des;
    rc = wc_Des3Init(&des, nullptr, INVALID_DEVID);
    if (rc == 0) rc = wc_Des3_SetKey(&des, key.data(), iv.data(), direction);
    if (rc == 0) rc = encrypt ? wc_Des3_CbcEncrypt(&des, data.data(), data.data(), n)
                              : wc_Des3_CbcDecrypt(&des, data.data(), data.data(), n);
    wc_Des3Free(&des);
    wipe(&des, sizeof des);
  }
  if (rc != 0) return wolf_fault(Code::io, "DES-CBC failed", rc);
  return {};
}

}  // namespace

Status aes_cbc_encrypt(Bytes key, Bytes iv, MutBytes data) { return aes_cbc(key, iv, data, true); }
Status aes_cbc_decrypt(Bytes key, Bytes iv, MutBytes data) { return aes_cbc(key, iv, data, false); }
Status des_cbc_encrypt(Bytes key, Bytes iv, MutBytes data) { return des_cbc(key, iv, data, true); }
Status des_cbc_decrypt(Bytes key, Bytes iv, MutBytes data) { return des_cbc(key, iv, data, false); }

Result<Blob> aes_gcm_seal(Bytes key, Bytes nonce12, Bytes aad, Bytes plain) {
  crypto::wolf_start();
  if (!aes_key_size(key.size()) || nonce12.size() != 12)
    return Fault{Code::invalid, "AES-GCM: wrong key or nonce size", 0};
  Blob out;
  TRY(out.resize(plain.size() + kGcmTag));
  AesState s;
  if (!s.ready) return Fault{Code::full, "no memory for AES", 0};
  int rc = wc_AesGcmSetKey(&s.aes, key.data(), static_cast<word32>(key.size()));
  if (rc == 0)
    rc = wc_AesGcmEncrypt(&s.aes, out.data(), plain.data(), static_cast<word32>(plain.size()), nonce12.data(), 12,
                          out.data() + plain.size(), kGcmTag, aad.data(), static_cast<word32>(aad.size()));
  if (rc != 0) return wolf_fault(Code::io, "AES-GCM failed", rc);
  return out;
}

Result<Blob> aes_gcm_open(Bytes key, Bytes nonce12, Bytes aad, Bytes sealed) {
  crypto::wolf_start();
  if (!aes_key_size(key.size()) || nonce12.size() != 12)
    return Fault{Code::invalid, "AES-GCM: wrong key or nonce size", 0};
  if (sealed.size() < kGcmTag) return Fault{Code::untrusted, "sealed data is too short", 0};
  const size_t n = sealed.size() - kGcmTag;
  Blob out;
  out.mark_secret();
  TRY(out.resize(n));
  AesState s;
  if (!s.ready) return Fault{Code::full, "no memory for AES", 0};
  int rc = wc_AesGcmSetKey(&s.aes, key.data(), static_cast<word32>(key.size()));
  if (rc == 0)
    rc = wc_AesGcmDecrypt(&s.aes, out.data(), sealed.data(), static_cast<word32>(n), nonce12.data(), 12,
                          sealed.data() + n, kGcmTag, aad.data(), static_cast<word32>(aad.size()));
  if (rc != 0) return wolf_fault(Code::untrusted, "sealed data was changed or the key is wrong", rc);
  return out;
}

Status pbkdf2_sha256(Bytes password, Bytes salt, uint32_t rounds, MutBytes out) {
  crypto::wolf_start();
  if (rounds == 0 || rounds > 10'000'000 || out.empty() || password.size() > 65535 || salt.size() > 65535)
    return Fault{Code::invalid, "PBKDF2: parameter out of range", 0};
  const int rc = wc_PBKDF2(out.data(), password.data(), static_cast<int>(password.size()), salt.data(),
                           static_cast<int>(salt.size()), static_cast<int>(rounds), static_cast<int>(out.size()),
                           WC_SHA256);
  if (rc != 0) return wolf_fault(Code::invalid, "PBKDF2 failed", rc);
  return {};
}

Status scrypt(Bytes password, Bytes salt, uint32_t log2_n, uint32_t r, uint32_t p, MutBytes out) {
  crypto::wolf_start();
  if (log2_n < 1 || log2_n > kMaxScryptLog2N || r < 1 || r > 32 || p < 1 || p > 16 || out.empty())
    return Fault{Code::invalid, "scrypt: parameter out of range", 0};
  static const uint8_t kNone = 0;
  const int rc = wc_scrypt(out.data(), password.empty() ? &kNone : password.data(), static_cast<int>(password.size()),
                           salt.empty() ? &kNone : salt.data(), static_cast<int>(salt.size()),
                           static_cast<int>(log2_n), static_cast<int>(r), static_cast<int>(p),
                           static_cast<int>(out.size()));
  if (rc != 0) return wolf_fault(rc == MEMORY_E ? Code::full : Code::invalid, "scrypt failed", rc);
  return {};
}

}  // namespace parley
