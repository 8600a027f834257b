// PEM text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pem_text.h"

#include "platform/crypto/engine.h"

namespace parley::crypto_pki {
namespace {

constexpr std::string_view kBegin = "-----BEGIN ", kEnd = "-----END ", kDashes = "-----";

}  // namespace

bool next_pem(std::string_view& text, PemBlock& out) {
  for (size_t begin = text.find(kBegin); begin != std::string_view::npos; begin = text.find(kBegin)) {
    text.remove_prefix(begin);
    const size_t label = kBegin.size();
    const size_t close = text.find(kDashes, label);
    const size_t line = text.find('\n');
    if (close == std::string_view::npos || line == std::string_view::npos || close > line) {
      text.remove_prefix(label);
      continue;
    }
    const size_t end = text.find(kEnd, line);
    if (end == std::string_view::npos) break;
    const size_t rest = text.find('\n', end);
    out.label = text.substr(label, close - label);
    out.body = text.substr(line + 1, end - line - 1);
    out.whole = text.substr(0, rest);
    text.remove_prefix(rest == std::string_view::npos ? text.size() : rest + 1);
    return true;
  }
  text = {};
  return false;
}

Result<Blob> decode_pem(const PemBlock& block, size_t max_bytes) { return base64_decode(block.body, max_bytes); }

Status write_pem(Bytes der, std::string_view what, bool with_frame, Writer& out) {
  if (with_frame) out.put(kBegin).put(what).put(kDashes).put('\n');
  TRY(base64_encode(der, 64, out));
  if (with_frame) out.put(kEnd).put(what).put(kDashes).put('\n');
  return {};
}

}  // namespace parley::crypto_pki
