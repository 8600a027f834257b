// How a key lies on nvram:. Only for platform/crypto.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/text.h"
#include "platform/crypto/engine_if.h"
#include "platform/store/store.h"

namespace parley::crypto {

constexpr std::string_view kKeyFolder = "nvram:keys";

// 32 bytes in nvram:keys/device-key, made at the first boot. Faults: untrusted (damaged), io.
Status load_device_key(Store& store, Random& random, Secret<32>& out);

// Name of the file of one key: labels may hold any characters, so it is a hash. "nvram:keys/<32 hex>".
Path key_path(std::string_view label, KeyUse use);

struct StoredKey {
  KeyInfo info;
  PrivateKey key;
};
Result<Blob> seal_key(const StoredKey& k, Bytes device_key, Random& random);
// Faults: untrusted: changed, or of another device.
Result<StoredKey> open_key(Bytes file, Bytes device_key);

}  // namespace parley::crypto
