// Work with public keys: signature checks and RSA encryption.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/software/public_key.h"

#include <memory>

#include "platform/crypto/bulk.h"
#include "platform/crypto/engine_chain.h"
#include "platform/crypto/rsa_block.h"
#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>

namespace parley {

namespace crypto {

namespace {

// RFC 8017 9.2 note 1. MD5 and SHA-1 stand here because old certificates are checked, not because they are good.
constexpr uint8_t kMd5[] = {0x30, 0x20, 0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x05,
                            0x05, 0x00, 0x04, 0x10};
constexpr uint8_t kSha1[] = {0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14};
constexpr uint8_t kSha256[] = {0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                               0x01, 0x05, 0x00, 0x04, 0x20};
constexpr uint8_t kSha384[] = {0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                               0x02, 0x05, 0x00, 0x04, 0x30};
constexpr uint8_t kSha512[] = {0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                               0x03, 0x05, 0x00, 0x04, 0x40};

Bytes digest_info(Hash h) {
  switch (h) {
    case Hash::md5: return kMd5;
    case Hash::sha1: return kSha1;
    case Hash::sha256: return kSha256;
    case Hash::sha384: return kSha384;
    case Hash::sha512: return kSha512;
  }
  PARLEY_PANIC("unknown hash");
}

constexpr size_t kMinPadding = 11;  // 00 01 FF*8 00

}  // namespace

Status pkcs1_pad_signature(Hash h, const Digest& digest, MutBytes block) {
  const Bytes info = digest_info(h);
  const size_t tail = info.size() + digest.size;
  if (block.size() < tail + kMinPadding) return Fault{Code::invalid, "RSA key is too small for this hash", 0};
  ByteWriter w(block);
  w.u8(0);
  w.u8(1);
  w.fill(block.size() - tail - 3, 0xff);
  w.u8(0);
  w.bytes(info);
  w.bytes(digest.view());
  PARLEY_CHECK(w.ok() && w.room() == 0);
  return {};
}

// RFC 8017 7.2.2. Time does not depend on where the padding breaks.
Result<Blob> pkcs1_unpad_encryption(Bytes block) {
  Blob out;
  out.mark_secret();
  uint32_t bad = block.size() < kMinPadding ? 1 : 0;
  if (bad != 0) return Fault{Code::untrusted, "RSA decryption failed", 0};
  bad |= block[0];
  bad |= block[1] ^ 2u;
  uint32_t searching = 1;
  size_t start = 0;
  for (size_t i = 2; i < block.size(); ++i) {
    const uint32_t is_zero = ((static_cast<uint32_t>(block[i]) - 1u) >> 31) & 1u;
    start |= (i + 1) & (size_t{0} - (is_zero & searching));
    searching &= ~is_zero;
  }
  bad |= searching;
  bad |= static_cast<uint32_t>(start < kMinPadding);
  if (bad != 0) return Fault{Code::untrusted, "RSA decryption failed", 0};
  TRY(out.append(block.subspan(start)));
  return out;
}

namespace {

struct RsaPublic {
  RsaKey key;
  bool ready = false;
  ~RsaPublic() {
    if (ready) wc_FreeRsaKey(&key);
  }
  // SubjectPublicKeyInfo or PKCS#1: wolfSSL's decoder takes both.
  int load(Bytes der) {
    int rc = wc_InitRsaKey(&key, nullptr);
    ready = rc == 0;
    word32 at = 0;
    if (rc == 0) rc = wc_RsaPublicKeyDecode(der.data(), &at, &key, static_cast<word32>(der.size()));
    return rc;
  }
};

struct EcPublic {
  ecc_key key;
  bool ready = false;
  ~EcPublic() {
    if (ready) wc_ecc_free(&key);
  }
  int load(Bytes der) {
    int rc = wc_ecc_init(&key);
    ready = rc == 0;
    word32 at = 0;
    if (rc == 0) rc = wc_EccPublicKeyDecode(der.data(), &at, &key, static_cast<word32>(der.size()));
    return rc;
  }
};

constexpr size_t kMaxModulus = 512;

Status verify_rsa(RsaPublic& rsa, Bytes spki, Hash h, const Digest& digest, Bytes signature) {
  const int size = wc_RsaEncryptSize(&rsa.key);
  uint8_t opened[kMaxModulus], expected[kMaxModulus];
  if (size <= 0 || static_cast<size_t>(size) > kMaxModulus)
    return Fault{Code::unsupported, "RSA key size is not supported", static_cast<uint32_t>(size)};
  if (signature.size() != static_cast<size_t>(size))
    return Fault{Code::untrusted, "signature has the wrong length", static_cast<uint32_t>(signature.size())};
  TRY(pkcs1_pad_signature(h, digest, MutBytes(expected, signature.size())));
  if (EngineChain* chain = accelerator(); chain != nullptr && chain->offered(CryptoOp::rsa_public, 0)) {
    const Status done = chain->rsa_public(spki, signature, MutBytes(opened, signature.size()));
    if (done && equal_bytes(Bytes(opened, signature.size()), Bytes(expected, signature.size()))) return {};
  }
  count_software(CryptoOp::rsa_public);
  word32 n = sizeof opened;
  const int rc = wc_RsaFunction(signature.data(), static_cast<word32>(signature.size()), opened, &n,
                                RSA_PUBLIC_DECRYPT, &rsa.key, nullptr);
  if (rc != 0) return wolf_fault(Code::untrusted, "signature is wrong", rc);
  if (!equal_bytes(Bytes(opened, n), Bytes(expected, signature.size())))
    return Fault{Code::untrusted, "signature is wrong", 0};
  return {};
}

}  // namespace

Result<Blob> software_rsa_public(Bytes public_key, Bytes block) {
  wolf_start();
  auto rsa = std::make_unique<RsaPublic>();
  int rc = rsa->load(public_key);
  if (rc != 0) return wolf_fault(Code::invalid, "not a usable RSA public key", rc);
  Blob out;
  TRY(out.resize(block.size()));
  word32 n = static_cast<word32>(out.size());
  rc = wc_RsaFunction(block.data(), static_cast<word32>(block.size()), out.data(), &n, RSA_PUBLIC_DECRYPT, &rsa->key,
                      nullptr);
  if (rc != 0) return wolf_fault(Code::invalid, "RSA operation failed", rc);
  TRY(out.resize(n));
  return out;
}

Status software_ec_verify(Bytes spki, Bytes digest, Bytes signature) {
  wolf_start();
  auto ec = std::make_unique<EcPublic>();
  int rc = ec->load(spki);
  if (rc != 0) return wolf_fault(Code::unsupported, "public key is not supported", rc);
  int good = 0;
  rc = wc_ecc_verify_hash(signature.data(), static_cast<word32>(signature.size()), digest.data(),
                          static_cast<word32>(digest.size()), &good, &ec->key);
  if (rc != 0 || good != 1) return wolf_fault(Code::untrusted, "signature is wrong", rc);
  return {};
}

Result<uint16_t> public_key_bits(Bytes key) {
  wolf_start();
  auto rsa = std::make_unique<RsaPublic>();
  if (rsa->load(key) == 0) return static_cast<uint16_t>(mp_count_bits(&rsa->key.n));
  auto ec = std::make_unique<EcPublic>();
  const int rc = ec->load(key);
  if (rc != 0) return wolf_fault(Code::unsupported, "public key is not supported", rc);
  return static_cast<uint16_t>(wc_ecc_size(&ec->key) * 8);
}

Result<Blob> rsa_public_operation(Bytes public_key, Bytes block) {
  if (EngineChain* chain = accelerator(); chain != nullptr && chain->offered(CryptoOp::rsa_public, 0)) {
    Blob out;
    TRY(out.resize(block.size()));
    if (chain->rsa_public(public_key, block, out.mut())) return out;
  }
  count_software(CryptoOp::rsa_public);
  return software_rsa_public(public_key, block);
}

Status ec_verify_digest(Bytes spki, Bytes digest, Bytes signature) {
  if (EngineChain* chain = accelerator(); chain != nullptr && chain->offered(CryptoOp::ec, 0)) {
    const Status done = chain->ec_verify(spki, digest, signature);
    if (done || done.error().code != Code::unsupported) return done;
  }
  count_software(CryptoOp::ec);
  return software_ec_verify(spki, digest, signature);
}

}  // namespace crypto

Result<Blob> rsa_recover(Bytes spki, Bytes signature) {
  crypto::wolf_start();
  TRY_ASSIGN(Blob block, crypto::rsa_public_operation(spki, signature));
  if (block.size() == signature.size()) return block;
  Blob whole;   // wolfCrypt leaves leading zeros out
  TRY(whole.resize(signature.size() - block.size()));
  TRY(whole.append(block.view()));
  return whole;
}

bool ec_point_valid(Bytes spki) {
  crypto::wolf_start();
  auto ec = std::make_unique<crypto::EcPublic>();
  return ec->load(spki) == 0 && wc_ecc_check_key(&ec->key) == 0;
}

Status verify_signature(Bytes spki, Hash h, Bytes message, Bytes signature) {
  crypto::wolf_start();
  const Digest digest = hash(h, message);
  auto rsa = std::make_unique<crypto::RsaPublic>();
  if (rsa->load(spki) == 0) return crypto::verify_rsa(*rsa, spki, h, digest, signature);
  return crypto::ec_verify_digest(spki, digest.view(), signature);
}

Result<Blob> rsa_encrypt(Bytes spki, Bytes plain, Random& random) {
  crypto::wolf_start();
  auto rsa = std::make_unique<crypto::RsaPublic>();
  int rc = rsa->load(spki);
  if (rc != 0) return crypto::wolf_fault(Code::unsupported, "not a usable RSA public key", rc);
  const auto size = static_cast<size_t>(wc_RsaEncryptSize(&rsa->key));
  if (plain.size() + crypto::kMinPadding > size) return Fault{Code::invalid, "too much data for this RSA key", 0};
  Blob block;
  block.mark_secret();
  TRY(block.resize(size));
  const size_t pad_end = size - plain.size() - 1;
  TRY(random.fill(block.mut().subspan(2, pad_end - 2)));
  for (size_t i = 2; i < pad_end; ++i)
    while (block.data()[i] == 0) TRY(random.fill(block.mut().subspan(i, 1)));
  block.data()[1] = 2;
  for (size_t i = 0; i < plain.size(); ++i) block.data()[pad_end + 1 + i] = plain[i];
  Blob out;
  TRY(out.resize(size));
  word32 n = static_cast<word32>(size);
  rc = wc_RsaFunction(block.data(), static_cast<word32>(size), out.data(), &n, RSA_PUBLIC_ENCRYPT, &rsa->key, nullptr);
  if (rc != 0) return crypto::wolf_fault(Code::invalid, "RSA encryption failed", rc);
  return out;
}

}  // namespace parley
