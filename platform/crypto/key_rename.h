// A new key pair takes the place of an old one.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/engine.h"

namespace parley {

// [job] `keys`: the store of make_key_store. The keys of `from` take the place of those of `to`; their KeyRefs stay. After a
// power cut in between both labels may have the new key: a second call ends it. Fault missing.
Status rename_key(Keys& keys, std::string_view from, std::string_view to);

}  // namespace parley
