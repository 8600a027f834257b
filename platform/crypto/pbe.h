// Encryption of key and certificate files with a passphrase: PBES2 (RFC 8018) and PKCS#12 (RFC 7292). Slow: in jobs.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "platform/crypto/engine.h"

namespace parley {

constexpr uint32_t kMaxPbeRounds = 1'000'000;   // a file may not keep a job busy for minutes

enum class PbeCipher : uint8_t { aes128_cbc, aes192_cbc, aes256_cbc, des3_cbc, rc2_40_cbc, rc2_128_cbc };

struct Pbe {
  bool pkcs12 = false;        // key and IV by RFC 7292 B with SHA-1; else PBKDF2 with `prf`, and `iv`
  Hash prf = Hash::sha1;      // HMAC of PBKDF2
  PbeCipher cipher = PbeCipher::aes256_cbc;
  uint32_t rounds = 0;
  Bytes salt, iv;
};
// Padded as PKCS#7. Faults: invalid (a parameter out of range), untrusted (decrypt: wrong passphrase or damaged).
Result<Blob> pbe_encrypt(const Pbe& p, std::string_view passphrase, Bytes plain);
Result<Blob> pbe_decrypt(const Pbe& p, std::string_view passphrase, Bytes cipher);

// RFC 7292 B.2; id: 1 key, 2 IV, 3 MAC key. The passphrase (UTF-8) is taken as BMPString with its end.
Status pkcs12_kdf(Hash h, std::string_view passphrase, Bytes salt, uint32_t rounds, uint8_t id, MutBytes out);

}  // namespace parley
