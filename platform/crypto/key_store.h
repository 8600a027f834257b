// The key store: private keys on nvram:, encrypted under the device key, and the engines that use them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "platform/crypto/engine.h"
#include "platform/crypto/engine_if.h"
#include "platform/store/store.h"

namespace parley {

class KeyStore : public Keys {
 public:
  // Reads the device key (made at the first boot) and all keys. At boot, before the scheduler runs.
  // Faults: io / untrusted: the device key is damaged (nothing is overwritten; the store stays closed).
  virtual Status load() = 0;
  // Files that were there but could not be opened (damaged, or of another device key). They are left alone.
  virtual uint32_t unreadable() const = 0;
  // Engines are asked in the order of their adding; the software engine is added by the factory and is last.
  virtual void add_engine(std::unique_ptr<crypto::Engine> engine) = 0;

  // For platform/tls. [job] One private-key operation on a raw, already padded block (RSA) or a digest (EC).
  virtual Status rsa_private(KeyRef key, Bytes in, MutBytes out) = 0;
  virtual Result<Blob> ec_sign(KeyRef key, Bytes digest) = 0;
};

std::unique_ptr<KeyStore> make_key_store(Store& store, Random& random, const Clock& clock);

}  // namespace parley
