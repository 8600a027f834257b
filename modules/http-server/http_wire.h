// HTTP/1.0 and 1.1 on the wire: heads, chunked bodies, targets. Pure functions over bytes (RFC 9110, RFC 9112).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"

namespace parley::http_server {

// certmonger sends a SCEP request of about 3.4 KB in its request line; renewals with 4096-bit keys twice that.
constexpr size_t kMaxRequestLine = 12 * 1024;
constexpr size_t kMaxHead = 16 * 1024;
constexpr size_t kMaxBody = 64 * 1024;
constexpr size_t kMaxPath = 512;
constexpr size_t kMaxHeaderFields = 64;

// Head of a message that ends with an empty line. `scanned` remembers how far earlier calls looked: 1-byte peers stay cheap.
// Returns the size of the head with its empty line, 0: not complete yet.
size_t find_head_end(std::string_view in, size_t& scanned);

// Views point into the head.
struct RequestHead {
  std::string_view method;
  std::string_view path;        // as sent (percent-encoded), without scheme and host
  std::string_view query;       // without '?'
  std::string_view content_type;
  uint8_t minor = 1;            // HTTP/1.x
  bool keep_alive = true;
  bool expect_continue = false;
  bool chunked = false;
  uint64_t content_length = 0;
};

struct ResponseHead {
  uint16_t status = 0;
  std::string_view content_type;
  std::string_view location;
  bool has_length = false;      // otherwise the body ends with the connection (unless chunked)
  bool chunked = false;
  uint64_t content_length = 0;
};

// `head` is complete (find_head_end). 0: good, else the status to answer: 400, 414, 431, 501, 505.
uint16_t parse_request_head(std::string_view head, RequestHead& out);
// Fault invalid.
Status parse_response_head(std::string_view head, ResponseHead& out);

// Percent-decodes `raw` into `to`. False: broken escape, NUL or control character, or a ".." segment.
bool decode_path(std::string_view raw, Writer& to);
// Percent-decodes a value; '+' stays '+' (base64 in SCEP queries). False: broken escape.
bool decode_percent(std::string_view raw, Blob& to);
// Raw value of `name` in a query; false: not there.
bool find_parameter(std::string_view query, std::string_view name, std::string_view& value);

// Chunked transfer coding, decoded in place (RFC 9112 7.1).
class ChunkDecoder {
 public:
  enum class State : uint8_t { more, done, bad, too_large };
  explicit ChunkDecoder(size_t max_body) : max_(max_body) {}
  // Takes what it can from `in` and appends the data to `body`; `used` = bytes taken.
  State feed(std::string_view in, Blob& body, size_t& used);

 private:
  enum class At : uint8_t { size, extension, size_lf, data, data_cr, data_lf, trailer, trailer_line, done };
  bool size_digit(char c);
  bool step(char c);
  At at_ = At::size;
  size_t max_;
  uint64_t left_ = 0;
  uint8_t digits_ = 0;
  uint16_t extra_ = 0;          // bytes of extensions and trailers: bounded
};

const char* status_text(uint16_t status);

struct ResponseSpec {
  uint16_t status = 200;
  std::string_view content_type;
  uint64_t length = 0;
  bool keep_alive = true;
  bool no_store = false;
  uint8_t minor = 1;
  int64_t date = 0;             // 0: no Date field
};
void write_response_head(const ResponseSpec& spec, Writer& out);

}  // namespace parley::http_server
