// Private keys between files, engines and the world: normalising, checking, deriving the public part.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/software/key_container.h"

#include <wolfssl/wolfcrypt/settings.h>

#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include "platform/crypto/software/pem_key.h"
#include "platform/crypto/software/wolf.h"

namespace parley::crypto {

namespace {

constexpr size_t kMaxDer = 4096;

struct Rsa {
  RsaKey key;
  bool ready;
  Rsa() : ready(wc_InitRsaKey(&key, nullptr) == 0) {}
  ~Rsa() { if (ready) wc_FreeRsaKey(&key); }
  bool load(Bytes der) {
    word32 at = 0;
    return ready && wc_RsaPrivateKeyDecode(der.data(), &at, &key, static_cast<word32>(der.size())) == 0;
  }
};

struct Ec {
  ecc_key key;
  bool ready;
  Ec() : ready(wc_ecc_init(&key) == 0) {}
  ~Ec() { if (ready) wc_ecc_free(&key); }
  bool load(Bytes der) {
    word32 at = 0;
    if (!ready || wc_EccPrivateKeyDecode(der.data(), &at, &key, static_cast<word32>(der.size())) != 0) return false;
    return key.type != ECC_PRIVATEKEY_ONLY || wc_ecc_make_pub_ex(&key, nullptr, wolf_rng()) == 0;
  }
};

// Runs `write(buffer, size)` -> length or a negative error.
template <class F>
Result<Blob> written(F write) {
  Blob out;
  out.mark_secret();
  TRY(out.resize(kMaxDer));
  const int n = write(out.data(), static_cast<word32>(out.size()));
  if (n <= 0) return wolf_fault(Code::io, "key cannot be written", n);
  TRY(out.resize(static_cast<size_t>(n)));
  return out;
}

Result<PrivateKey> from_rsa(Rsa& rsa) {
  const int size = wc_RsaEncryptSize(&rsa.key);
  if (size < 64 || size > 512) return Fault{Code::unsupported, "RSA keys have 512 to 4096 bits", static_cast<uint32_t>(size) * 8};
  PrivateKey out;
  out.bits = static_cast<uint16_t>(mp_count_bits(&rsa.key.n));
  TRY_ASSIGN(out.der, written([&](byte* p, word32 n) { return wc_RsaKeyToDer(&rsa.key, p, n); }));
  return out;
}

Result<PrivateKey> from_ec(Ec& ec) {
  const int curve = wc_ecc_get_curve_id(ec.key.idx);
  PrivateKey out;
  if (curve == ECC_SECP256R1) out.type = KeyType::ec_p256;
  else if (curve == ECC_SECP384R1) out.type = KeyType::ec_p384;
  else return Fault{Code::unsupported, "EC keys are P-256 or P-384", static_cast<uint32_t>(curve)};
  out.bits = curve == ECC_SECP256R1 ? 256 : 384;
  TRY_ASSIGN(out.der, written([&](byte* p, word32 n) { return wc_EccKeyToDer(&ec.key, p, n); }));
  return out;
}

}  // namespace

Result<PrivateKey> read_private_key(Bytes file, std::string_view passphrase) {
  wolf_start();
  TRY_ASSIGN(PemKey pem, read_key_file(file, passphrase));
  auto rsa = std::make_unique<Rsa>();
  auto ec = std::make_unique<Ec>();
  if (!pem.encrypted) {
    if (rsa->load(pem.der)) return from_rsa(*rsa);
    if (ec->load(pem.der)) return from_ec(*ec);
  }
  // Not a plain key: encrypted PKCS#8. wolfSSL decrypts in place.
  const int n = wc_DecryptPKCS8Key(pem.der.data(), static_cast<word32>(pem.der.size()), Text<256>(passphrase).c_str(),
                                   static_cast<int>(passphrase.size()));
  if (n <= 0) {
    if (pem.encrypted) return wolf_fault(Code::untrusted, "wrong passphrase, or the cipher is not supported", n);
    return wolf_fault(Code::invalid, "not a private key", n);
  }
  const Bytes plain = pem.der.view().first(static_cast<size_t>(n));
  if (rsa->load(plain)) return from_rsa(*rsa);
  if (ec->load(plain)) return from_ec(*ec);
  return Fault{Code::untrusted, "wrong passphrase, or not an RSA or EC key", 0};
}

Result<Blob> write_private_key(const PrivateKey& key, std::string_view passphrase, Random& random) {
  wolf_start();
  if (passphrase.empty() || passphrase.size() > 256) return Fault{Code::invalid, "a passphrase has 1 to 256 characters", 0};
  Blob pkcs8;
  pkcs8.mark_secret();
  TRY(pkcs8.resize(kMaxDer));
  word32 n = static_cast<word32>(pkcs8.size());
  int rc = 0;
  if (key.type == KeyType::rsa) {
    Blob der;
    der.mark_secret();
    TRY(der.append(key.der));
    rc = wc_CreatePKCS8Key(pkcs8.data(), &n, der.data(), static_cast<word32>(der.size()), RSAk, nullptr, 0);
    if (rc > 0) n = static_cast<word32>(rc);
  } else {
    auto ec = std::make_unique<Ec>();
    if (!ec->load(key.der)) return Fault{Code::io, "private key cannot be used", 0};
    rc = wc_EccKeyToPKCS8(&ec->key, pkcs8.data(), &n);
    if (rc > 0) n = static_cast<word32>(rc);
  }
  if (rc < 0) return wolf_fault(Code::io, "key cannot be written", rc);
  TRY(pkcs8.resize(n));
  return write_key_file(pkcs8, passphrase, random);
}

Result<Blob> spki_of(const PrivateKey& key) {
  wolf_start();
  if (key.type == KeyType::rsa) {
    auto rsa = std::make_unique<Rsa>();
    if (!rsa->load(key.der)) return Fault{Code::io, "private key cannot be used", 0};
    return written([&](byte* p, word32 n) { return wc_RsaKeyToPublicDer(&rsa->key, p, n); });
  }
  auto ec = std::make_unique<Ec>();
  if (!ec->load(key.der)) return Fault{Code::io, "private key cannot be used", 0};
  return written([&](byte* p, word32 n) { return wc_EccPublicKeyToDer(&ec->key, p, n, 1); });
}

Result<Blob> rsa_public_of(const PrivateKey& key) {
  wolf_start();
  if (key.type != KeyType::rsa) return Fault{Code::unsupported, "not an RSA key", 0};
  auto rsa = std::make_unique<Rsa>();
  if (!rsa->load(key.der)) return Fault{Code::io, "private key cannot be used", 0};
  return written([&](byte* p, word32 n) { return wc_RsaKeyToPublicDer_ex(&rsa->key, p, n, 0); });
}

}  // namespace parley::crypto
