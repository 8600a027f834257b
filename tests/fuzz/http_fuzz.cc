// Fuzz target: heads, targets, parameters and chunks of HTTP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstddef>
#include <cstdint>

#include "modules/http-server/http_routes.h"
#include "modules/http-server/http_url.h"
#include "modules/http-server/http_wire.h"

using namespace parley;
using namespace parley::http_server;

namespace {

void requests(std::string_view in) {
  size_t scanned = 0, step = 0;
  for (size_t n = 0; n < in.size() && n < 4096; n += 1 + step++ % 7) {  // byte by byte and in pieces: the same end
    if (find_head_end(in.substr(0, n), scanned) != 0) break;
  }
  size_t again = 0;
  const size_t end = find_head_end(in, again);
  if (end == 0) return;
  PARLEY_CHECK(end <= in.size());
  RequestHead head;
  ResponseHead response;
  (void)parse_response_head(in.substr(0, end), response);
  if (parse_request_head(in.substr(0, end), head) != 0) return;
  char path[kMaxPath];
  FixedWriter w(path);
  if (decode_path(head.path, w)) PARLEY_CHECK(w.view().substr(0, 1) == "/");
  HttpRequest request;
  request.query = head.query;
  Blob value;
  (void)request.parameter("message", value);
  (void)request.parameter("operation", value);
}

void chunks(std::string_view in) {
  ChunkDecoder decoder(1000);
  Blob body;
  size_t used = 0;
  while (!in.empty()) {
    const ChunkDecoder::State s = decoder.feed(in.substr(0, 1 + in.size() % 5), body, used);
    in.remove_prefix(used);
    PARLEY_CHECK(body.size() <= 1000);
    if (s != ChunkDecoder::State::more) break;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  requests(in);
  chunks(in);
  (void)parse_url(in);
  return 0;
}
