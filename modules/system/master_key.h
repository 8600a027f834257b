// The master key of type 6 passwords: `key config-key password-encrypt` (cli.md 7.7) and where it is kept.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "cli/command.h"
#include "platform/crypto/engine.h"
#include "platform/store/store.h"

namespace parley::system {

class Passwords;
class System;

// The derived key, sealed under the device key, survives a restart. Blocking: at boot.
Status load_master_key(Store& store, Keys& keys, Passwords& passwords);

// key config-key password-encrypt [K]: key empty: asked for. Re-keys every type 6 password.
std::unique_ptr<cli::Dialogue> set_master_key(System& system, std::string_view key);
// no key config-key password-encrypt: asks, then forgets the key.
std::unique_ptr<cli::Dialogue> delete_master_key(System& system);

}  // namespace parley::system
