// HTTP client for the router itself: one request, one answer, limits and time-outs. Used by SCEP.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string_view>

#include "modules/http-server/http_url.h"
#include "modules/http-server/http_wire.h"
#include "platform/net/net.h"
#include "platform/sched/task.h"

namespace parley::http_server {

struct ClientRequest {
  std::string_view method = "GET";
  std::string_view target;             // path and query, already encoded
  std::string_view host;               // Host field, with ":port" when that is not 80
  std::string_view content_type;       // POST
  Bytes body;
  Endpoint to;
  uint32_t from_ip = 0;                // source address, 0: any
  size_t max_body = 256 * 1024;
  Millis limit{30'000};                // from the start to the last byte
};

// Belongs to a task, which calls step() whenever it is woken. May be used again after the end.
class Client {
 public:
  Client(Task& owner, Net& net) : owner_(owner), net_(net), timer_(owner) {}
  // Copies what it needs. Faults of Net::connect, or full.
  Status start(const ClientRequest& request);
  // done: see result(). Never done before start().
  Poll step();
  void cancel();

  // ok: an answer of any status came completely. Faults: timeout, closed, invalid, full (larger than max_body), io.
  const Status& result() const { return result_; }
  uint16_t status() const { return head_.status; }
  std::string_view content_type() const { return head_.content_type; }
  Bytes body() const { return body_.view(); }

 private:
  enum class At : uint8_t { idle, send, head, body, done };
  enum class Next : uint8_t { go, wait };
  Next send();
  Next receive();
  void take();                         // what is in in_
  void end(Status status);
  void input_ended();

  Task& owner_;
  Net& net_;
  Timer timer_;
  std::unique_ptr<Stream> stream_;
  At at_ = At::idle;
  Blob out_, in_, body_;
  size_t sent_ = 0, scanned_ = 0, max_body_ = 0;
  Blob head_text_;
  ResponseHead head_;
  ChunkDecoder chunks_{0};
  Status result_;
};

}  // namespace parley::http_server
