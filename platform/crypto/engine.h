// Crypto facade: hashes, ciphers and key handles. Private keys never leave it: callers hold a KeyRef.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "platform/base/bytes.h"
#include "platform/base/secret.h"
#include "platform/base/time.h"
#include "platform/crypto/random.h"

namespace parley {

enum class Hash : uint8_t { md5, sha1, sha256, sha384, sha512 };
constexpr size_t kMaxHash = 64;
size_t hash_size(Hash h);

struct Digest {
  uint8_t data[kMaxHash] = {};
  uint8_t size = 0;
  Bytes view() const { return Bytes(data, size); }
};

enum class KeyType : uint8_t { rsa, ec_p256, ec_p384 };
enum class KeyUse : uint8_t { general, signature, encryption };

// Names a key in the store; stays valid until the key is removed. Equal numbers = same key.
struct KeyRef {
  uint32_t id = 0;
  explicit operator bool() const { return id != 0; }
  bool operator==(const KeyRef&) const = default;
};

using KeyLabel = Text<64>;

struct KeyInfo {
  KeyLabel label;
  KeyType type = KeyType::rsa;
  KeyUse use = KeyUse::general;
  uint16_t bits = 0;
  bool exportable = false;
  UnixTime created = 0;
};

// Quick functions (any thread).
Digest hash(Hash h, Bytes data);
Digest hash2(Hash h, Bytes a, Bytes b);           // over a || b
Digest hmac(Hash h, Bytes key, Bytes data);

// Symmetric, for type 6 strings and files. key 16/24/32 bytes. On job threads an engine may take long data (bulk.h).
Status aes_cbc_encrypt(Bytes key, Bytes iv, MutBytes data);   // whole blocks, in place
Status aes_cbc_decrypt(Bytes key, Bytes iv, MutBytes data);
Status aes_ctr(Bytes key, Bytes iv, MutBytes data);           // in place, both directions; iv: first counter block
Result<Blob> aes_gcm_seal(Bytes key, Bytes nonce12, Bytes aad, Bytes plain);       // ciphertext || tag16
Result<Blob> aes_gcm_open(Bytes key, Bytes nonce12, Bytes aad, Bytes sealed);      // Fault untrusted
Status pbkdf2_sha256(Bytes password, Bytes salt, uint32_t rounds, MutBytes out);   // slow: in a job
Status scrypt(Bytes password, Bytes salt, uint32_t log2_n, uint32_t r, uint32_t p, MutBytes out);  // slow: in a job

// Old block ciphers for SCEP envelopes and imported keys (design 5: `scep-legacy`). key 8 (DES) or 24 (3DES) bytes.
Status des_cbc_encrypt(Bytes key, Bytes iv, MutBytes data);    // whole blocks, in place
Status des_cbc_decrypt(Bytes key, Bytes iv, MutBytes data);

// Text forms (wolfSSL's Base64 coder). Decoding skips blanks and line ends; Fault invalid otherwise.
Result<Blob> base64_decode(std::string_view text, size_t max_bytes);
Status base64_encode(Bytes data, size_t line_length, Writer& out);  // line_length 0 = one line, no end of line

// RSA with a public key given as PKCS#1 RSAPublicKey or SubjectPublicKeyInfo (used by verifiers; job threads).
Status verify_signature(Bytes spki, Hash h, Bytes message, Bytes signature);    // PKCS#1 v1.5 or ECDSA (DER)
Result<Blob> rsa_encrypt(Bytes spki, Bytes plain, Random& random);              // PKCS#1 v1.5

// Calls marked [job] may take milliseconds to seconds. The thread that runs the scheduler forbids them for itself;
// a [job] call there panics. Every other thread may.
void crypto_thread_allowed(bool allowed);
bool crypto_thread_is_allowed();
class CryptoThread {  // allows them for a scope: jobs that run inline on the scheduler's thread (tests), boot code
 public:
  CryptoThread() : before_(crypto_thread_is_allowed()) { crypto_thread_allowed(true); }
  ~CryptoThread() { crypto_thread_allowed(before_); }
  CryptoThread(const CryptoThread&) = delete;
  CryptoThread& operator=(const CryptoThread&) = delete;

 private:
  bool before_;
};

// What `show crypto engine` prints, in this order.
enum class CryptoOp : uint8_t { rsa_private, rsa_public, generate, ec, aes_gcm, aes_ctr, aes_cbc, hash, random };
constexpr size_t kCryptoOps = 9;
const char* crypto_op_name(CryptoOp op);   // "RSA sign", ...
struct EngineCounters {
  struct Op {
    uint64_t requests = 0;      // given to this engine
    uint64_t refused = 0;       // queue full, not able, too late
    uint64_t failed = 0;        // wrong or no answer
    uint64_t failed_over = 0;   // of these: answered by a later engine
    uint32_t in_flight = 0;
  };
  Op op[kCryptoOps];
};
enum class EngineKind : uint8_t { software, kernel, hardware };
struct EngineView {
  const char* name = "";
  EngineKind kind = EngineKind::software;
  bool up = true;               // false: set aside after failures, asked again later
  const char* reason = "";      // why it was set aside
  EngineCounters counters;
};

// The key store over all engines. Blocking calls are marked [job]: worker threads only (checked).
class Keys {
 public:
  virtual ~Keys() = default;

  // [job] Makes a key, stores it durably, encrypted under the device key. Fault exists: label in use.
  virtual Result<KeyRef> generate(std::string_view label, KeyType type, uint16_t bits, KeyUse use, bool exportable) = 0;
  // [job] PEM or DER private key (PKCS#1, SEC1 or PKCS#8; passphrase for encrypted PKCS#8, may be empty).
  virtual Result<KeyRef> import_key(std::string_view label, Bytes key, std::string_view passphrase, bool exportable,
                                    KeyUse use = KeyUse::general) = 0;
  // [job] Encrypted PKCS#8 in PEM. Fault denied: not exportable.
  virtual Result<Blob> export_key(KeyRef key, std::string_view passphrase) = 0;
  // [job] Durable removal of all uses of the label. Fault missing.
  virtual Status remove(std::string_view label) = 0;

  virtual KeyRef find(std::string_view label, KeyUse use = KeyUse::general) const = 0;
  virtual Result<KeyInfo> info(KeyRef key) const = 0;
  virtual Result<Blob> public_key(KeyRef key) const = 0;       // SubjectPublicKeyInfo
  virtual Result<Blob> rsa_public_key(KeyRef key) const = 0;   // PKCS#1 RSAPublicKey; Fault unsupported for EC
  using Each = bool (*)(void* context, KeyRef key, const KeyInfo& info);
  virtual void list(Each each, void* context) const = 0;

  // [job] RSA: PKCS#1 v1.5 with DigestInfo; EC: DER (r, s).
  virtual Result<Blob> sign(KeyRef key, Hash h, Bytes message) = 0;
  // Small secrets of other modules (master key): sealed under the device key, readable on this router only.
  // purpose: literal, bound into the seal. Faults: denied (store closed), untrusted (damaged, another device or purpose).
  virtual Result<Blob> seal(std::string_view purpose, Bytes secret) = 0;
  virtual Result<Blob> open_sealed(std::string_view purpose, Bytes sealed) = 0;
  // [job] RSA PKCS#1 v1.5 decryption.
  virtual Result<Blob> decrypt(KeyRef key, Bytes cipher) = 0;
  // [job] ECDH with a peer's SubjectPublicKeyInfo of the same curve: the x coordinate. Fault unsupported for RSA.
  virtual Result<Blob> agree(KeyRef key, Bytes peer_spki) = 0;

  // Engines in the order in which they are asked.
  using EachEngine = bool (*)(void* context, const EngineView& engine);
  virtual void engines(EachEngine, void*) const {}
};

}  // namespace parley
