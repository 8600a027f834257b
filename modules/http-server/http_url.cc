// URLs of the http scheme: split and encoded (RFC 3986).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_url.h"

#include <algorithm>

namespace parley::http_server {

Result<Url> parse_url(std::string_view url) {
  const Fault broken{Code::invalid, "not an http URL", 0};
  if (starts_nocase(url, "https://")) return Fault{Code::unsupported, "https URLs are not supported here", 0};
  if (!starts_nocase(url, "http://")) return broken;
  url.remove_prefix(7);
  Url out;
  const size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  if (!out.path.set(slash == url.size() ? "/" : url.substr(slash))) return broken;
  if (const size_t colon = authority.rfind(':'); colon != std::string_view::npos) {
    uint64_t port = 0;
    if (!parse_dec(authority.substr(colon + 1), 65535, port) || port == 0) return broken;
    out.port = static_cast<uint16_t>(port);
    authority = authority.substr(0, colon);
  }
  if (authority.empty() || !out.host.set(authority)) return broken;
  for (const char c : authority) {
    if (static_cast<unsigned char>(c) <= 0x20 || c == '@' || c == ':' || c == 0x7f) return broken;
  }
  if (!parse_ipv4(authority, out.ip)) out.ip = 0;
  return out;
}

void encode_percent(std::string_view s, Writer& out) {
  for (const char c : s) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    if (plain) out.put(c);
    else out.put('%').hex(static_cast<unsigned char>(c), 2);
  }
}

}  // namespace parley::http_server
