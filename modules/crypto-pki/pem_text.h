// PEM text: blocks of base 64 between BEGIN and END lines.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "platform/base/bytes.h"

namespace parley::crypto_pki {

struct PemBlock {
  std::string_view label;   // "CERTIFICATE"
  std::string_view body;    // base 64, with header lines if there are any (RFC 1421 4.4)
  std::string_view whole;   // with both lines
};
// Takes the next block out of `text`; false: there is none any more. What stands between blocks is passed over.
bool next_pem(std::string_view& text, PemBlock& out);

// DER of a block without header lines. Faults of base64_decode.
Result<Blob> decode_pem(const PemBlock& block, size_t max_bytes);

// PEM of one DER value, 64 characters a line; without `with_frame` the base 64 alone.
Status write_pem(Bytes der, std::string_view what, bool with_frame, Writer& out);

}  // namespace parley::crypto_pki
