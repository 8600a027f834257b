// PKCS#12 files (RFC 7292): one key pair and its certificates, under a passphrase. Needed by import, export and CA archives.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

#include "platform/base/memory.h"
#include "platform/crypto/pbe.h"

namespace parley::crypto_pki {

constexpr size_t kMaxPkcs12 = 128 * 1024;

struct Pkcs12Spec {
  KeyRef key;                              // must be exportable
  std::string_view name;                   // friendlyName, empty: none
  std::span<const Bytes> certificates;     // own one first, then its authorities
};
// [job] PBES2 with AES-256, MAC with SHA-256: what OpenSSL 3 writes itself. Faults: denied (key not exportable), invalid
// (passphrase: 1 to 256 characters), full.
Result<Blob> write_pkcs12(const Pkcs12Spec& spec, std::string_view passphrase, Keys& keys, Random& random);

struct Pkcs12 {
  Blob key;                                // PKCS#8, mostly still encrypted: for Keys::import_key with the same passphrase; empty: none
  List<Blob> certificates{general_arena()};
};
// [job] AES, 3DES and RC2; DER or BER. The passphrase is checked against the MAC first. `max_rounds`: of all key derivations together.
// Faults: invalid, full (too large, too many), unsupported (cipher, several keys), untrusted (wrong passphrase, or damaged).
Result<Pkcs12> read_pkcs12(Bytes file, std::string_view passphrase, uint32_t max_rounds = 4 * kMaxPbeRounds);

}  // namespace parley::crypto_pki
