// URLs of the http scheme: split and encoded (RFC 3986).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/result.h"
#include "platform/base/text.h"

namespace parley::http_server {

struct Url {
  Text<253> host;              // as written: goes into the Host field
  uint32_t ip = 0;             // 0: `host` is a name, to be looked up by the caller
  uint16_t port = 80;
  Text<255> path;              // "/..." without query; "/" when the URL has none
};
// Fault invalid: no http URL; unsupported: https or another scheme.
Result<Url> parse_url(std::string_view url);

// Percent-encodes everything but unreserved characters (RFC 3986 2.3).
void encode_percent(std::string_view s, Writer& out);

}  // namespace parley::http_server
