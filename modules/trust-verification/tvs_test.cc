// Tests of the trust verification service: vectors through the session, table rules, the module with ctl-client's service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/trust-verification/trust_table.h"
#include "modules/trust-verification/tvs_session.h"
#include "tests/support/fake_tls.h"
#include "tests/support/fake_trust.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::trust_verification;

namespace {

constexpr UnixTime kNow = 1800000000;   // inside the life of the vectors' certificates

struct Case {
  std::string name, request, response;
  bool closes = false;
};

std::vector<Case> cases(const std::string& file, const std::string& request, const std::string& response) {
  test::JsonWalk json(test::vector_file("tvs/" + file));
  CHECK(json.skip(request == "hex" ? "\"sessions\"" : "\"cases\""));
  std::vector<Case> out;
  for (;;) {
    const std::string name = json.next("name");
    if (json.ended()) return out;
    const std::string question = json.next(request);
    if (request == "hex") json.skip("\"server\"");
    const std::string answer = json.next(response);
    CHECK(!name.empty() && !question.empty() && !answer.empty());
    out.push_back({name, test::unhex(question), answer == "null" ? "" : test::unhex(answer), answer == "null"});
  }
}

std::string der(const std::string& key) { return test::vector_file("keys/" + key + ".der"); }

}  // namespace

TEST_GROUP(Tvs) {
  fake::World world;
  Arena arena{"tvs test", 1 << 20};
  TrustTable table;

  struct Service final : Answers {
    TrustTable& table;
    Arena& arena_;
    int refusals = 0, unknown = 0, closed = 0;
    std::vector<std::string> devices;
    Service(TrustTable& t, Arena& a) : table(t), arena_(a) {}
    Verdict answer(const VerifyRequest& r, uint32_t) override {
      devices.emplace_back(r.device);
      return table.lookup(r.certificate, kNow, 0xFFFFFFFF);
    }
    void refused(uint32_t, const Fault&) override { ++refusals; }
    void unknown_command(uint32_t, Bytes, Bytes) override { ++unknown; }
    void connected(const TlsInfo&, uint32_t) override {}
    void session_closed() override { ++closed; }
    Arena& arena() override { return arena_; }
  } service{table, arena};

  void setup() override {
    // The trust table of sessions.json.
    table.begin();
    table.add(as_bytes(der("ccm")), TrustRole::ccm, "ccm", 86400);
    table.add(as_bytes(der("tftp")), TrustRole::tftp, "tftp", 3600);
    table.add(as_bytes(der("tftp")), TrustRole::sast, "tftp", 3600);
    table.add(as_bytes(der("ccmtftp")), TrustRole::ccm_tftp, "ccmtftp", 2592000);
    table.add(as_bytes(der("ccmtftp")), TrustRole::app_server, "ccmtftp", 2592000);
    table.add(as_bytes(der("httpsec")), TrustRole::tftp, "httpsec", 60);
    table.end(kNow);
  }
  void teardown() override { table.clear(); }

  std::shared_ptr<test::TlsPeer> peer() { return std::make_shared<test::TlsPeer>(); }
  std::unique_ptr<TvsSession> session(const std::shared_ptr<test::TlsPeer>& p) {
    auto s = std::make_unique<TvsSession>(world.scheduler, service);
    s->begin(std::make_unique<test::FakeTlsSession>(p, Endpoint{0x0A000001, 40000}));
    return s;
  }
  void run(TvsSession& s, const std::shared_ptr<test::TlsPeer>& p) {
    for (int i = 0; i < 4000 && !p->gone; ++i) {
      s.wake();
      world.settle();
      if (p->to_service.empty()) { s.wake(); world.settle(); break; }
    }
  }
  // Answer of one connection that got `request`; `gone`: the service closed it.
  std::string ask(const std::string& request, size_t read_limit, bool& gone, size_t* writes = nullptr) {
    const auto p = peer();
    p->read_limit = read_limit;
    const auto s = session(p);
    p->to_service = request;
    run(*s, p);
    gone = p->gone;
    if (writes != nullptr) *writes = p->writes.size();
    return p->received();
  }
};

TEST(Tvs, AnswersTheRecordedDialogsByteForByte) {
  const auto list = cases("sessions.json", "hex", "hex");
  LONGS_EQUAL(5, list.size());
  for (const Case& c : list)
    for (const size_t limit : {size_t{1}, size_t{7}, SIZE_MAX}) {
      bool gone = false;
      size_t writes = 0;
      const std::string answer = ask(c.request, limit, gone, &writes);
      CHECK_TEXT(answer == c.response, c.name.c_str());
      LONGS_EQUAL_TEXT(1, writes, "a phone stalls when header and body come apart");
      CHECK_TEXT(!gone, c.name.c_str());
    }
}

TEST(Tvs, TreatsOddFramesAsTheVectorsSay) {
  const auto list = cases("framing.json", "request", "response");
  LONGS_EQUAL(14, list.size());
  int closing = 0;
  for (const Case& c : list)
    for (const size_t limit : {size_t{1}, SIZE_MAX}) {
      bool gone = false;
      CHECK_TEXT(ask(c.request, limit, gone) == c.response, c.name.c_str());
      LONGS_EQUAL_TEXT(c.closes, gone, c.name.c_str());
      closing += gone;
    }
  CHECK(closing > 0);
  LONGS_EQUAL(closing, service.refusals + service.unknown);
}

TEST(Tvs, RefusesMessagesAboveSixteenKilobytesBeforeTheirBodyComes) {
  const auto p = peer();
  const auto s = session(p);
  p->to_service = test::unhex("5701010000000001") + "\x40\x01";   // 16385
  run(*s, p);
  CHECK(p->gone);
  LONGS_EQUAL(1, service.refusals);
  LONGS_EQUAL(0, arena.used());
}

TEST(Tvs, SlowPeersGoAndIdleOnesToo) {
  const auto half = peer();
  const auto s = session(half);
  half->to_service = "\x57\x01";
  run(*s, half);
  CHECK(!half->gone);
  world.run_for(Millis{11'000});
  CHECK(half->gone);
  LONGS_EQUAL(1, service.refusals);
  const auto idle = peer();
  const auto t = session(idle);
  world.settle();
  world.run_for(Millis{29'000});
  CHECK(!idle->gone);
  world.run_for(Millis{2'000});
  CHECK(idle->gone);
  LONGS_EQUAL(1, service.refusals);
}

TEST(Tvs, HandshakeThatFailsOrStallsEndsTheSession) {
  const auto failed = peer();
  failed->established = false;
  failed->failure = Fault{Code::untrusted, "no common cipher", 0};
  const auto s = session(failed);
  world.settle();
  CHECK(failed->gone);
  const auto stalled = peer();
  stalled->established = false;
  const auto t = session(stalled);
  world.settle();
  CHECK(!stalled->gone);
  world.run_for(Millis{11'000});
  CHECK(stalled->gone);
  LONGS_EQUAL(2, service.refusals);
}

TEST(Tvs, ReplacedCertificatesStayThirtyDaysWithTheirLifetimeButNeverAsSigner) {
  const std::string tftp = der("tftp"), ccm = der("ccm");
  table.begin();
  table.add(as_bytes(ccm), TrustRole::ccm, "ccm", 86400);
  table.end(kNow);
  const Verdict v = table.lookup(as_bytes(tftp), kNow, 0xFFFFFFFF);
  CHECK(v.valid);
  LONGS_EQUAL(1, v.role_count);
  LONGS_EQUAL(static_cast<int>(TrustRole::tftp), v.roles[0]);
  LONGS_EQUAL(3600, v.ttl_s);

  Blob file;
  CHECK_OK(table.save(file));
  TrustTable again;
  CHECK_OK(again.load(file.view(), kNow));
  LONGS_EQUAL(table.size(), again.size());
  CHECK(again.lookup(as_bytes(tftp), kNow + 29 * 86400, 0xFFFFFFFF).valid);
  CHECK(!again.lookup(as_bytes(tftp), kNow + 31 * 86400, 0xFFFFFFFF).valid);
  CHECK(again.lookup(as_bytes(ccm), kNow + 31 * 86400, 0xFFFFFFFF).valid);
  again.forget_old(kNow + 31 * 86400);
  LONGS_EQUAL(1, again.size());

  // It came back: all its roles too.
  table.begin();
  table.add(as_bytes(tftp), TrustRole::sast, "tftp", 7200);
  table.end(kNow);
  LONGS_EQUAL(static_cast<int>(TrustRole::sast), table.lookup(as_bytes(tftp), kNow, 0xFFFFFFFF).roles[0]);
  LONGS_EQUAL(60, table.lookup(as_bytes(tftp), kNow, 60).ttl_s);
}

TEST(Tvs, DamagedTableFilesAreRefused) {
  Blob file;
  CHECK_OK(table.save(file));
  for (size_t n = 0; n < file.size(); n += 13) {
    TrustTable t;
    CHECK(n == 0 || !t.load(file.view().first(n), kNow) || t.size() < table.size());
  }
  TrustTable t;
  CHECK(!t.load(as_bytes("garbage"), kNow));
}

TEST(Tvs, CertificatesOutOfTheirTimeAreNotValid) {
  const auto c = test::vector_certificate("ccm");
  CHECK(!table.lookup(c.der.view(), c.not_before - 1, 60).valid);
  CHECK(table.lookup(c.der.view(), c.not_before, 60).valid);
  CHECK(!table.lookup(c.der.view(), c.not_after + 1, 60).valid);
}

TEST(Tvs, DeviceNamesOfRealPhonesAreKnown) {
  for (const char* good : {"CP-7962-SEP001122334455", "CP-7975G-SEP0011223344AA", "CP-DX650-SEP001122334455", "CP-8841-3PCC-SEP001122334455"})
    CHECK_TEXT(known_device_form(good), good);
  for (const char* bad : {"", "CP-", "CP--SEP001122334455", "CP-7962-SEP00112233445", "CP-7962-SEP00112233445g", "7962-SEP001122334455",
                          "CP-79 62-SEP001122334455", "CP-7962SEP001122334455X"})
    CHECK_TEXT(!known_device_form(bad), bad);
}
