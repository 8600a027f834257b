// The engine that every board has: wolfCrypt on the calling thread.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/engine_if.h"
#include "platform/crypto/software/public_key.h"
#include "platform/crypto/software/symmetric.h"
#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/ecc.h>
#include <wolfssl/wolfcrypt/rsa.h>

namespace parley::crypto {

namespace {

constexpr long kExponent = 65537;
constexpr size_t kMaxPrivateDer = 3072;  // RSA-4096 is 2.4 kB
constexpr size_t kMaxEcSignature = 144;
constexpr size_t kMaxEcCoordinate = 66;

struct RsaPrivate {
  RsaKey key;
  bool ready = false;
  RsaPrivate() { ready = wc_InitRsaKey(&key, nullptr) == 0; }
  ~RsaPrivate() {
    if (ready) wc_FreeRsaKey(&key);
  }
};

struct EcPrivate {
  ecc_key key;
  bool ready = false;
  EcPrivate() { ready = wc_ecc_init(&key) == 0; }
  ~EcPrivate() {
    if (ready) wc_ecc_free(&key);
  }
};

constexpr Fault kNoMemory{Code::io, "no memory for a key", 0};
constexpr Fault kNoEntropy{Code::io, "no entropy", 0};

class SoftwareEngine final : public Engine {
 public:
  const char* name() const override { return "software"; }
  EngineKind kind() const override { return EngineKind::software; }
  bool offers(CryptoOp, size_t) const override { return true; }

  Result<PrivateKey> generate(KeyType type, uint16_t bits) override {
    wolf_start();
    return type == KeyType::rsa ? generate_rsa(bits) : generate_ec(type);
  }

  Status rsa_private(const PrivateKey& key, Bytes in, MutBytes out) override {
    wolf_start();
    auto rsa = std::make_unique<RsaPrivate>();
    WC_RNG* rng = wolf_rng();
    if (!rsa->ready) return kNoMemory;
    if (rng == nullptr) return kNoEntropy;
    word32 at = 0;
    int rc = wc_RsaPrivateKeyDecode(key.der.data(), &at, &rsa->key, static_cast<word32>(key.der.size()));
    if (rc == 0) rc = wc_RsaSetRNG(&rsa->key, rng);  // for blinding
    if (rc != 0) return wolf_fault(Code::io, "private key cannot be used", rc);
    if (in.size() != static_cast<size_t>(wc_RsaEncryptSize(&rsa->key)) || out.size() != in.size())
      return Fault{Code::invalid, "RSA block has the wrong size", 0};
    word32 n = static_cast<word32>(out.size());
    rc = wc_RsaFunction(in.data(), static_cast<word32>(in.size()), out.data(), &n, RSA_PRIVATE_DECRYPT, &rsa->key, rng);
    if (rc == MEMORY_E) return kNoMemory;
    if (rc != 0 || n != out.size()) return wolf_fault(Code::invalid, "RSA operation failed", rc);
    return {};
  }

  Result<Blob> ec_sign(const PrivateKey& key, Bytes digest) override {
    wolf_start();
    auto ec = std::make_unique<EcPrivate>();
    WC_RNG* rng = wolf_rng();
    if (!ec->ready) return kNoMemory;
    if (rng == nullptr) return kNoEntropy;
    word32 at = 0;
    int rc = wc_EccPrivateKeyDecode(key.der.data(), &at, &ec->key, static_cast<word32>(key.der.size()));
    if (rc != 0) return wolf_fault(Code::io, "private key cannot be used", rc);
    Blob out;
    TRY(out.resize(kMaxEcSignature));
    word32 n = static_cast<word32>(out.size());
    rc = wc_ecc_sign_hash(digest.data(), static_cast<word32>(digest.size()), out.data(), &n, rng, &ec->key);
    if (rc != 0) return wolf_fault(Code::io, "ECDSA failed", rc);
    TRY(out.resize(n));
    return out;
  }

  Status rsa_public(Bytes key, Bytes in, MutBytes out) override {
    TRY_ASSIGN(const Blob done, software_rsa_public(key, in));
    if (done.size() != out.size()) return Fault{Code::invalid, "RSA block has the wrong size", 0};
    for (size_t i = 0; i < out.size(); ++i) out[i] = done.data()[i];
    return {};
  }

  Status hash(Hash h, const Bytes* key, Bytes a, Bytes b, Digest& out) override {
    out = software_hash(h, key, a, b);
    return {};
  }

  Status cipher(const CipherOrder& order) override { return software_cipher(order); }

  Status ec_verify(Bytes spki, Bytes digest, Bytes signature) override { return software_ec_verify(spki, digest, signature); }

  Result<Blob> ecdh(const PrivateKey& key, Bytes peer_spki) override {
    wolf_start();
    auto own = std::make_unique<EcPrivate>(), peer = std::make_unique<EcPrivate>();
    WC_RNG* rng = wolf_rng();
    if (!own->ready || !peer->ready) return kNoMemory;
    if (rng == nullptr) return kNoEntropy;
    word32 at = 0;
    int rc = wc_EccPrivateKeyDecode(key.der.data(), &at, &own->key, static_cast<word32>(key.der.size()));
    if (rc != 0) return wolf_fault(Code::io, "private key cannot be used", rc);
    at = 0;
    rc = wc_EccPublicKeyDecode(peer_spki.data(), &at, &peer->key, static_cast<word32>(peer_spki.size()));
    if (rc == 0 && peer->key.idx != own->key.idx) rc = ECC_CURVE_OID_E;
    if (rc == 0) rc = wc_ecc_check_key(&peer->key);   // RFC 5480 2.2: a point off the curve would give bits of our key away
    if (rc != 0) return wolf_fault(Code::invalid, "not a public key of this curve", rc);
    if (rc = wc_ecc_set_rng(&own->key, rng); rc != 0) return wolf_fault(Code::io, "ECDH failed", rc);
    Blob out;
    out.mark_secret();
    TRY(out.resize(kMaxEcCoordinate));
    word32 n = static_cast<word32>(out.size());
    rc = wc_ecc_shared_secret(&own->key, &peer->key, out.data(), &n);
    if (rc != 0) return wolf_fault(Code::io, "ECDH failed", rc);
    TRY(out.resize(n));
    return out;
  }

 private:
  static Result<PrivateKey> generate_rsa(uint16_t bits) {
    auto rsa = std::make_unique<RsaPrivate>();
    WC_RNG* rng = wolf_rng();
    if (!rsa->ready) return kNoMemory;
    if (rng == nullptr) return kNoEntropy;
    int rc = wc_MakeRsaKey(&rsa->key, bits, kExponent, rng);
    if (rc != 0) return wolf_fault(Code::io, "RSA key generation failed", rc);
    PrivateKey out;
    out.bits = bits;
    TRY(out.der.resize(kMaxPrivateDer));
    rc = wc_RsaKeyToDer(&rsa->key, out.der.data(), static_cast<word32>(out.der.size()));
    if (rc <= 0) return wolf_fault(Code::io, "RSA key cannot be written", rc);
    TRY(out.der.resize(static_cast<size_t>(rc)));
    return out;
  }

  static Result<PrivateKey> generate_ec(KeyType type) {
    auto ec = std::make_unique<EcPrivate>();
    WC_RNG* rng = wolf_rng();
    if (!ec->ready) return kNoMemory;
    if (rng == nullptr) return kNoEntropy;
    const bool p256 = type == KeyType::ec_p256;
    int rc = wc_ecc_make_key_ex(rng, p256 ? 32 : 48, &ec->key, p256 ? ECC_SECP256R1 : ECC_SECP384R1);
    if (rc != 0) return wolf_fault(Code::io, "EC key generation failed", rc);
    PrivateKey out;
    out.type = type;
    out.bits = p256 ? 256 : 384;
    TRY(out.der.resize(kMaxPrivateDer));
    rc = wc_EccKeyToDer(&ec->key, out.der.data(), static_cast<word32>(out.der.size()));
    if (rc <= 0) return wolf_fault(Code::io, "EC key cannot be written", rc);
    TRY(out.der.resize(static_cast<size_t>(rc)));
    return out;
  }
};

}  // namespace

std::unique_ptr<Engine> make_software_engine() { return std::make_unique<SoftwareEngine>(); }

}  // namespace parley::crypto
