// Hashes and HMAC on wolfCrypt.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/hash.h>
#include <wolfssl/wolfcrypt/hmac.h>

#include "platform/crypto/bulk.h"
#include "platform/crypto/engine_chain.h"
#include "platform/crypto/software/symmetric.h"

namespace parley {

namespace {

struct Traits {
  wc_HashType type;
  uint8_t size;
};

Traits traits(Hash h) {
  switch (h) {
    case Hash::md5: return {WC_HASH_TYPE_MD5, 16};
    case Hash::sha1: return {WC_HASH_TYPE_SHA, 20};
    case Hash::sha256: return {WC_HASH_TYPE_SHA256, 32};
    case Hash::sha384: return {WC_HASH_TYPE_SHA384, 48};
    case Hash::sha512: return {WC_HASH_TYPE_SHA512, 64};
  }
  PARLEY_PANIC("unknown hash");
}

bool update(wc_HashAlg& state, wc_HashType type, Bytes data) {
  return data.empty() || wc_HashUpdate(&state, type, data.data(), static_cast<word32>(data.size())) == 0;
}

}  // namespace

namespace crypto {

namespace {

// The software hashes only fail when memory runs out while they start; that is fatal, a wrong digest is worse.
void plain_hash(const Traits& t, Bytes a, Bytes b, Digest& out) {
  wc_HashAlg state;
  PARLEY_CHECK(wc_HashInit(&state, t.type) == 0);
  PARLEY_CHECK(update(state, t.type, a) && update(state, t.type, b));
  PARLEY_CHECK(wc_HashFinal(&state, t.type, out.data) == 0);
  wc_HashFree(&state, t.type);
}

void keyed_hash(const Traits& t, Bytes key, Bytes a, Bytes b, Digest& out) {
  Hmac state;
  static const uint8_t kNone = 0;
  PARLEY_CHECK(wc_HmacInit(&state, nullptr, INVALID_DEVID) == 0);
  PARLEY_CHECK(wc_HmacSetKey(&state, t.type, key.empty() ? &kNone : key.data(), static_cast<word32>(key.size())) == 0);
  for (const Bytes part : {a, b})
    PARLEY_CHECK(part.empty() || wc_HmacUpdate(&state, part.data(), static_cast<word32>(part.size())) == 0);
  PARLEY_CHECK(wc_HmacFinal(&state, out.data) == 0);
  wc_HmacFree(&state);
}

Digest best_hash(Hash h, const Bytes* key, Bytes a, Bytes b) {
  if (EngineChain* chain = accelerator(); chain != nullptr && chain->offered(CryptoOp::hash, a.size() + b.size())) {
    Digest out;
    if (chain->hash(h, key, a, b, out)) return out;
  }
  count_software(CryptoOp::hash);
  return software_hash(h, key, a, b);
}

}  // namespace

Digest software_hash(Hash h, const Bytes* key, Bytes a, Bytes b) {
  wolf_start();
  const Traits t = traits(h);
  Digest out;
  out.size = t.size;
  if (key == nullptr) plain_hash(t, a, b, out);
  else keyed_hash(t, *key, a, b, out);
  return out;
}

}  // namespace crypto

size_t hash_size(Hash h) { return traits(h).size; }
Digest hash(Hash h, Bytes data) { return crypto::best_hash(h, nullptr, data, {}); }
Digest hash2(Hash h, Bytes a, Bytes b) { return crypto::best_hash(h, nullptr, a, b); }
Digest hmac(Hash h, Bytes key, Bytes data) { return crypto::best_hash(h, &key, data, {}); }

}  // namespace parley
