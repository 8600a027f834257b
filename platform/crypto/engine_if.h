// What an engine is: the key store gives it private-key work. Only for platform/crypto and board/.
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

// Calls come from many threads at once and block until answered. Faults: busy (queue full), timeout, unsupported (this
// engine cannot do it), io (broken). After any of these the key store asks the next engine with the same input.
// `invalid` is final: the input itself is wrong.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual const char* name() const = 0;
  virtual Result<PrivateKey> generate(KeyType type, uint16_t bits) = 0;
  // in^d mod n; both as long as the modulus.
  virtual Status rsa_private(const PrivateKey& key, Bytes in, MutBytes out) = 0;
  // DER (r, s).
  virtual Result<Blob> ec_sign(const PrivateKey& key, Bytes digest) = 0;
};

std::unique_ptr<Engine> make_software_engine();

}  // namespace parley::crypto
