// The crypto callback behind TLS.
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Two kinds of work arrive. Operations with our keys carry the key's number as id: wolfSSL pads and hashes, so it is a raw
// RSA block or a digest; it also asks for the size of the key and for the public operation, because it holds no modulus (it
// checks its own signature). Everything else comes only from contexts that were made when an engine was there for it, goes
// to that engine if it is offered, and is declined otherwise: then the library computes it. Hashes are always declined: a
// handshake has hundreds of short ones.
#include "platform/crypto/software/key_device.h"

#include <atomic>

#include "platform/crypto/bulk.h"
#include "platform/crypto/engine_chain.h"
#include "platform/crypto/software/key_container.h"
#include "platform/crypto/software/public_key.h"
#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/aes.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/cryptocb.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>

namespace parley::crypto {

namespace {

KeyRef key_from_id(const uint8_t* id, int size) {
  ByteReader r(Bytes(id, size < 0 ? 0 : static_cast<size_t>(size)));
  const KeyRef key{r.u32()};
  return r.done() ? key : KeyRef{};
}

int error_of(const Fault& f) {
  switch (f.code) {
    case Code::busy: case Code::timeout: return WC_HW_WAIT_E;
    case Code::full: return MEMORY_E;
    default: return WC_HW_E;
  }
}

int rsa_operation(KeyStore& keys, wc_CryptoInfo& info) {
  auto& op = info.pk.rsa;
  const KeyRef key = key_from_id(op.key->id, op.key->idLen);
  if (*op.outLen < op.inLen) return BUFFER_E;
  const Result<Blob> copy = Blob::copy_of(Bytes(op.in, op.inLen));   // wolfSSL works in place; we compare afterwards
  if (!copy) return MEMORY_E;
  const Bytes in = copy->view();
  const MutBytes out(op.out, op.inLen);
  if (op.type == RSA_PRIVATE_ENCRYPT || op.type == RSA_PRIVATE_DECRYPT) {
    if (const Status s = keys.rsa_private(key, in, out); !s) return error_of(s.error());
  } else {
    const Result<Blob> public_key = keys.rsa_public_key(key);
    if (!public_key) return error_of(public_key.error());
    const Result<Blob> done = rsa_public_operation(*public_key, in);
    if (!done) return error_of(done.error());
    for (size_t i = 0; i < in.size(); ++i) out[i] = done->data()[i];
  }
  *op.outLen = op.inLen;
  return 0;
}

int rsa_size(KeyStore& keys, wc_CryptoInfo& info) {
  const RsaKey* k = info.pk.rsa_get_size.key;
  const Result<KeyInfo> facts = keys.info(key_from_id(k->id, k->idLen));
  if (!facts) return WC_HW_E;
  *info.pk.rsa_get_size.keySize = (facts->bits + 7) / 8;
  return 0;
}

int ec_sign(KeyStore& keys, wc_CryptoInfo& info) {
  auto& op = info.pk.eccsign;
  const KeyRef key = key_from_id(op.key->id, op.key->idLen);
  const Result<Blob> signature = keys.ec_sign(key, Bytes(op.in, op.inlen));
  if (!signature) return error_of(signature.error());
  if (*op.outlen < signature->size()) return BUFFER_E;
  for (size_t i = 0; i < signature->size(); ++i) op.out[i] = signature->data()[i];
  *op.outlen = static_cast<word32>(signature->size());
  return 0;
}

// ---- work without our keys

constexpr size_t kMaxPublic = 1024, kMaxScalar = 160;

// The answer of an engine, or: the library may do it.
int answer(const Status& s) { return s ? 0 : s.error().code == Code::unsupported ? int{CRYPTOCB_UNAVAILABLE} : error_of(s.error()); }

int foreign_rsa(wc_CryptoInfo& info, EngineChain& chain) {
  auto& op = info.pk.rsa;
  if (op.type != RSA_PUBLIC_ENCRYPT && op.type != RSA_PUBLIC_DECRYPT) return CRYPTOCB_UNAVAILABLE;
  if (!chain.offered(CryptoOp::rsa_public, 0)) return CRYPTOCB_UNAVAILABLE;
  uint8_t key[kMaxPublic];
  const int n = wc_RsaKeyToPublicDer_ex(op.key, key, sizeof key, 0);
  const Result<Blob> in = Blob::copy_of(Bytes(op.in, op.inLen));
  if (n <= 0 || !in || *op.outLen < op.inLen) return CRYPTOCB_UNAVAILABLE;
  const int rc = answer(chain.rsa_public(Bytes(key, static_cast<size_t>(n)), *in, MutBytes(op.out, op.inLen)));
  if (rc == 0) *op.outLen = op.inLen;
  return rc;
}

int ec_verify(wc_CryptoInfo& info, EngineChain& chain) {
  auto& op = info.pk.eccverify;
  uint8_t spki[kMaxPublic];
  const int n = wc_EccPublicKeyToDer(op.key, spki, sizeof spki, 1);
  if (n <= 0) return CRYPTOCB_UNAVAILABLE;
  const Status s = chain.ec_verify(Bytes(spki, static_cast<size_t>(n)), Bytes(op.hash, op.hashlen), Bytes(op.sig, op.siglen));
  if (!s && s.error().code != Code::untrusted) return CRYPTOCB_UNAVAILABLE;
  *op.res = s ? 1 : 0;
  return 0;
}

bool our_curve(const ecc_key* key, KeyType& type) {
  const int curve = wc_ecc_get_curve_id(key->idx);
  type = curve == ECC_SECP256R1 ? KeyType::ec_p256 : KeyType::ec_p384;
  return curve == ECC_SECP256R1 || curve == ECC_SECP384R1;
}

// The short-lived keys of a handshake lie in the library.
int ecdh(wc_CryptoInfo& info, EngineChain& chain) {
  auto& op = info.pk.ecdh;
  PrivateKey own;
  uint8_t peer[kMaxPublic];
  if (!our_curve(op.private_key, own.type) || !own.der.resize(kMaxScalar)) return CRYPTOCB_UNAVAILABLE;
  const int n = wc_EccPrivateKeyToDer(op.private_key, own.der.data(), static_cast<word32>(own.der.size()));
  const int m = wc_EccPublicKeyToDer(op.public_key, peer, sizeof peer, 1);
  if (n <= 0 || m <= 0 || !own.der.resize(static_cast<size_t>(n))) return CRYPTOCB_UNAVAILABLE;
  const Result<Blob> secret = chain.ecdh(own, Bytes(peer, static_cast<size_t>(m)));
  if (!secret || *op.outlen < secret->size()) return CRYPTOCB_UNAVAILABLE;
  for (size_t i = 0; i < secret->size(); ++i) op.out[i] = secret->data()[i];
  *op.outlen = static_cast<word32>(secret->size());
  return 0;
}

int ec_generate(wc_CryptoInfo& info, EngineChain& chain) {
  auto& op = info.pk.eckg;
  if (op.curveId != ECC_SECP256R1 && op.curveId != ECC_SECP384R1) return CRYPTOCB_UNAVAILABLE;
  const Result<PrivateKey> made = chain.generate(op.curveId == ECC_SECP256R1 ? KeyType::ec_p256 : KeyType::ec_p384, 0);
  if (!made) return CRYPTOCB_UNAVAILABLE;
  word32 at = 0;
  const int rc = wc_EccPrivateKeyDecode(made->der.data(), &at, op.key, static_cast<word32>(made->der.size()));
  return rc == 0 ? 0 : int{CRYPTOCB_UNAVAILABLE};
}

int foreign_key(wc_CryptoInfo& info) {
  EngineChain* chain = accelerator();
  if (chain == nullptr) return CRYPTOCB_UNAVAILABLE;
  if (info.pk.type == WC_PK_TYPE_RSA) return foreign_rsa(info, *chain);
  if (!chain->offered(CryptoOp::ec, 0)) return CRYPTOCB_UNAVAILABLE;
  switch (info.pk.type) {
    case WC_PK_TYPE_ECDSA_VERIFY: return ec_verify(info, *chain);
    case WC_PK_TYPE_ECDH: return ecdh(info, *chain);
    case WC_PK_TYPE_EC_KEYGEN: return ec_generate(info, *chain);
    default: return CRYPTOCB_UNAVAILABLE;
  }
}

Bytes key_of(const Aes* aes) { return Bytes(reinterpret_cast<const uint8_t*>(aes->devKey), static_cast<size_t>(aes->keylen)); }

int aes_gcm(wc_CryptoInfo& info, EngineChain& chain) {
  auto& e = info.cipher.aesgcm_enc;
  auto& d = info.cipher.aesgcm_dec;
  const bool encrypt = info.cipher.enc != 0;
  const word32 iv = encrypt ? e.ivSz : d.ivSz, tag = encrypt ? e.authTagSz : d.authTagSz;
  if (iv != 12 || tag != 16 || !chain.offered(CryptoOp::aes_gcm, encrypt ? e.sz : d.sz)) return CRYPTOCB_UNAVAILABLE;
  if (encrypt)
    return answer(chain.cipher({CipherMode::gcm, true, key_of(e.aes), Bytes(e.iv, 12), Bytes(e.authIn, e.authInSz), Bytes(e.in, e.sz),
                                MutBytes(e.out, e.sz), MutBytes(e.authTag, 16)}));
  uint8_t expected[16];
  for (size_t i = 0; i < sizeof expected; ++i) expected[i] = d.authTag[i];
  const Status s = chain.cipher({CipherMode::gcm, false, key_of(d.aes), Bytes(d.iv, 12), Bytes(d.authIn, d.authInSz), Bytes(d.in, d.sz),
                                 MutBytes(d.out, d.sz), expected});
  return !s && s.error().code == Code::untrusted ? int{AES_GCM_AUTH_E} : answer(s);
}

int aes_cbc(wc_CryptoInfo& info, EngineChain& chain) {
  auto& op = info.cipher.aescbc;
  if (op.sz < AES_BLOCK_SIZE || op.sz % AES_BLOCK_SIZE != 0 || !chain.offered(CryptoOp::aes_cbc, op.sz)) return CRYPTOCB_UNAVAILABLE;
  auto* iv = reinterpret_cast<uint8_t*>(op.aes->reg);
  uint8_t next[AES_BLOCK_SIZE];   // the last block of ciphertext begins the next call
  const bool encrypt = info.cipher.enc != 0;
  for (size_t i = 0; i < sizeof next; ++i) next[i] = op.in[op.sz - AES_BLOCK_SIZE + i];
  const int rc = answer(chain.cipher({CipherMode::cbc, encrypt, key_of(op.aes), Bytes(iv, AES_BLOCK_SIZE), {}, Bytes(op.in, op.sz),
                                      MutBytes(op.out, op.sz), {}}));
  if (rc != 0) return rc;
  for (size_t i = 0; i < sizeof next; ++i) iv[i] = encrypt ? op.out[op.sz - AES_BLOCK_SIZE + i] : next[i];
  return 0;
}

int cipher(wc_CryptoInfo& info) {
  const bool gcm = info.cipher.type == WC_CIPHER_AES_GCM;
  if (!gcm && info.cipher.type != WC_CIPHER_AES_CBC) return CRYPTOCB_UNAVAILABLE;
  EngineChain* chain = accelerator();
  const int rc = chain == nullptr ? int{CRYPTOCB_UNAVAILABLE} : gcm ? aes_gcm(info, *chain) : aes_cbc(info, *chain);
  if (rc == CRYPTOCB_UNAVAILABLE) count_software(gcm ? CryptoOp::aes_gcm : CryptoOp::aes_cbc);
  return rc;
}

int device(int, wc_CryptoInfo* info, void* context) {
  if (info->algo_type == WC_ALGO_TYPE_CIPHER) return cipher(*info);
  if (info->algo_type != WC_ALGO_TYPE_PK) return CRYPTOCB_UNAVAILABLE;
  KeyStore& keys = *static_cast<KeyStore*>(context);
  switch (info->pk.type) {
    case WC_PK_TYPE_RSA: return info->pk.rsa.key->idLen > 0 ? rsa_operation(keys, *info) : foreign_key(*info);
    case WC_PK_TYPE_RSA_GET_SIZE: return info->pk.rsa_get_size.key->idLen > 0 ? rsa_size(keys, *info) : int{CRYPTOCB_UNAVAILABLE};
    case WC_PK_TYPE_ECDSA_SIGN: return info->pk.eccsign.key->idLen > 0 ? ec_sign(keys, *info) : int{CRYPTOCB_UNAVAILABLE};
    default: return foreign_key(*info);
  }
}

}  // namespace

KeyDevice::KeyDevice(KeyStore& keys) {
  static std::atomic<int> last{100};
  wolf_start();
  id_ = ++last;
  PARLEY_CHECK(wc_CryptoCb_RegisterDevice(id_, device, &keys) == 0);
}

KeyDevice::~KeyDevice() { wc_CryptoCb_UnRegisterDevice(id_); }

void write_key_id(KeyRef key, uint8_t (&id)[kKeyIdSize]) {
  ByteWriter w(id);
  w.u32(key.id);
}

}  // namespace parley::crypto
