// Two sessions over a pipe in memory: profiles, certificates, policies, refusals, closing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <deque>
#include <string>
#include <vector>

#include "platform/crypto/emulated/emulated_engine.h"
#include "platform/crypto/software/wolf.h"
#include "platform/crypto/test_keys.h"
#include "platform/fake/fake_jobs.h"
#include "platform/tls/make_tls.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using fake::TestKeys;

namespace {

struct Wire {
  std::deque<uint8_t> bytes;
  Task* reader = nullptr;
  Task* writer = nullptr;
  bool closed = false;
  size_t room = 100000;
};

class PipeEnd final : public Stream {
 public:
  PipeEnd(std::shared_ptr<Wire> in, std::shared_ptr<Wire> out) : in_(std::move(in)), out_(std::move(out)) {}
  ~PipeEnd() override { shutdown_write(); in_->reader = nullptr; out_->writer = nullptr; }
  void set_owner(Task& t) override { in_->reader = out_->writer = &t; t.wake(); }
  Result<size_t> read(MutBytes to) override {
    if (in_->bytes.empty()) return in_->closed ? Fault{Code::closed, "end", 0} : Fault{Code::busy, "nothing", 0};
    size_t n = 0;
    for (; n < to.size() && !in_->bytes.empty(); ++n) { to[n] = in_->bytes.front(); in_->bytes.pop_front(); }
    if (in_->writer != nullptr) in_->writer->wake();
    return n;
  }
  Result<size_t> write(Bytes b) override {
    if (b.empty()) return size_t{0};
    size_t n = 0;
    for (; n < b.size() && out_->bytes.size() < out_->room; ++n) out_->bytes.push_back(b[n]);
    if (n == 0) return Fault{Code::busy, "full", 0};
    if (out_->reader != nullptr) out_->reader->wake();
    return n;
  }
  bool connected() const override { return true; }
  Endpoint peer() const override { return {1, 2}; }
  Endpoint local() const override { return {3, 4}; }
  void shutdown_write() override { out_->closed = true; if (out_->reader != nullptr) out_->reader->wake(); }

 private:
  std::shared_ptr<Wire> in_, out_;
};

struct Idle final : Task {
  explicit Idle(Scheduler& s) : Task(s, "test") {}
  int wakes = 0;
  Poll step() override { ++wakes; return Poll::pending; }
};

struct Policy final : PeerPolicy {
  Status answer;
  std::vector<size_t> seen;
  Status check(const Bytes* chain, size_t count) override {
    seen.push_back(chain[0].size());
    CHECK(count > 0);
    return answer;
  }
};

constexpr UnixTime kNow = 1800000000;

}  // namespace

TEST_GROUP(Tls) {
  fake::World world;
  TestKeys t;
  fake::FakeJobs jobs;
  Idle server_task{world.scheduler}, client_task{world.scheduler};
  std::unique_ptr<Tls> tls = make_tls(world.scheduler, jobs, *t.keys, world.clock, {.handshakes = 4, .handshake_time = Millis(5000)});
  std::shared_ptr<Wire> up = std::make_shared<Wire>(), down = std::make_shared<Wire>();
  std::unique_ptr<TlsSession> server, client;
  Policy policy;

  void setup() override { world.clock.set_wall(kNow); }

  TlsConfig config(TlsProfile profile, const char* own, std::vector<std::vector<uint8_t>>& store, std::vector<Bytes>& views,
                   std::vector<const char*> anchors) {
    TlsConfig c;
    c.profile = profile;
    if (own != nullptr) {
      c.key = t.keys->find(own) ? t.keys->find(own) : t.import(own);
      store.push_back(TestKeys::certificate(own));
    }
    for (const char* a : anchors) store.push_back(TestKeys::certificate(a));
    for (const auto& s : store) views.push_back(s);
    c.chain = views.data();
    c.chain_count = own != nullptr ? 1 : 0;
    c.anchors = views.data() + c.chain_count;
    c.anchor_count = anchors.size();
    return c;
  }
  std::shared_ptr<TlsContext> server_context(TlsProfile p, const char* own, ClientCert cert = ClientCert::none, std::vector<const char*> anchors = {}) {
    std::vector<std::vector<uint8_t>> store;
    std::vector<Bytes> views;
    TlsConfig c = config(p, own, store, views, anchors);
    c.client_cert = cert;
    c.policy = &policy;
    Result<std::shared_ptr<TlsContext>> r = tls->server_context(c);
    CHECK_TEXT(r.has_value(), r ? "" : r.error().what);
    return *r;
  }
  std::shared_ptr<TlsContext> client_context(TlsProfile p, const char* own, std::vector<const char*> anchors) {
    std::vector<std::vector<uint8_t>> store;
    std::vector<Bytes> views;
    Result<std::shared_ptr<TlsContext>> r = tls->client_context(config(p, own, store, views, anchors));
    CHECK_TEXT(r.has_value(), r ? "" : r.error().what);
    return *r;
  }
  void connect(std::shared_ptr<TlsContext> s, std::shared_ptr<TlsContext> c, std::string_view name = {}) {
    server = std::move(*tls->accept(server_task, std::move(s), std::make_unique<PipeEnd>(up, down)));
    client = std::move(*tls->connect(client_task, std::move(c), std::make_unique<PipeEnd>(down, up), name));
    world.run_for(Millis(3000));
  }
  void both_established() {
    CHECK_TEXT(server->failure().has_value(), server->failure() ? "" : (server->failure().error().what + (" " + std::to_string(server->failure().error().detail))).c_str());
    CHECK_TEXT(client->failure().has_value(), client->failure() ? "" : (client->failure().error().what + (" " + std::to_string(client->failure().error().detail))).c_str());
    CHECK(server->established() && client->established());
  }
  static std::string receive(TlsSession& s) {
    std::string out;
    uint8_t b[700];
    for (;;) {
      const Result<size_t> n = s.read(b);
      if (!n) return out;
      out.append(reinterpret_cast<char*>(b), *n);
    }
  }
  void echo() {
    for (const size_t n : {size_t{1}, size_t{500}, size_t{16384}}) {
      const std::string text(n, 'x');
      LONGS_EQUAL(n, *client->write(as_bytes(text)));
      STRCMP_EQUAL(text.c_str(), receive(*server).c_str());
      LONGS_EQUAL(n, *server->write(as_bytes(text)));
      STRCMP_EQUAL(text.c_str(), receive(*client).c_str());
    }
  }
};

TEST(Tls, ModernWithRsaAndWithEc) {
  for (const char* own : {"tftp", "httpsec", "tftp4096"}) {
    connect(server_context(TlsProfile::modern, own), client_context(TlsProfile::modern, nullptr, {own}));
    both_established();
    STRCMP_EQUAL("TLSv1.3", client->info().version.c_str());
    CHECK(server->info().peer_certificate.empty());
    CHECK(equal_bytes(client->info().peer_certificate, TestKeys::certificate(own)));
    const Digest shown = hash(Hash::sha256, client->info().peer_certificate);
    CHECK(equal_bytes(shown.view(), client->info().server_certificate.view()));
    CHECK(equal_bytes(shown.view(), server->info().server_certificate.view()));
    echo();
    client.reset();
    world.settle();
    uint8_t b[1];
    CHECK(server->read(b).error().code == Code::closed);
    server.reset();
    up = std::make_shared<Wire>();
    down = std::make_shared<Wire>();
  }
}

TEST(Tls, MutualAsksThePolicy) {
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::modern, "lsc2048", {"tftp"}));
  both_established();
  LONGS_EQUAL(1, policy.seen.size());
  CHECK(equal_bytes(server->info().peer_certificate, TestKeys::certificate("lsc2048")));
  echo();
}

// Key size and signature hash of the peer, for the legacy fence.
TEST(Tls, SessionTellsWhatIsOld) {
  const struct { TlsProfile profile; const char* own; unsigned bits; bool legacy; } rows[] = {
      {TlsProfile::modern, "lsc2048", 2048, false}, {TlsProfile::modern, "lscec", 256, false}, {TlsProfile::legacy, "lsc1024", 1024, true}};
  for (const auto& r : rows) {
    connect(server_context(r.profile, "tftp", ClientCert::required, {"capf"}), client_context(r.profile, r.own, {"tftp"}));
    both_established();
    LONGS_EQUAL(r.bits, server->info().peer_bits);
    STRCMP_EQUAL("SHA256", server->info().peer_hash.c_str());
    CHECK_EQUAL(r.legacy, server->info().legacy);
    server.reset();
    client.reset();
    world.settle();
    up = std::make_shared<Wire>();
    down = std::make_shared<Wire>();
  }
}

// Everything an engine offers goes to it; its faults are taken over by software within the handshake.
TEST(Tls, HandshakesUseTheEngine) {
  const CryptoThread allowed;
  auto chip_owner = crypto::make_emulated_engine({.min_bulk = 16});
  crypto::EmulatedEngine* chip = chip_owner.get();
  t.keys->add_engine(std::move(chip_owner));
  struct Seen { EngineCounters chip; } seen;
  const auto look = [&] {
    t.keys->engines([](void* c, const EngineView& e) { static_cast<Seen*>(c)->chip = e.counters; return false; }, &seen);
    return seen.chip;
  };
  const auto op = [&](CryptoOp o) { return seen.chip.op[static_cast<size_t>(o)]; };
  for (const char* own : {"tftp", "httpsec"}) {
    for (const crypto::EngineFault f : {crypto::EngineFault::none, crypto::EngineFault::fail, crypto::EngineFault::wrong_answer}) {
      // Verified results only: nobody can check a secret that a broken chip agreed on.
      const auto s = server_context(TlsProfile::modern, own, ClientCert::required, {"capf"});
      const auto c = client_context(TlsProfile::modern, "lscec", {own});
      chip->inject(f, f == crypto::EngineFault::wrong_answer ? 1 : 2);
      connect(s, c);
      if (f != crypto::EngineFault::wrong_answer) {
        both_established();
        echo();
      }
      chip->inject(crypto::EngineFault::none, 0);
      server.reset();
      client.reset();
      world.settle();
      up = std::make_shared<Wire>();
      down = std::make_shared<Wire>();
    }
  }
  (void)look();
  CHECK(op(CryptoOp::rsa_private).requests > 0);
  CHECK(op(CryptoOp::rsa_public).requests > 0);
  CHECK(op(CryptoOp::ec).requests > 8);
  CHECK(op(CryptoOp::aes_gcm).requests > 0);
  CHECK(op(CryptoOp::ec).failed + op(CryptoOp::rsa_private).failed + op(CryptoOp::aes_gcm).failed + op(CryptoOp::rsa_public).failed > 0);
  for (const EngineCounters::Op& o : seen.chip.op) LONGS_EQUAL(o.failed + o.refused, o.failed_over);
}

TEST(Tls, MemoryOfASession) {
  const auto s = server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"});
  const auto c = client_context(TlsProfile::modern, "lsc2048", {"tftp"});
  const size_t before = crypto::wolf_arena().used();
  connect(s, c);
  both_established();
  const size_t both = crypto::wolf_arena().used() - before;
  CHECK_TEXT(both < 2 * 48 * 1024, std::to_string(both).c_str());   // the arena is sized with this
  server.reset();
  client.reset();
  world.settle();
  LONGS_EQUAL(before, crypto::wolf_arena().used());
}

TEST(Tls, PolicyRefuses) {
  policy.answer = Fault{Code::untrusted, "not this phone", 7};
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::modern, "lsc2048", {"tftp"}));
  CHECK(!server->established());
  STRCMP_EQUAL("not this phone", server->failure().error().what);
}

TEST(Tls, RequiredCertificateIsMissing) {
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::modern, nullptr, {"tftp"}));
  CHECK(server->failure().error().code == Code::untrusted);
  STRCMP_EQUAL("the peer sent no certificate", server->failure().error().what);
}

TEST(Tls, OptionalCertificateMayBeMissing) {
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::optional, {"capf"}), client_context(TlsProfile::modern, nullptr, {"tftp"}));
  both_established();
  LONGS_EQUAL(0, policy.seen.size());
}

TEST(Tls, StrangersAreRefused) {
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::modern, "mic", {"tftp"}));
  STRCMP_EQUAL("certificate of the peer comes from an unknown authority", server->failure().error().what);
  CHECK(!client->established() || client->failure().has_value());
}

TEST(Tls, ServerOfAnUnknownAuthorityIsRefused) {
  connect(server_context(TlsProfile::modern, "tftp"), client_context(TlsProfile::modern, nullptr, {"capf"}));
  CHECK(client->failure().error().code == Code::untrusted);
  CHECK(!server->established());
  STRCMP_EQUAL("the peer ended the handshake with an alert", server->failure().error().what);
}

TEST(Tls, DatesAreJudgedByOurClock) {
  world.clock.set_wall(from_calendar({2010, 1, 1, 0, 0, 0, 0}));
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::modern, "lsc2048", {"tftp"}));
  CHECK(!server->established());
}

TEST(Tls, ExpiredClientIsRefused) {
  connect(server_context(TlsProfile::legacy, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::legacy, "lscexpired", {"tftp"}));
  STRCMP_EQUAL("certificate of the peer has expired", server->failure().error().what);
}

TEST(Tls, RsaFloorsOfTheProfiles) {
  connect(server_context(TlsProfile::modern, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::legacy, "lsc1024", {"tftp"}));
  CHECK(server->failure().error().code == Code::untrusted);
  server.reset();
  client.reset();
  up = std::make_shared<Wire>();
  down = std::make_shared<Wire>();
  connect(server_context(TlsProfile::legacy, "tftp", ClientCert::required, {"capf"}), client_context(TlsProfile::legacy, "lsc1024", {"tftp"}));
  both_established();
}

TEST(Tls, WrongConfigurationsAreTold) {
  std::vector<std::vector<uint8_t>> store;
  std::vector<Bytes> views;
  TlsConfig c = config(TlsProfile::modern, "tftp1024", store, views, {});
  CHECK(tls->server_context(c).error().code == Code::untrusted);
  c.profile = TlsProfile::legacy;
  CHECK(tls->server_context(c).has_value());
  c.key = t.import("capf");
  STRCMP_EQUAL("the certificate does not belong to the key", tls->server_context(c).error().what);
  c.key = KeyRef{999};
  CHECK(tls->server_context(c).error().code == Code::missing);
  c.chain_count = 0;
  CHECK(tls->server_context(c).error().code == Code::missing);
}

TEST(Tls, ServerNameIsChecked) {
  connect(server_context(TlsProfile::modern, "tftp"), client_context(TlsProfile::modern, nullptr, {"tftp"}), "other.example.com");
  STRCMP_EQUAL("certificate of the peer has another name", client->failure().error().what);
}

TEST(Tls, TooManyHandshakesAndTimeouts) {
  const auto context = server_context(TlsProfile::modern, "tftp");
  std::vector<std::unique_ptr<TlsSession>> silent;
  for (int i = 0; i < 4; ++i)
    silent.push_back(std::move(*tls->accept(server_task, context, std::make_unique<PipeEnd>(std::make_shared<Wire>(), std::make_shared<Wire>()))));
  CHECK(tls->accept(server_task, context, std::make_unique<PipeEnd>(up, down)).error().code == Code::busy);
  world.run_for(Millis(4000));
  for (const auto& s : silent) CHECK(s->failure().has_value());
  world.run_for(Millis(2000));
  for (const auto& s : silent) CHECK(s->failure().error().code == Code::timeout);
  uint8_t b[1];
  CHECK(silent[0]->read(b).error().code == Code::timeout);
  LONGS_EQUAL(4, tls_counters(*tls).timed_out);
  LONGS_EQUAL(1, tls_counters(*tls).refused_busy);
  LONGS_EQUAL(0, tls_counters(*tls).under_way);
  CHECK(tls->accept(server_task, context, std::make_unique<PipeEnd>(up, down)).has_value());
}

TEST(Tls, GarbageFailsTheHandshake) {
  server = std::move(*tls->accept(server_task, server_context(TlsProfile::legacy, "tftp"), std::make_unique<PipeEnd>(up, down)));
  for (const char c : std::string("GET / HTTP/1.0\r\n\r\n")) up->bytes.push_back(static_cast<uint8_t>(c));
  server_task.wake();
  world.run_for(Millis(1000));
  CHECK(!server->failure());
  CHECK(!server->connected());
}

TEST(Tls, SessionGoesAwayInTheMiddle) {
  fake::FakeJobs stepped(fake::FakeJobs::Mode::stepped);
  auto other = make_tls(world.scheduler, stepped, *t.keys, world.clock);
  const auto context = server_context(TlsProfile::modern, "tftp");
  const auto c = client_context(TlsProfile::modern, nullptr, {"tftp"});
  server = std::move(*other->accept(server_task, context, std::make_unique<PipeEnd>(up, down)));
  client = std::move(*tls->connect(client_task, c, std::make_unique<PipeEnd>(down, up), ""));
  world.settle();
  LONGS_EQUAL(1, stepped.pending());
  server.reset();
  world.settle();
  LONGS_EQUAL(0, tls_counters(*other).under_way);
  CHECK(!client->failure());
}

TEST(Tls, SlowReaderGetsEverything) {
  connect(server_context(TlsProfile::modern, "tftp"), client_context(TlsProfile::modern, nullptr, {"tftp"}));
  both_established();
  down->room = 1000;
  const std::string text(16000, 'y');
  LONGS_EQUAL(16000, *server->write(as_bytes(text)));
  CHECK(server->write(as_bytes("more")).error().code == Code::busy);
  server.reset();   // the engine sends the rest
  std::string got;
  for (int i = 0; i < 100 && got.size() < text.size(); ++i) {
    world.run_for(Millis(10));
    got += receive(*client);
  }
  STRCMP_EQUAL(text.c_str(), got.c_str());
  world.run_for(Millis(10));
  uint8_t b[1];
  CHECK(client->read(b).error().code == Code::closed);
}

TEST(Tls, ReaderThatStopsIsWokenAgain) {
  connect(server_context(TlsProfile::modern, "tftp"), client_context(TlsProfile::modern, nullptr, {"tftp"}));
  CHECK(client->write(as_bytes("one")).has_value());
  CHECK(client->write(as_bytes("two")).has_value());
  world.settle();
  const int before = server_task.wakes;
  uint8_t b[100];
  LONGS_EQUAL(3, *server->read(b));
  world.settle();
  CHECK(server_task.wakes > before);
  LONGS_EQUAL(3, *server->read(b));
}

TEST(Tls, ChangedRecordEndsTheSession) {
  connect(server_context(TlsProfile::modern, "tftp"), client_context(TlsProfile::modern, nullptr, {"tftp"}));
  CHECK(client->write(as_bytes("hello")).has_value());
  up->bytes[10] ^= 1;
  uint8_t b[100];
  CHECK(server->read(b).error().code == Code::closed);
}
