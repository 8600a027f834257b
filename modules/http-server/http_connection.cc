// One HTTP peer: reads requests, runs the handler, writes answers, one after the other.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_connection.h"

#include <algorithm>

#include "modules/http-server/http_server.h"
#include "platform/sched/scheduler.h"

namespace parley::http_server {
namespace {

constexpr Millis kIdleLimit{60'000};      // between two requests
constexpr Millis kHeadLimit{20'000};      // whole head, however slowly its bytes come
constexpr Millis kBodyLimit{60'000};
constexpr Millis kAnswerLimit{120'000};   // a handler that waits for a key generation
constexpr Millis kWriteLimit{30'000};     // no byte taken for so long
constexpr Millis kLingerLimit{2'000};
constexpr size_t kWriteBurst = 256 * 1024;   // of one connection in one step
constexpr size_t kLingerBytes = 256 * 1024;

}  // namespace

Connection::Connection(Scheduler& scheduler, Server& server, std::unique_ptr<Stream> stream, Arena& arena, bool secure)
    : Task(scheduler, "HTTP Server"), server_(server), stream_(std::move(stream)), peer_(stream_->peer()), secure_(secure),
      in_(arena), head_(arena), body_(arena), out_(arena) {
  stream_->set_owner(*this);
  enter(At::head, kIdleLimit);
  wake();
}

void Connection::enter(At at, Millis limit) {
  at_ = at;
  since_ = scheduler().clock().now();
  timer_.start(limit);
}

Poll Connection::step() {
  if (timer_.fired()) expire();
  for (int n = 0; n < 16 && at_ != At::closed; ++n) {
    if (run() == Next::wait && at_ != At::closed) return Poll::pending;
  }
  if (at_ != At::closed) return Poll::again;
  timer_.stop();
  exchange_.reset();
  stream_.reset();
  server_.wake();  // it takes us away
  return Poll::done;
}

void Connection::expire() {
  switch (at_) {
    case At::head:
      if (in_.empty()) at_ = At::closed;  // an idle peer
      else refuse(408);
      break;
    case At::body: refuse(408); break;
    case At::answer:
      exchange_.reset();
      refuse(503);
      break;
    default: at_ = At::closed; break;
  }
}

Connection::Next Connection::run() {
  switch (at_) {
    case At::head: return read_head();
    case At::body: return read_body();
    case At::answer: return answer();
    case At::write: return write();
    case At::linger: return linger();
    case At::closed: break;
  }
  return Next::wait;
}

Connection::Next Connection::fill() {
  uint8_t chunk[4096];
  const Result<size_t> got = stream_->read(MutBytes(chunk, sizeof chunk));
  if (got && secure_ && !told_) {
    told_ = true;
    server_.connected(*stream_, peer_);
  }
  if (!got) {
    if (got.error().code == Code::busy) return Next::wait;
    // What failed before the first request was the handshake, or a certificate that is not trusted any more.
    if (secure_ && (got.error().code != Code::closed || requests_ == 0) && in_.empty()) server_.handshake_failed(peer_, got.error());
    at_ = At::closed;
    return Next::wait;
  }
  if (!in_.append(Bytes(chunk, *got))) refuse(503);
  return Next::go;
}

Connection::Next Connection::read_head() {
  while (scanned_ == 0 && !in_.empty() && (in_.data()[0] == '\r' || in_.data()[0] == '\n')) drop_input(1);  // RFC 9112 2.2
  if (const size_t size = find_head_end(in_.text(), scanned_); size != 0) {
    if (size > kMaxHead) { refuse(431); return Next::go; }
    return begin_request(size);
  }
  if (in_.size() > kMaxRequestLine && in_.text().substr(0, kMaxRequestLine).find('\n') == std::string_view::npos) {
    refuse(414);
    return Next::go;
  }
  if (in_.size() > kMaxHead) { refuse(431); return Next::go; }
  const bool first = in_.empty();
  const Next next = fill();
  if (first && at_ == At::head && !in_.empty()) enter(At::head, kHeadLimit);
  return next;
}

// The head is kept apart, so that the views of the request stay while the body comes.
Connection::Next Connection::begin_request(size_t head_size) {
  ++requests_;
  server_.count_request();
  head_.clear();
  body_.clear();
  RequestHead head;
  if (!head_.append(in_.view().first(head_size))) { refuse(503); return Next::go; }
  drop_input(head_size);
  scanned_ = 0;
  if (const uint16_t bad = parse_request_head(head_.text(), head); bad != 0) { refuse(bad); return Next::go; }
  minor_ = head.minor;
  keep_alive_ = head.keep_alive;
  head_only_ = head.method == "HEAD";
  chunked_ = head.chunked;
  body_left_ = head.content_length;
  chunks_ = ChunkDecoder(kMaxBody);
  if (body_left_ > kMaxBody) { refuse(413); return Next::go; }  // before a byte of it is kept
  char decoded[kMaxPath];
  FixedWriter path(decoded);
  if (!decode_path(head.path, path)) { refuse(head.path == "*" ? 501 : 400); return Next::go; }
  if (!path.ok()) { refuse(414); return Next::go; }
  path_.set(path.view());
  request_ = HttpRequest{head.method, path_.view(), head.query, head.content_type, {}, peer_.ip, secure_};
  if (head.expect_continue && (chunked_ || body_left_ != 0) && in_.empty()) {
    (void)stream_->write(as_bytes("HTTP/1.1 100 Continue\r\n\r\n"));  // a peer that misses it sends after a while
  }
  enter(At::body, kBodyLimit);
  return Next::go;
}

bool Connection::take_body() {
  size_t used = 0;
  if (chunked_) {
    const ChunkDecoder::State state = chunks_.feed(in_.text(), body_, used);
    drop_input(used);
    if (state == ChunkDecoder::State::bad) refuse(400);
    if (state == ChunkDecoder::State::too_large) refuse(413);
    return state != ChunkDecoder::State::more;
  }
  used = static_cast<size_t>(std::min<uint64_t>(body_left_, in_.size()));
  if (!body_.append(in_.view().first(used))) { refuse(503); return true; }
  drop_input(used);
  body_left_ -= used;
  return body_left_ == 0;
}

Connection::Next Connection::read_body() {
  if (!take_body()) return fill();
  if (at_ == At::body) open_exchange();
  return Next::go;
}

void Connection::open_exchange() {
  request_.body = body_.view();
  response_ = HttpResponse{};
  enter(At::answer, kAnswerLimit);
  HttpHandler* handler = server_.route(request_.path);
  const bool known = request_.method == "GET" || request_.method == "HEAD" || request_.method == "POST";
  if (handler == nullptr || !known) {
    response_.status = !known ? 405 : 404;
    respond();
    return;
  }
  handler_ = handler;
  exchange_ = handler->open(request_, *this);
  if (exchange_ != nullptr) return;
  response_.status = 503;
  respond();
}

Connection::Next Connection::answer() {
  if (exchange_ == nullptr) return Next::go;
  switch (exchange_->step(response_)) {
    case Poll::pending: return Next::wait;
    case Poll::again: wake(); return Next::wait;
    case Poll::done: break;
  }
  if (response_.length == 0) end_exchange();
  respond();
  return Next::go;
}

void Connection::drop_handler(const HttpHandler& handler) {
  if (handler_ != &handler) return;
  handler_ = nullptr;
  if (exchange_ == nullptr) return;
  exchange_.reset();
  if (at_ == At::write) at_ = At::closed;   // its body will never be whole
  else refuse(503);
  wake();
}

void Connection::refuse(uint16_t status) {
  keep_alive_ = false;
  response_ = HttpResponse{};
  response_.status = status;
  server_.count_bad();
  respond();
}

// Head and a short body leave in one write; a long body is not copied.
void Connection::respond() {
  if (exchange_ == nullptr) handler_ = nullptr;
  if (response_.status >= 400 && response_.body.empty()) {
    response_.content_type = "text/plain";
    response_.body.put(status_text(response_.status)).put("\r\n");
  }
  out_.clear();
  written_ = 0;
  ResponseSpec spec;
  spec.status = response_.status;
  spec.content_type = response_.content_type;
  spec.length = response_.length + response_.body.size();
  spec.no_store = response_.no_store;
  spec.keep_alive = keep_alive_;
  spec.minor = minor_;
  spec.date = scheduler().clock().wall();
  write_response_head(spec, out_);
  if (head_only_) {
    response_.body.clear();
    response_.length = 0;
  }
  if (response_.body.size() <= 16 * 1024) {
    out_.write(response_.body.text());
    response_.body.clear();
  }
  if (!out_.ok()) { at_ = At::closed; return; }
  enter(At::write, kWriteLimit);
}

void Connection::end_exchange() {
  if (exchange_ != nullptr) exchange_->sent();
  exchange_.reset();
  handler_ = nullptr;
}

Result<Bytes> Connection::unwritten() {
  uint64_t at = written_;
  if (at < out_.size()) return out_.view().subspan(static_cast<size_t>(at));
  at -= out_.size();
  if (at < response_.body.size()) return response_.body.view().subspan(static_cast<size_t>(at));
  return exchange_->part(at);   // either a body, or a length
}

Connection::Next Connection::write() {
  const uint64_t total = out_.size() + response_.body.size() + response_.length;
  for (size_t given = 0; written_ < total;) {
    if (given > kWriteBurst) {        // others are served in between
      wake();
      return Next::wait;
    }
    const Result<Bytes> part = unwritten();
    const Result<size_t> took = part ? stream_->write(*part) : Result<size_t>(part.error());
    if (!took) {
      if (took.error().code != Code::busy) at_ = At::closed;
      return Next::wait;
    }
    written_ += *took;
    given += *took;
    timer_.start(kWriteLimit);
  }
  end_exchange();
  out_.clear();
  response_ = HttpResponse{};
  head_.clear();
  body_.clear();
  if (keep_alive_) {
    enter(At::head, in_.empty() ? kIdleLimit : kHeadLimit);
    return Next::go;
  }
  stream_->shutdown_write();
  enter(At::linger, kLingerLimit);
  return Next::go;
}

// What the peer still sends is read away: closing with unread bytes would reset the connection and lose our answer.
Connection::Next Connection::linger() {
  uint8_t chunk[4096];
  const Result<size_t> got = stream_->read(MutBytes(chunk, sizeof chunk));
  if (!got && got.error().code == Code::busy) return Next::wait;
  if (!got || (lingered_ += *got) > kLingerBytes) at_ = At::closed;
  return Next::go;
}

void Connection::drop_input(size_t n) {
  if (n == 0) return;
  if (n == in_.size()) { in_.clear(); return; }
  std::copy(in_.data() + n, in_.data() + in_.size(), in_.data());
  (void)in_.resize(in_.size() - n);  // shrinking does not fail
}

}  // namespace parley::http_server
