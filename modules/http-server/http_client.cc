// HTTP client for the router itself: one request, one answer, limits and time-outs.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_client.h"

#include <algorithm>

namespace parley::http_server {

Status Client::start(const ClientRequest& request) {
  cancel();
  out_.put(request.method).put(' ').put(request.target).put(" HTTP/1.0\r\nHost: ").put(request.host);
  out_.put("\r\nUser-Agent: Parley\r\nAccept: */*\r\nConnection: close\r\n");
  if (request.method == "POST") {
    out_.put("Content-Type: ").put(request.content_type).put("\r\nContent-Length: ");
    out_.dec(static_cast<int64_t>(request.body.size())).put("\r\n");
  }
  out_.put("\r\n");
  out_.write(as_text(request.body));
  if (!out_.ok()) return Fault{Code::full, "no memory for an HTTP request", 0};
  TRY_ASSIGN(stream_, net_.connect(owner_, request.to, request.from_ip));
  max_body_ = request.max_body;
  chunks_ = ChunkDecoder(max_body_);
  timer_.start(request.limit);
  at_ = At::send;
  owner_.wake();
  return {};
}

void Client::cancel() {
  stream_.reset();
  timer_.stop();
  out_ = Blob();
  in_.clear();
  body_.clear();
  head_text_.clear();
  head_ = ResponseHead{};
  sent_ = scanned_ = 0;
  result_ = Status();
  at_ = At::idle;
}

void Client::end(Status status) {
  result_ = status;
  stream_.reset();
  timer_.stop();
  at_ = At::done;
}

Poll Client::step() {
  if (at_ != At::done && timer_.fired()) end(Fault{Code::timeout, "the HTTP server did not answer in time", 0});
  for (int n = 0; n < 64; ++n) {
    if (at_ == At::done) return Poll::done;
    if (at_ == At::idle) return Poll::pending;
    if ((at_ == At::send ? send() : receive()) == Next::wait) return at_ == At::done ? Poll::done : Poll::pending;
  }
  return Poll::again;
}

Client::Next Client::send() {
  while (sent_ < out_.size()) {
    const Result<size_t> took = stream_->write(out_.view().subspan(sent_));
    if (!took) {
      if (took.error().code != Code::busy) end(took.error());
      return Next::wait;
    }
    sent_ += *took;
  }
  at_ = At::head;
  return Next::go;
}

Client::Next Client::receive() {
  uint8_t chunk[4096];
  const Result<size_t> got = stream_->read(MutBytes(chunk, sizeof chunk));
  if (!got) {
    if (got.error().code == Code::busy) return Next::wait;
    if (got.error().code == Code::closed) input_ended();
    else end(got.error());
    return Next::wait;
  }
  if (!in_.append(Bytes(chunk, *got))) end(Fault{Code::full, "no memory for an HTTP answer", 0});
  else take();
  return Next::go;
}

void Client::input_ended() {
  const bool by_close = at_ == At::body && !head_.has_length && !head_.chunked;
  end(by_close ? Status() : Status(Fault{Code::closed, "the HTTP server closed the connection too early", 0}));
}

void Client::take() {
  if (at_ == At::head) {
    const size_t size = find_head_end(in_.text(), scanned_);
    if (size == 0) {
      if (in_.size() > kMaxHead) end(Fault{Code::full, "the HTTP answer has too long a head", 0});
      return;
    }
    head_text_.clear();
    const Status kept = head_text_.append(in_.view().first(size));
    const Status good = kept ? parse_response_head(head_text_.text(), head_) : kept;
    if (!good) return end(good);
    std::copy(in_.data() + size, in_.data() + in_.size(), in_.data());
    (void)in_.resize(in_.size() - size);
    scanned_ = 0;
    if (head_.status < 200) { head_ = ResponseHead{}; return take(); }  // 1xx: the real answer follows
    if (head_.content_length > max_body_) return end(Fault{Code::full, "the HTTP answer is too large", 0});
    at_ = At::body;
  }
  size_t used = in_.size();
  if (head_.chunked) {
    const ChunkDecoder::State s = chunks_.feed(in_.text(), body_, used);
    if (s == ChunkDecoder::State::bad) return end(Fault{Code::invalid, "broken chunks in the HTTP answer", 0});
    if (s == ChunkDecoder::State::too_large) return end(Fault{Code::full, "the HTTP answer is too large", 0});
    if (s == ChunkDecoder::State::done) end({});
  } else {
    if (head_.has_length) used = static_cast<size_t>(std::min<uint64_t>(used, head_.content_length - body_.size()));
    if (body_.size() + used > max_body_) return end(Fault{Code::full, "the HTTP answer is too large", 0});
    if (!body_.append(in_.view().first(used))) return end(Fault{Code::full, "no memory for an HTTP answer", 0});
    if (head_.has_length && body_.size() == head_.content_length) end({});
  }
  in_.clear();
}

}  // namespace parley::http_server
