// The attribute types of names and how they are called. Only for crypto-pki.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "modules/crypto-pki/name.h"

namespace parley::crypto_pki {

constexpr NameKey kNoNameKey = static_cast<NameKey>(255);

struct AttributeKey {
  std::string_view ios;     // as IOS prints it
  std::string_view upper;   // as phones print it
  NameKey key;
  Bytes oid;                // content octets
  uint8_t string_tag;       // written as; 0: PrintableString where the characters allow, else UTF8String
  bool rfc4514 = false;     // `upper` is in the table of RFC 4514 3
};

const AttributeKey* find_attribute(Bytes oid);              // nullptr: unknown
const AttributeKey* find_attribute(std::string_view text);  // either name or an alias, in any case

// PrintableString where the characters allow it, else UTF8String.
uint8_t directory_string_tag(std::string_view text);

}  // namespace parley::crypto_pki
