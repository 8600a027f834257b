// What an enabled certificate server signs with, and where its files go.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate.h"
#include "platform/store/store.h"

namespace parley::crypto_pki {

enum class ServerMode : uint8_t { root, registration, subordinate };

// What an enabled server signs with. Shared with jobs, never changed.
struct Identity {
  Text<63> label;
  KeyRef key;
  Certificate certificate;
  Hash hash = Hash::sha256;
  ServerMode mode = ServerMode::root;
  Certificate issuer;              // not root: who issued `certificate`
  Blob upper;                      // certificates above it, back to back
};
constexpr size_t kMaxUpper = 8;
// Own certificate first, then those above it; answers how many (at most kMaxUpper + 1).
size_t chain_of(const Identity& identity, Bytes (&out)[kMaxUpper + 1]);

using IdentityPtr = std::shared_ptr<const Identity>;

enum class Level : uint8_t { minimum, names, complete };   // `database level`

enum class FileKind : uint8_t { cnm, crl, crt, p12, pem, ser };   // order of `database url URL {cnm|...}`
constexpr size_t kFileKinds = 6;

struct Database {                  // where the files of a server go; places end with ':' or '/'
  Text<63> label;                  // of the server
  Level level = Level::minimum;
  Path folder{"nvram:"};
  Path place[kFileKinds];          // of one kind of file; empty: folder
  Path publish[kFileKinds];        // a second copy; empty: none
};

}  // namespace parley::crypto_pki
