// What an enabled certificate server signs with, and where its files go.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/crypto-pki/certificate.h"
#include "platform/store/store.h"

namespace parley::crypto_pki {

// What an enabled server signs with. Shared with jobs, never changed.
struct Identity {
  Text<63> label;
  KeyRef key;
  Certificate certificate;
  Hash hash = Hash::sha256;
};
using IdentityPtr = std::shared_ptr<const Identity>;

enum class Level : uint8_t { minimum, names, complete };   // `database level`

struct Database {                  // where the files of a server go
  Level level = Level::minimum;
  Path folder{"nvram:"};           // ends with ':' or '/'
};

}  // namespace parley::crypto_pki
