// wolfSSL's way to our keys: a crypto device whose key ids are KeyRefs. Only for platform/tls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/key_store.h"

namespace parley::crypto {

// Registered while it lives. Private keys never enter wolfSSL: it asks with `id()` and the number of the key.
class KeyDevice {
 public:
  explicit KeyDevice(KeyStore& keys);
  ~KeyDevice();
  KeyDevice(const KeyDevice&) = delete;
  KeyDevice& operator=(const KeyDevice&) = delete;
  int id() const { return id_; }

 private:
  int id_;
};

constexpr size_t kKeyIdSize = 4;
void write_key_id(KeyRef key, uint8_t (&id)[kKeyIdSize]);

}  // namespace parley::crypto
