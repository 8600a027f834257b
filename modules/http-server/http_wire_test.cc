// Tests of the HTTP wire format: good and hostile heads, targets, chunks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/http-server/http_wire.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/http-server/http_url.h"
#include "modules/http-server/http_routes.h"

using namespace parley;
using namespace parley::http_server;

namespace {

uint16_t parse(std::string_view head, RequestHead& out) { return parse_request_head(head, out); }

uint16_t status_of(const std::string& head) {
  RequestHead h;
  return parse_request_head(head, h);
}

std::string decoded(std::string_view raw) {
  char b[256];
  FixedWriter w(b);
  return decode_path(raw, w) ? std::string(w.view()) : "refused";
}

std::string chunks(const std::string& in, size_t step, ChunkDecoder::State& state) {
  ChunkDecoder d(1000);
  Blob body;
  state = ChunkDecoder::State::more;
  for (size_t at = 0; at < in.size() && state == ChunkDecoder::State::more;) {
    size_t used = 0;
    state = d.feed(std::string_view(in).substr(at, step), body, used);
    at += used;
  }
  return std::string(body.text());
}

}  // namespace

TEST_GROUP(HttpWire){};

TEST(HttpWire, ReadsAnOrdinaryRequest) {
  RequestHead h;
  LONGS_EQUAL(0, parse("GET /cgi-bin/pkiclient.exe?operation=GetCACert&message=0 HTTP/1.1\r\nHost: a\r\n\r\n", h));
  STRCMP_EQUAL("GET", std::string(h.method).c_str());
  STRCMP_EQUAL("/cgi-bin/pkiclient.exe", std::string(h.path).c_str());
  STRCMP_EQUAL("operation=GetCACert&message=0", std::string(h.query).c_str());
  CHECK(h.keep_alive);
}

TEST(HttpWire, KeepAliveByVersionAndField) {
  RequestHead h;
  LONGS_EQUAL(0, parse("GET / HTTP/1.0\r\n\r\n", h));
  CHECK_FALSE(h.keep_alive);
  h = {};
  LONGS_EQUAL(0, parse("GET / HTTP/1.0\nConnection: keep-alive\n\n", h));
  CHECK(h.keep_alive);
  h = {};
  LONGS_EQUAL(0, parse("GET / HTTP/1.1\r\nHost: x\r\nConnection: foo, Close\r\n\r\n", h));
  CHECK_FALSE(h.keep_alive);
}

TEST(HttpWire, RefusesBrokenHeads) {
  LONGS_EQUAL(400, status_of("GET /\r\n\r\n"));
  LONGS_EQUAL(400, status_of("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, status_of("GET / HTTP/1.1\r\n\r\n"));                                // no Host
  LONGS_EQUAL(400, status_of("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"));
  LONGS_EQUAL(505, status_of("GET / HTTP/2.0\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, status_of("GET / http/1.1\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, status_of("G@T / HTTP/1.1\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(400, status_of("GET / HTTP/1.1\r\nHost : a\r\n\r\n"));
  LONGS_EQUAL(400, status_of("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n"));
  LONGS_EQUAL(400, status_of(std::string("GET /\x01 HTTP/1.1\r\nHost: a\r\n\r\n")));
  LONGS_EQUAL(400, status_of("GET foo HTTP/1.1\r\nHost: a\r\n\r\n"));
  LONGS_EQUAL(414, status_of("GET /" + std::string(kMaxRequestLine, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"));
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 70; ++i) many += "X: y\r\n";
  LONGS_EQUAL(431, status_of(many + "\r\n"));
}

TEST(HttpWire, RefusesRequestSmuggling) {
  LONGS_EQUAL(400, status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"));
  LONGS_EQUAL(400, status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n"));
  LONGS_EQUAL(400, status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +3\r\n\r\n"));
  LONGS_EQUAL(400, status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999999999999999\r\n\r\n"));
  LONGS_EQUAL(501, status_of("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"));
  LONGS_EQUAL(0, status_of("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n"));
}

TEST(HttpWire, TakesTheAbsoluteForm) {
  RequestHead h;
  LONGS_EQUAL(0, parse("GET http://10.1.1.1:80/a?b HTTP/1.1\r\nHost: a\r\n\r\n", h));
  STRCMP_EQUAL("/a", std::string(h.path).c_str());
  STRCMP_EQUAL("b", std::string(h.query).c_str());
  h = {};
  LONGS_EQUAL(0, parse("GET http://10.1.1.1 HTTP/1.1\r\nHost: a\r\n\r\n", h));
  STRCMP_EQUAL("/", std::string(h.path).c_str());
}

TEST(HttpWire, FindsTheEndOfAHeadByteByByte) {
  const std::string head = "GET / HTTP/1.0\r\nA: b\r\n\r\nrest";
  size_t scanned = 0;
  for (size_t n = 1; n <= head.size(); ++n) {
    const size_t end = find_head_end(std::string_view(head).substr(0, n), scanned);
    if (n < head.size() - 4) LONGS_EQUAL(0, end);
    if (end != 0) { LONGS_EQUAL(head.size() - 4, end); return; }
  }
  FAIL("no end found");
}

TEST(HttpWire, DecodesPaths) {
  STRCMP_EQUAL("/a b/c", decoded("/a%20b/c").c_str());
  STRCMP_EQUAL("/a+b", decoded("/a+b").c_str());
  STRCMP_EQUAL("/..a/b", decoded("/..a/b").c_str());
  for (const char* bad : {"a", "", "/%", "/%4", "/%zz", "/%00", "/a/../b", "/..", "/%2e%2e/x", "/a%5c..", "/%0a"}) {
    STRCMP_EQUAL("refused", decoded(bad).c_str());
  }
}

TEST(HttpWire, FindsParameters) {
  HttpRequest r;
  r.query = "operation=PKIOperation&message=MII%2bA%3D%3d&x";
  Blob to;
  auto m = r.parameter("message", to);
  CHECK(m.has_value());
  STRCMP_EQUAL("MII+A==", std::string(*m).c_str());
  CHECK(r.parameter("mess", to).error().code == Code::missing);
  CHECK(r.parameter("x", to).has_value());
  r.query = "message=%4";
  CHECK(r.parameter("message", to).error().code == Code::invalid);
}

TEST(HttpWire, DecodesChunks) {
  const std::string good = "4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\nT: v\r\n\r\n";
  for (size_t step = 1; step <= good.size(); ++step) {
    ChunkDecoder::State s;
    STRCMP_EQUAL("Wikipedia", chunks(good, step, s).c_str());
    CHECK(s == ChunkDecoder::State::done);
  }
  ChunkDecoder::State s;
  chunks("3e9\r\n", 5, s);
  CHECK(s == ChunkDecoder::State::too_large);
  for (const char* bad : {"x\r\n", "\r\n", "4\r\nWikiX", "123456789\r\n", "4\rx"}) {
    chunks(bad, 100, s);
    CHECK(s == ChunkDecoder::State::bad);
  }
}

TEST(HttpWire, ReadsAnswers) {
  ResponseHead h;
  CHECK(parse_response_head("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: a/b\r\n\r\n", h).has_value());
  LONGS_EQUAL(200, h.status);
  CHECK(h.has_length);
  CHECK(parse_response_head("HTTP/1.0 404\r\n\r\n", h).has_value());
  CHECK_FALSE(parse_response_head("HTTP/1.0 4x4 no\r\n\r\n", h).has_value());
  CHECK_FALSE(parse_response_head("ICY 200 OK\r\n\r\n", h).has_value());
}

TEST(HttpWire, ReadsUrls) {
  auto u = parse_url("http://10.13.32.11:80");
  CHECK(u.has_value());
  LONGS_EQUAL(0x0a0d200b, u->ip);
  LONGS_EQUAL(80, u->port);
  STRCMP_EQUAL("/", u->path.c_str());
  u = parse_url("HTTP://ca.lab:8080/x/y");
  STRCMP_EQUAL("ca.lab", u->host.c_str());
  LONGS_EQUAL(0, u->ip);
  LONGS_EQUAL(8080, u->port);
  STRCMP_EQUAL("/x/y", u->path.c_str());
  for (const char* bad : {"", "http://", "http://:80", "http://a:0", "http://a:99999", "http://u@h/", "ftp://a", "http:/a"}) {
    CHECK_FALSE(parse_url(bad).has_value());
  }
  CHECK(parse_url("https://a").error().code == Code::unsupported);
}

TEST(HttpWire, WritesAHead) {
  char b[512];
  FixedWriter w(b);
  ResponseSpec s;
  s.status = 405;
  s.content_type = "text/plain";
  s.length = 3;
  s.keep_alive = false;
  s.date = 784111777;  // RFC 9110's own example
  write_response_head(s, w);
  STRCMP_EQUAL("HTTP/1.1 405 Method Not Allowed\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: Parley\r\n"
               "Content-Type: text/plain\r\nContent-Length: 3\r\nAllow: GET, HEAD, POST\r\nConnection: close\r\n\r\n",
               std::string(w.view()).c_str());
}
