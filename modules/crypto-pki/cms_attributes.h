// Signed attributes of SCEP messages. Only for crypto-pki.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/der.h"

namespace parley::crypto_pki {

// Content of a SignedAttributes SET -> SCEP values, digest and content type. False: broken, or a value out of range.
struct SignedAttributes {
  ScepAttributes scep;
  Bytes digest;
  Bytes content_type;
};
bool read_signed_attributes(Bytes content, SignedAttributes& out);

// The sorted SET (tag 0x31) that is signed; in the message its tag is [0].
Status write_signed_attributes(DerWriter& w, const ScepAttributes& scep, UnixTime signing_time, Bytes digest);

}  // namespace parley::crypto_pki
