// Certificates of all trustpoints: which key pair belongs to which certificate.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/trust_store.h"
#include "modules/crypto-pki/trustpoint_settings.h"

namespace parley::crypto_pki {

KeyRef TrustStore::key_of(const Entry& e) const {
  const KeyRef key = context_.keys.find(e.key);
  const Stored* own = e.own();
  if (own == nullptr || e.key.empty()) return key;
  const KeyRef shadow = context_.keys.find(shadow_label(e.key));
  return !has_public_key(key, own->certificate) && has_public_key(shadow, own->certificate) ? shadow : key;
}

bool TrustStore::shadow_is_left(const Entry& e) const {
  const Stored* own = e.own();
  return own != nullptr && !e.key.empty() && has_public_key(context_.keys.find(shadow_label(e.key)), own->certificate);
}

bool TrustStore::has_public_key(KeyRef key, const Certificate& c) const {
  if (!key) return false;
  const Result<Blob> spki = context_.keys.public_key(key);
  return spki && equal_bytes(*spki, c.spki);
}

bool TrustStore::has_usage_pair(const Entry& e) const {
  const Result<KeyInfo> info = context_.keys.info(context_.keys.find(e.key, KeyUse::encryption));
  return info && info->use == KeyUse::encryption;
}

bool TrustStore::key_is_shared(std::string_view label) const {
  const Entry* e = find(label);
  for (const Entry& other : entries_) {
    if (e != nullptr && &other != e && other.own() != nullptr && other.key == e->key) return true;
  }
  return false;
}

bool TrustStore::matches_key(const Entry& e, const Certificate& c) const {
  if (has_public_key(context_.keys.find(e.key), c)) return true;
  const KeyLabel shadow = shadow_label(e.key);
  return has_public_key(context_.keys.find(shadow), c) || has_public_key(context_.keys.find(e.key, KeyUse::encryption), c) ||
         has_public_key(context_.keys.find(shadow, KeyUse::encryption), c);
}

bool TrustStore::for_encryption(const Entry& e, Bytes spki) const {
  for (const KeyLabel& label : {e.key, shadow_label(e.key)}) {
    const KeyRef key = context_.keys.find(label, KeyUse::encryption);
    const Result<KeyInfo> info = context_.keys.info(key);
    if (!key || !info || info->use != KeyUse::encryption) continue;
    const Result<Blob> known = context_.keys.public_key(key);
    if (known && equal_bytes(*known, spki)) return true;
  }
  return false;
}

}  // namespace parley::crypto_pki
