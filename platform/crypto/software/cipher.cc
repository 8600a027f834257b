// Symmetric ciphers and password hashes on wolfCrypt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <memory>

#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/des3.h>
#include <wolfssl/wolfcrypt/pwdbased.h>

#include "platform/crypto/bulk.h"
#include "platform/crypto/engine_chain.h"
#include "platform/crypto/software/symmetric.h"

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

using crypto::CipherMode;
using crypto::CipherOrder;

int run_cbc(Aes& aes, const CipherOrder& o) {
  const auto n = static_cast<word32>(o.in.size());
  const int rc = wc_AesSetKey(&aes, o.key.data(), static_cast<word32>(o.key.size()), o.iv.data(),
                              o.encrypt ? AES_ENCRYPTION : AES_DECRYPTION);
  if (rc != 0 || n == 0) return rc;
  return o.encrypt ? wc_AesCbcEncrypt(&aes, o.out.data(), o.in.data(), n) : wc_AesCbcDecrypt(&aes, o.out.data(), o.in.data(), n);
}

int run_ctr(Aes& aes, const CipherOrder& o) {
  const int rc = wc_AesSetKeyDirect(&aes, o.key.data(), static_cast<word32>(o.key.size()), o.iv.data(), AES_ENCRYPTION);
  if (rc != 0 || o.in.empty()) return rc;
  return wc_AesCtrEncrypt(&aes, o.out.data(), o.in.data(), static_cast<word32>(o.in.size()));
}

int run_gcm(Aes& aes, const CipherOrder& o) {
  const int rc = wc_AesGcmSetKey(&aes, o.key.data(), static_cast<word32>(o.key.size()));
  if (rc != 0) return rc;
  const auto n = static_cast<word32>(o.in.size()), aad = static_cast<word32>(o.aad.size());
  if (o.encrypt)
    return wc_AesGcmEncrypt(&aes, o.out.data(), o.in.data(), n, o.iv.data(), 12, o.tag.data(), kGcmTag, o.aad.data(), aad);
  return wc_AesGcmDecrypt(&aes, o.out.data(), o.in.data(), n, o.iv.data(), 12, o.tag.data(), kGcmTag, o.aad.data(), aad);
}

Status check(const CipherOrder& o) {
  const size_t iv = o.mode == CipherMode::gcm ? 12 : AES_BLOCK_SIZE;
  if (!aes_key_size(o.key.size()) || o.iv.size() != iv || o.out.size() != o.in.size() ||
      (o.mode == CipherMode::cbc && o.in.size() % AES_BLOCK_SIZE != 0) || (o.mode == CipherMode::gcm && o.tag.size() != kGcmTag))
    return Fault{Code::invalid, "AES: wrong size of key, IV or data", 0};
  return {};
}

// An engine that takes this much data, else software.
Status best_cipher(const CipherOrder& o) {
  TRY(check(o));
  const CryptoOp op = o.mode == CipherMode::gcm ? CryptoOp::aes_gcm : o.mode == CipherMode::ctr ? CryptoOp::aes_ctr : CryptoOp::aes_cbc;
  if (crypto::EngineChain* chain = crypto::accelerator(); chain != nullptr && chain->offered(op, o.in.size())) {
    const Status s = chain->cipher(o);
    if (s || s.error().code != Code::unsupported) return s;
  }
  crypto::count_software(op);
  return crypto::software_cipher(o);
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

namespace crypto {

Status software_cipher(const CipherOrder& o) {
  wolf_start();
  TRY(check(o));
  AesState s;
  if (!s.ready) return Fault{Code::full, "no memory for AES", 0};
  const int rc = o.mode == CipherMode::gcm ? run_gcm(s.aes, o) : o.mode == CipherMode::ctr ? run_ctr(s.aes, o) : run_cbc(s.aes, o);
  if (rc == AES_GCM_AUTH_E) return wolf_fault(Code::untrusted, "sealed data was changed or the key is wrong", rc);
  if (rc != 0) return wolf_fault(Code::io, "AES failed", rc);
  return {};
}

}  // namespace crypto

// In place is safe: an engine writes only when all went well (engine_if.h).
Status aes_cbc_encrypt(Bytes key, Bytes iv, MutBytes data) { return best_cipher({CipherMode::cbc, true, key, iv, {}, data, data, {}}); }
Status aes_cbc_decrypt(Bytes key, Bytes iv, MutBytes data) { return best_cipher({CipherMode::cbc, false, key, iv, {}, data, data, {}}); }
Status aes_ctr(Bytes key, Bytes iv, MutBytes data) { return best_cipher({CipherMode::ctr, true, key, iv, {}, data, data, {}}); }
Status des_cbc_encrypt(Bytes key, Bytes iv, MutBytes data) { return des_cbc(key, iv, data, true); }
Status des_cbc_decrypt(Bytes key, Bytes iv, MutBytes data) { return des_cbc(key, iv, data, false); }

Result<Blob> aes_gcm_seal(Bytes key, Bytes nonce12, Bytes aad, Bytes plain) {
  Blob out;
  TRY(out.resize(plain.size() + kGcmTag));
  const MutBytes all = out.mut();
  TRY(best_cipher({CipherMode::gcm, true, key, nonce12, aad, plain, all.first(plain.size()), all.subspan(plain.size())}));
  return out;
}

Result<Blob> aes_gcm_open(Bytes key, Bytes nonce12, Bytes aad, Bytes sealed) {
  if (sealed.size() < kGcmTag) return Fault{Code::untrusted, "sealed data is too short", 0};
  const size_t n = sealed.size() - kGcmTag;
  uint8_t tag[kGcmTag];
  for (size_t i = 0; i < kGcmTag; ++i) tag[i] = sealed[n + i];
  Blob out;
  out.mark_secret();
  TRY(out.resize(n));
  TRY(best_cipher({CipherMode::gcm, false, key, nonce12, aad, sealed.first(n), out.mut(), tag}));
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
