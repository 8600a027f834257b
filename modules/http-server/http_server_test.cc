// Tests of server and client on a network in memory: pipelining, slow and many peers, start and stop.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/http-server/http_client.h"
#include "modules/http-server/http_server.h"
#include "platform/fake/fake_net.h"
#include "platform/fake/fake_time.h"

using namespace parley;
using namespace parley::http_server;

namespace {

class NoLog final : public Log {
 public:
  void emit(const LogMessage&, std::initializer_list<LogArg>) override {}
  bool debugging(const char*) const override { return false; }
  void debug(const char*, std::string_view) override {}
};

// Every peer's handshake ends at once with a refusal.
class RefusingTls final : public Tls {
 public:
  Result<std::shared_ptr<TlsContext>> server_context(const TlsConfig&) override { return std::make_shared<TlsContext>(); }
  Result<std::shared_ptr<TlsContext>> client_context(const TlsConfig&) override { return Fault{Code::unsupported, "not here", 0}; }
  Result<std::unique_ptr<TlsSession>> accept(Task&, std::shared_ptr<TlsContext>, std::unique_ptr<Stream> s) override {
    return std::unique_ptr<TlsSession>(std::make_unique<Refused>(std::move(s)));
  }
  Result<std::unique_ptr<TlsSession>> connect(Task&, std::shared_ptr<TlsContext>, std::unique_ptr<Stream>, std::string_view) override {
    return Fault{Code::unsupported, "not here", 0};
  }

 private:
  class Refused final : public TlsSession {
   public:
    explicit Refused(std::unique_ptr<Stream> s) : stream_(std::move(s)) {}
    void set_owner(Task& t) override { stream_->set_owner(t); t.wake(); }
    Result<size_t> read(MutBytes) override { return why(); }
    Result<size_t> write(Bytes) override { return why(); }
    bool connected() const override { return false; }
    Endpoint peer() const override { return stream_->peer(); }
    Endpoint local() const override { return stream_->local(); }
    void shutdown_write() override {}
    bool established() const override { return false; }
    Status failure() const override { return why(); }
    const TlsInfo& info() const override { return info_; }

   private:
    static Fault why() { return Fault{Code::untrusted, "no", 0}; }
    std::unique_ptr<Stream> stream_;
    TlsInfo info_;
  };
};

// Answers "METHOD path size"; "/e/never" waits for ever, "/e/big" has 40 KB.
class Echo final : public HttpHandler {
  class Exchange final : public HttpExchange {
   public:
    explicit Exchange(const HttpRequest& r) : request_(r) {}
    Poll step(HttpResponse& response) override {
      if (request_.path == "/e/never") return Poll::pending;
      response.body.put(request_.method).put(' ').put(request_.path).put(' ').dec(static_cast<int64_t>(request_.body.size()));
      if (request_.path == "/e/big") response.body.pad(40000, 'x');
      return Poll::done;
    }

   private:
    HttpRequest request_;
  };

 public:
  std::unique_ptr<HttpExchange> open(const HttpRequest& r, Task&) override { return std::make_unique<Exchange>(r); }
};

// "/parts/N": N bytes, at most 3,000 at a time and every other time none yet.
class Parts final : public HttpHandler {
  class Exchange final : public HttpExchange {
   public:
    Exchange(Parts& home, uint64_t length, Task& owner) : home_(home), length_(length), owner_(owner) {}
    Poll step(HttpResponse& response) override {
      response.length = length_;
      response.no_store = true;
      return Poll::done;
    }
    Result<Bytes> part(uint64_t offset) override {
      if (offset >= home_.stall_at) return Fault{Code::busy, "never", 0};
      if (offset >= home_.fail_at) return Fault{Code::io, "gone", 0};
      if (++calls_ % 2 == 0) {
        owner_.wake();
        return Fault{Code::busy, "wait", 0};
      }
      const size_t n = static_cast<size_t>(std::min<uint64_t>(sizeof data_, length_ - offset));
      for (size_t i = 0; i < n; ++i) data_[i] = static_cast<uint8_t>('a' + (offset + i) % 7);
      return Bytes(data_, n);
    }
    void sent() override { ++home_.sent; }

   private:
    Parts& home_;
    uint64_t length_;
    Task& owner_;
    unsigned calls_ = 0;
    uint8_t data_[3000];
  };

 public:
  std::unique_ptr<HttpExchange> open(const HttpRequest& r, Task& owner) override {
    return std::make_unique<Exchange>(*this, std::stoull(std::string(r.path.substr(7))), owner);
  }
  int sent = 0;
  uint64_t fail_at = ~uint64_t{0}, stall_at = ~uint64_t{0};
};

// A peer that writes what it is told and keeps what comes.
class Peer final : public Task {
 public:
  Peer(fake::World& world, fake::FakeNet& net) : Task(world.scheduler, "peer"), world_(world) {
    auto s = net.connect(*this, Endpoint{0x7f000001, 80});
    PARLEY_CHECK(s.has_value());
    stream_ = std::move(*s);
    world_.settle();
  }
  Poll step() override {
    uint8_t b[1000];
    for (;;) {
      const Result<size_t> n = stream_->read(b);
      if (!n) {
        closed = closed || n.error().code != Code::busy;
        return Poll::pending;
      }
      got.append(reinterpret_cast<const char*>(b), *n);
    }
  }
  void send(std::string_view text) {
    (void)stream_->write(as_bytes(text));
    world_.settle();
  }
  bool has(const std::string& part) const { return got.find(part) != std::string::npos; }
  std::string got;
  bool closed = false;

 private:
  fake::World& world_;
  std::unique_ptr<Stream> stream_;
};

}  // namespace

TEST_GROUP(HttpServer) {
  fake::World world;
  fake::FakeNet net;
  NoLog log;
  RefusingTls tls;
  Echo echo;
  std::unique_ptr<Server> server = std::make_unique<Server>(world.scheduler, net, log, tls);
  void setup() override {
    server->add("/e", echo);
    CHECK(server->start(3).has_value());
    Settings s;
    s.on = true;
    server->configure(s);
    world.settle();
    CHECK(server->http_enabled());
  }
  void teardown() override {
    server->stop();
    CHECK_EQUAL(0, server->connections());
  }
};

TEST(HttpServer, AnswersPipelinedRequestsInOrder) {
  Peer p(world, net);
  p.send("GET /e/1 HTTP/1.1\r\nHost: a\r\n\r\nPOST /e/2 HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
         "HEAD /e/3 HTTP/1.1\r\nHost: a\r\n\r\nGET /no HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  const size_t one = p.got.find("GET /e/1 0"), two = p.got.find("POST /e/2 3"), last = p.got.find("404 Not Found");
  CHECK(one < two && two < last && last != std::string::npos);
  CHECK_FALSE(p.has("HEAD /e/3"));
  CHECK(p.closed);
}

TEST(HttpServer, ByteByByteIsTheSame) {
  net.read_limit = 1;
  Peer p(world, net);
  for (const char c : std::string("POST /e/x HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi")) p.send(std::string_view(&c, 1));
  CHECK(p.has("POST /e/x 2"));
}

TEST(HttpServer, SlowHeadsEndWith408AndIdlePeersAreClosed) {
  Peer slow(world, net), idle(world, net);
  slow.send("GET /e HTTP/1.1\r\n");
  world.run_for(Millis(21'000));
  CHECK(slow.has("408 Request Timeout"));
  CHECK_FALSE(idle.closed);
  world.run_for(Millis(60'000));
  CHECK(idle.closed);
  CHECK_EQUAL(0, server->connections());
}

TEST(HttpServer, TheLongestWaitingPeerGivesWay) {
  Peer busy(world, net);
  busy.send("GET /e/never HTTP/1.1\r\nHost: a\r\n\r\n");
  world.run_for(Millis(10));
  Peer first(world, net);
  world.run_for(Millis(10));
  Peer second(world, net);
  world.run_for(Millis(10));
  Peer third(world, net);
  third.send("GET /e/3 HTTP/1.0\r\n\r\n");
  CHECK(third.has("GET /e/3 0"));
  CHECK(first.closed);
  CHECK_FALSE(second.closed);
  CHECK_FALSE(busy.closed);
  LONGS_EQUAL(1, server->counters().evicted);
}

TEST(HttpServer, AHandlerThatGoesIsAnsweredFor) {
  Peer p(world, net);
  p.send("GET /e/never HTTP/1.1\r\nHost: a\r\n\r\n");
  server->remove(echo);
  world.settle();
  CHECK(p.has("503 Service Unavailable"));
  Peer later(world, net);
  later.send("GET /e HTTP/1.0\r\n\r\n");
  CHECK(later.has("404"));
}

TEST(HttpServer, HttpsComesAndGoesWithItsContext) {
  struct Provider final : HttpsProvider {
    void https_wanted(const HttpsWanted& w) override { wanted = w; ++calls; }
    HttpsWanted wanted;
    int calls = 0;
  } provider;
  server->set_https_provider(&provider);
  Settings s = server->settings();
  s.secure.on = true;
  s.secure.trustpoint = Text<63>("web");
  server->configure(s);
  server->configure(s);
  CHECK_EQUAL(2, provider.calls);
  CHECK(provider.wanted.on && provider.wanted.trustpoint.view() == "web");
  world.settle();
  CHECK_FALSE(server->https_enabled());
  server->set_https_context(std::make_shared<TlsContext>(), "");
  world.settle();
  CHECK(server->https_enabled());
  server->set_https_context(nullptr, "expired");
  CHECK_FALSE(server->https_enabled());
  STRCMP_EQUAL("expired", server->https_missing());
  server->set_https_context(std::make_shared<TlsContext>(), "");
  world.settle();
  server->set_https_provider(nullptr);
  world.settle();
  CHECK_FALSE(server->https_enabled());
  CHECK(server->http_enabled());
}

TEST(HttpServer, ALongBodyComesInPartsAsTheyAreThere) {
  Parts parts;
  server->add("/parts", parts);
  Peer p(world, net);
  p.send("GET /parts/400000 HTTP/1.1\r\nHost: a\r\n\r\nHEAD /parts/9 HTTP/1.1\r\nHost: a\r\n\r\nGET /parts/0 HTTP/1.1\r\nHost: a\r\n\r\n");
  world.run_for(Millis(20'000));
  CHECK(p.has("Content-Length: 400000\r\n") && p.has("Cache-Control: no-store\r\n"));
  const size_t body = p.got.find("\r\n\r\n") + 4;
  std::string expected;
  for (size_t i = 0; i < 400000; ++i) expected += static_cast<char>('a' + i % 7);
  CHECK(p.got.substr(body, 400000) == expected);
  const std::string rest = p.got.substr(body + 400000);
  CHECK(rest.find("Content-Length: 9\r\n") < rest.find("Content-Length: 0\r\n"));
  STRCMP_EQUAL("", rest.substr(rest.rfind("\r\n\r\n") + 4).c_str());
  LONGS_EQUAL(3, parts.sent);

  Peer broken(world, net);
  parts.fail_at = 5000;
  broken.send("GET /parts/9000 HTTP/1.1\r\nHost: a\r\n\r\n");
  world.run_for(Millis(1'000));
  CHECK(broken.closed);   // short: the client sees it
  LONGS_EQUAL(3, parts.sent);

  Peer orphan(world, net);
  parts.fail_at = parts.stall_at = 5000;
  orphan.send("GET /parts/9000 HTTP/1.1\r\nHost: a\r\n\r\n");
  server->remove(parts);
  world.settle();
  CHECK(orphan.closed);
}

TEST(HttpServer, StartsAndStopsTwice) {
  Peer p(world, net);
  server->stop();
  world.settle();
  CHECK(p.closed);
  CHECK(server->start(3).has_value());
  world.settle();
  Peer again(world, net);
  again.send("GET /e HTTP/1.0\r\n\r\n");
  CHECK(again.has("GET /e 0"));
}

TEST(HttpServer, TheClientTalksToTheServer) {
  class Owner final : public Task {
   public:
    Owner(Scheduler& s, Net& n) : Task(s, "client"), client(*this, n) {}
    Poll step() override {
      if (client.step() == Poll::done) ended = true;
      return Poll::pending;
    }
    Client client;
    bool ended = false;
  } owner(world.scheduler, net);
  ClientRequest r;
  r.target = "/e/big";
  r.host = "a";
  r.to = Endpoint{0x7f000001, 80};
  net.read_limit = 700;
  CHECK(owner.client.start(r).has_value());
  world.run_for(Millis(1'000));
  CHECK(owner.ended && owner.client.result().has_value());
  LONGS_EQUAL(200, owner.client.status());
  LONGS_EQUAL(40012, owner.client.body().size());
  r.max_body = 1000;
  owner.ended = false;
  CHECK(owner.client.start(r).has_value());
  world.run_for(Millis(1'000));
  CHECK(owner.ended && owner.client.result().error().code == Code::full);
  r.target = "/e/never";
  owner.ended = false;
  CHECK(owner.client.start(r).has_value());
  world.run_for(Millis(31'000));
  CHECK(owner.ended && owner.client.result().error().code == Code::timeout);
}
