// Base64 text forms over wolfSSL's coder.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/software/wolf.h"

#include <wolfssl/wolfcrypt/coding.h>

#include "platform/crypto/engine.h"

namespace parley {

namespace {
constexpr size_t kGroup = 48;  // bytes a step: 64 characters
}

// wolfSSL's decoder is told nothing but whole groups of four characters, so that our blanks rule holds exactly.
Result<Blob> base64_decode(std::string_view text, size_t max_bytes) {
  Blob out;
  char group[4];
  size_t have = 0;
  bool padded = false;
  for (size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') continue;
    if (padded) return Fault{Code::invalid, "characters after the end of base64 text", static_cast<uint32_t>(at)};
    group[have++] = c;
    if (have < 4) continue;
    have = 0;
    padded = c == '=';
    uint8_t bytes[4];
    word32 n = sizeof bytes;
    if (Base64_Decode(reinterpret_cast<const byte*>(group), 4, bytes, &n) != 0)
      return Fault{Code::invalid, "not base64 text", static_cast<uint32_t>(at)};
    if (out.size() + n > max_bytes) return Fault{Code::full, "base64 text is too long", 0};
    TRY(out.append(Bytes(bytes, n)));
  }
  if (have != 0) return Fault{Code::invalid, "base64 text is cut", 0};
  return out;
}

Status base64_encode(Bytes data, size_t line_length, Writer& out) {
  size_t column = 0;
  for (size_t at = 0; at < data.size(); at += kGroup) {
    const size_t n = data.size() - at < kGroup ? data.size() - at : kGroup;
    char text[kGroup / 3 * 4 + 4];
    word32 size = sizeof text;
    const int rc = Base64_Encode_NoNl(data.data() + at, static_cast<word32>(n), reinterpret_cast<byte*>(text), &size);
    if (rc != 0) return crypto::wolf_fault(Code::invalid, "base64 failed", rc);
    std::string_view left(text, size);
    while (!left.empty()) {
      size_t take = left.size();
      if (line_length != 0 && take > line_length - column) take = line_length - column;
      out.put(left.substr(0, take));
      left.remove_prefix(take);
      column += take;
      if (line_length != 0 && column == line_length) {
        out.put('\n');
        column = 0;
      }
    }
  }
  if (line_length != 0 && column != 0) out.put('\n');
  return {};
}

}  // namespace parley
