// One HTTP peer: reads requests, runs the handler, writes answers, one after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "modules/http-server/http_routes.h"
#include "modules/http-server/http_wire.h"
#include "platform/base/memory.h"
#include "platform/net/net.h"
#include "platform/sched/task.h"

namespace parley::http_server {

class Server;

// head -> body -> answer -> write -> (keep-alive: head | linger -> closed)
class Connection final : public Task {
 public:
  Connection(Scheduler& scheduler, Server& server, std::unique_ptr<Stream> stream, Arena& arena, bool secure);
  Poll step() override;

  bool closed() const { return at_ == At::closed; }
  // A complete request of this peer is being answered: it is not the one to give way to a newcomer.
  bool working() const { return at_ == At::answer || at_ == At::write; }
  Monotonic since() const { return since_; }      // when it entered its state of waiting
  bool secure() const { return secure_; }
  uint32_t peer_ip() const { return peer_.ip; }
  uint32_t requests() const { return requests_; }
  // Its handler goes away: the request under way is answered with 503.
  void drop_handler(const HttpHandler& handler);
  void abort() { at_ = At::closed; stream_.reset(); exchange_.reset(); }
  // No other request on this connection (the server is being stopped or reconfigured).
  void finish_soon() { keep_alive_ = false; if (!working()) abort(); }

 private:
  enum class At : uint8_t { head, body, answer, write, linger, closed };
  enum class Next : uint8_t { go, wait };

  Next run();
  Next read_head();
  Next read_body();
  Next answer();
  Next write();
  void end_exchange();               // its answer is given
  Result<Bytes> unwritten();         // next bytes of the answer
  Next linger();
  Next fill();                       // more bytes into in_; wait: none now
  Next begin_request(size_t head_size);
  bool take_body();                  // from in_ into body_; true: complete, or refused
  void open_exchange();
  void refuse(uint16_t status);      // error answer, then the connection ends
  void respond();
  void expire();
  void enter(At at, Millis limit);
  void drop_input(size_t n);

  Server& server_;
  std::unique_ptr<Stream> stream_;
  Endpoint peer_;
  Timer timer_{*this};
  Monotonic since_;
  At at_ = At::head;
  bool secure_;
  bool told_ = false;          // secure: that the handshake is over
  bool keep_alive_ = true;
  bool head_only_ = false;
  bool chunked_ = false;
  uint8_t minor_ = 1;
  uint32_t requests_ = 0;
  size_t scanned_ = 0;
  uint64_t body_left_ = 0;
  size_t lingered_ = 0;
  Blob in_, head_, body_, out_;
  Text<kMaxPath> path_;
  ChunkDecoder chunks_{kMaxBody};
  HttpRequest request_;
  HttpResponse response_;
  const HttpHandler* handler_ = nullptr;
  std::unique_ptr<HttpExchange> exchange_;
  uint64_t written_ = 0;
};

}  // namespace parley::http_server
