// Tests of the secure signalling port: SCCP frames, sessions byte by byte, who is refused and why.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/signalling_port.h"

#include <map>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/telephony-service/signalling_test_doubles.h"
#include "tests/support/fake_tls.h"
#include "tests/support/trust_group.h"
#include "tests/support/fake_trust.h"

using namespace parley;
using namespace parley::telephony_service;
using test::kDevice;
using test::message;
using test::reject;

namespace {

struct Peers final : PeerTrust {
  struct Answer final : PeerPolicy {
    explicit Answer(Status s) : status(s) {}
    Status check(const Bytes*, size_t) override { return status; }
    Status status;
  };
  std::map<PeerUse, Status> answers;
  Result<std::unique_ptr<PeerPolicy>> policy(const PeerRule& rule) override {
    return std::unique_ptr<PeerPolicy>(std::make_unique<Answer>(answers[rule.use]));
  }
  std::unique_ptr<PeerJob> validation(const PeerRule&) override { return nullptr; }
};

std::string der(const char* key) { return test::vector_file(std::string("keys/") + key + ".der"); }

}  // namespace

TEST_GROUP(SccpWire) {};

TEST(SccpWire, ReadsTheRecordedRegister) {
  const std::string m = message("RegisterReq");
  const auto length = read_sccp_head(as_bytes(m).first(8));
  CHECK_OK(length);
  LONGS_EQUAL(0x80, *length);
  const SccpMessage body = read_sccp_body(as_bytes(m).subspan(8));
  LONGS_EQUAL(1, static_cast<long>(body.id));
  const auto r = read_register(body.payload);
  CHECK_OK(r);
  STRCMP_EQUAL(kDevice, r->device.c_str());
  LONGS_EQUAL(0xC000020B, r->ip);
  LONGS_EQUAL(30006, r->device_type);
  LONGS_EQUAL(21, r->version);
  STRCMP_EQUAL("SCCP70.9-4-2S", r->load.c_str());
}

TEST(SccpWire, RefusesLengthsAndNamesThatNoPhoneSends) {
  for (const char* head : {"0300000000000000", "0120000000000000", "ffffffff00000000", "04000080"}) {
    const std::string bytes = test::unhex(head);
    CHECK_TEXT(!read_sccp_head(as_bytes(bytes)), head);
  }
  const std::string good = message("RegisterReq").substr(12);
  CHECK(!read_register(as_bytes(good.substr(0, 31))));
  CHECK_OK(read_register(as_bytes(good.substr(0, 32))));
  for (const char c : {'\0', '\n', '\x80'}) {
    std::string bad = good;
    bad[0] = c;
    CHECK(!read_register(as_bytes(bad)));
  }
}

TEST_GROUP_BASE(Signalling, test::TrustGroup) {
  Peers peers;
  test::PhoneOwner owner;
  std::unique_ptr<SignallingPort> port;
  const Endpoint from{0x0A000001, 40000};
  std::string lsc = der("lsc2048"), mic = der("mic");
  static constexpr const char* kLsc = "SEP001122334455";

  void setup() override {
    begin({});
    port = std::make_unique<SignallingPort>(t->env, owner, *pki, peers);
    CHECK_OK(port->start());
    owner.phones[kLsc].mode = DeviceMode::encrypted;
  }
  void teardown() override {
    port = nullptr;
    finish();
  }
  // What the phone reads before the port hangs up or waits.
  std::string talk(const std::string& bytes, const std::string& certificate, const char* suite = "AES128-SHA", size_t part = SIZE_MAX) {
    const auto p = std::make_shared<test::TlsPeer>();
    p->read_limit = part;
    p->to_service = bytes;
    CHECK_OK(p->info.peer_certificate.append(certificate));
    p->info.suite = std::string_view(suite);
    SccpSession session(t->world.scheduler, *port);
    session.begin(std::make_unique<test::FakeTlsSession>(p, from));
    for (int i = 0; i < 2000 && !p->gone && !p->to_service.empty(); ++i) {
      session.wake();
      t->world.settle();
    }
    hung_up = p->gone;
    return p->received();
  }
  std::string registered(const char* device = kLsc) {
    std::string m = message("RegisterReq");
    m.replace(12, 15, device);
    return m;
  }
  bool hung_up = false;
};

TEST(Signalling, AnswersTheRegisterOfAPhoneThatProvedItself) {
  for (const size_t part : {size_t{1}, size_t{5}, SIZE_MAX})
    STRCMP_EQUAL(reject("Call control not present").c_str(), talk(message("Alarm") + registered(), lsc, "AES128-SHA", part).c_str());
  LONGS_EQUAL(3, port->counters().registers);
  LONGS_EQUAL(3, port->counters().alarms);
  LONGS_EQUAL(3, owner.seen.size());
  STRCMP_EQUAL("SEP001122334455 lsc", owner.seen[0].c_str());
  (void)talk(registered(), mic);
  STRCMP_EQUAL("SEP001122334455 mic", owner.seen.back().c_str());
  CHECK(talk(test::unhex("040000000000000000000000"), lsc) == test::unhex("040000000000000000010000"));   // keep-alive
  LONGS_EQUAL(0, t->log.lines.size());
}

TEST(Signalling, HoldsTheConnectionOfAPhoneInOrderAndResetsIt) {
  const auto p = std::make_shared<test::TlsPeer>();
  CHECK_OK(p->info.peer_certificate.append(lsc));
  SccpSession session(t->world.scheduler, *port);
  p->to_service = registered();
  session.begin(std::make_unique<test::FakeTlsSession>(p, from));
  t->world.settle();
  CHECK(owner.link == &session);
  t->world.run_for(Millis(89'000));
  CHECK(!p->gone);
  p->to_service = test::unhex("040000000000000000000000");     // a sign of life: another 90 seconds
  session.wake();
  t->world.settle();
  t->world.run_for(Millis(80'000));
  CHECK(!p->gone);
  p->writes.clear();
  CHECK(session.send_reset(ResetKind::restart));
  CHECK(!session.send_reset(ResetKind::reset));               // once
  t->world.settle();
  CHECK(p->received() == test::unhex("08000000000000009f00000002000000"));
  CHECK(!p->gone);                                             // the phone hangs up
  p->ended = true;
  session.wake();
  t->world.settle();
  CHECK(p->gone && session.closed());
  POINTERS_EQUAL(nullptr, owner.link);
}

TEST(Signalling, AResetBehindAnAnswerThatIsNotOutYet) {
  const auto p = std::make_shared<test::TlsPeer>();
  CHECK_OK(p->info.peer_certificate.append(lsc));
  p->write_limit = 0;
  SccpSession session(t->world.scheduler, *port);
  p->to_service = registered();
  session.begin(std::make_unique<test::FakeTlsSession>(p, from));
  t->world.settle();
  CHECK(session.send_reset(ResetKind::reset));
  p->write_limit = 3;
  session.wake();
  t->world.settle();
  CHECK(p->received() == reject("Call control not present") + test::unhex("08000000000000009f00000001000000"));
}

TEST(Signalling, AnswersTheRegisterWithAResetThatWaited) {
  owner.first = ResetKind::reset;
  CHECK(talk(registered(), lsc) == test::unhex("08000000000000009f00000001000000"));
  LONGS_EQUAL(1, port->counters().registers);
}

TEST(Signalling, SilentPhonesAreDropped) {
  const auto p = std::make_shared<test::TlsPeer>();
  CHECK_OK(p->info.peer_certificate.append(lsc));
  SccpSession session(t->world.scheduler, *port);
  p->to_service = registered();
  session.begin(std::make_unique<test::FakeTlsSession>(p, from));
  t->world.settle();
  t->world.run_for(Millis(91'000));
  CHECK(p->gone && session.closed());
  CHECK(!session.send_reset(ResetKind::reset) && session.closed());
  LONGS_EQUAL(0, port->counters().broken);
}

TEST(Signalling, RefusesWithTheReason) {
  CHECK(talk(registered("SEP0011AABB0001"), lsc) == reject("Certificate of another phone"));
  LONGS_EQUAL(1, port->counters().name);
  owner.phones[kLsc].mode = DeviceMode::none;
  CHECK(talk(registered(), lsc) == reject("Security mode is none"));
  owner.phones[kLsc].mode = DeviceMode::encrypted;
  CHECK(talk(registered(), lsc, "TLS_RSA_WITH_NULL_SHA") == reject("Encryption is required"));
  LONGS_EQUAL(2, port->counters().mode);
  owner.phones[kLsc].mode = DeviceMode::authenticated;
  CHECK(talk(registered(), lsc, "TLS_RSA_WITH_NULL_SHA") == reject("Call control not present"));
  owner.phones.clear();
  CHECK(talk(registered(), lsc) == reject("Phone is not configured"));
  LONGS_EQUAL(1, port->counters().unknown);
  CHECK(talk(registered(), der("tftp")).empty());
  CHECK(hung_up);
  CHECK(talk("GET / HTTP/1.0\r\n\r\n", lsc).empty());
  CHECK(hung_up);
  LONGS_EQUAL(1, port->counters().broken);
  CHECK(t->log.has("REFUSED"));
  LONGS_EQUAL(1, owner.seen.size());
}

TEST(Signalling, AReplacedLscIsRefusedAndTheBuiltInPhoneLeavesNoTrace) {
  const std::string other = der("lsc1024");
  owner.phones[kLsc].certificate = as_bytes(other);
  CHECK(talk(registered(), lsc).empty());
  CHECK(hung_up);
  LONGS_EQUAL(1, port->counters().certificate);
  owner.phones[kLsc].certificate = as_bytes(mic);     // the router knows only its MIC
  CHECK(talk(registered(), lsc) == reject("Call control not present"));
  LONGS_EQUAL(1, owner.seen.size());
  owner.trial = true;
  CHECK(talk(registered(), lsc) == reject("Call control not present"));
  LONGS_EQUAL(1, owner.seen.size());
}

TEST(Signalling, PolicyTakesLscsOfOurAuthorityAndMicsOfOthers) {
  pki->add("capf", "capf");
  const Fault no{Code::untrusted, "certificate is not from a trusted CA", 0};
  const auto judge = [&](const std::string& certificate, const char* trial = nullptr) {
    auto policy = PhonePolicy::make(peers, *pki, "capf", false);
    CHECK_OK(policy);
    if (trial != nullptr) (*policy)->set_trial(as_bytes(der(trial)));
    const Bytes chain[] = {as_bytes(certificate)};
    const Status s = (*policy)->check(chain, 1);
    return std::string(s ? "good" : s.error().what);
  };
  STRCMP_EQUAL("good", judge(lsc).c_str());
  STRCMP_EQUAL("good", judge(mic).c_str());
  STRCMP_EQUAL("not the certificate of a phone", judge(der("tftp")).c_str());
  peers.answers[PeerUse::phone_lsc] = no;
  STRCMP_EQUAL(no.what, judge(lsc).c_str());
  STRCMP_EQUAL("good", judge(lsc, "lsc2048").c_str());
  STRCMP_EQUAL("good", judge(mic).c_str());
  peers.answers[PeerUse::phone_mic] = no;
  STRCMP_EQUAL(no.what, judge(mic).c_str());
}
