// A new key pair takes the place of an old one; pairs that must outlive their label.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "platform/crypto/engine.h"

namespace parley {

// [job] `keys`: the store of make_key_store. The keys of `from` take the place of those of `to`; their KeyRefs stay. After a
// power cut in between both labels may have the new key: a second call ends it. Fault missing.
Status rename_key(Keys& keys, std::string_view from, std::string_view to);

// From now on these pairs (SHA-256 of their SubjectPublicKeyInfo) are never lost: one that is removed, or gives its label to another,
// first gets a label of its own, kept_key_label(). Replaces what was said before; such labels stay until they are removed.
// Fault full: no memory, nothing changed.
Status protect_keys(Keys& keys, std::span<const Digest> spki_sha256);
KeyLabel kept_key_label(const Digest& spki_sha256);
bool is_kept_key_label(std::string_view label);

}  // namespace parley
