// What an engine is: the key store gives it private-key work, the facade long data. Only for platform/crypto and board/.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/crypto/engine.h"

namespace parley::crypto {

// A private key as engines take it. RSA: PKCS#1; EC: SEC1. Wiped when the last user lets go.
struct PrivateKey {
  KeyType type = KeyType::rsa;
  uint16_t bits = 0;
  Blob der;
  PrivateKey() { der.mark_secret(); }
};

enum class CipherMode : uint8_t { cbc, ctr, gcm };

// One AES operation. cbc: whole blocks. gcm: iv of 12 bytes; the tag of 16 bytes is written (encrypt) or checked.
struct CipherOrder {
  CipherMode mode = CipherMode::cbc;
  bool encrypt = true;
  Bytes key, iv, aad, in;
  MutBytes out;                 // as long as `in`; may be the same memory: an engine changes it only when all went well
  MutBytes tag;
};

// Calls come from many threads at once and block until answered. Faults: busy (queue full), timeout, unsupported (this
// engine cannot do it), io (broken). After any of these the next engine gets the same input. `invalid` and `untrusted` are
// answers: the input itself is wrong.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const char* name() const = 0;
  virtual EngineKind kind() const { return EngineKind::hardware; }
  // Asked before every operation, so that declining costs nothing. bytes: length of the data of a cipher or hash.
  virtual bool offers(CryptoOp op, size_t bytes) const = 0;

  virtual Result<PrivateKey> generate(KeyType, uint16_t /*bits*/) { return not_able(); }
  // in^d mod n; both as long as the modulus.
  virtual Status rsa_private(const PrivateKey&, Bytes /*in*/, MutBytes /*out*/) { return not_able(); }
  // in^e mod n of a PKCS#1 RSAPublicKey or SubjectPublicKeyInfo.
  virtual Status rsa_public(Bytes /*key*/, Bytes /*in*/, MutBytes /*out*/) { return not_able(); }
  // DER (r, s).
  virtual Result<Blob> ec_sign(const PrivateKey&, Bytes /*digest*/) { return not_able(); }
  virtual Status ec_verify(Bytes /*spki*/, Bytes /*digest*/, Bytes /*signature*/) { return not_able(); }
  // x coordinate of the shared point.
  virtual Result<Blob> ecdh(const PrivateKey&, Bytes /*peer_spki*/) { return not_able(); }
  // Hash of a || b; HMAC when there is a key.
  virtual Status hash(Hash, const Bytes* /*key*/, Bytes /*a*/, Bytes /*b*/, Digest& /*out*/) { return not_able(); }
  virtual Status cipher(const CipherOrder&) { return not_able(); }

 protected:
  static Fault not_able() { return Fault{Code::unsupported, "crypto engine cannot do this", 0}; }
};

std::unique_ptr<Engine> make_software_engine();

}  // namespace parley::crypto
