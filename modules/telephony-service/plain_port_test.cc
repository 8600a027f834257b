// Tests of the plain signalling port: who is answered what, and what hostile peers can hold.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/plain_port.h"

#include <CppUTest/TestHarness.h>

#include "modules/telephony-service/signalling_test_doubles.h"
#include "platform/fake/fake_net.h"
#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::telephony_service;
using test::kDevice;
using test::message;
using test::reject;

namespace {

// A phone, or something else that connects.
struct Peer final : Task {
  explicit Peer(Scheduler& s) : Task(s, "peer") {}
  Poll step() override { return Poll::pending; }
  void connect(fake::FakeNet& net, uint32_t from) {
    auto made = net.connect(*this, {0x0A000001, 2000}, from);
    CHECK_OK(made);
    stream = std::move(*made);
  }
  void say(const std::string& bytes) { CHECK_OK(stream->write(as_bytes(bytes))); }
  std::string hears() {
    std::string all;
    uint8_t part[256];
    for (;;) {
      const auto got = stream->read(MutBytes(part));
      gone = !got && got.error().code != Code::busy;
      if (!got) return all;
      all += std::string(reinterpret_cast<const char*>(part), *got);
    }
  }
  std::unique_ptr<Stream> stream;
  bool gone = false;
};

}  // namespace

TEST_GROUP(PlainPort) {
  test::TestEnv t;
  fake::FakeNet net;
  Env env{t.env.scheduler, t.env.jobs, t.env.clock, net, t.env.links, t.env.tls, t.env.keys, t.env.store, t.env.log, t.env.random, t.env.services, t.env.cli};
  test::PhoneOwner owner;
  std::unique_ptr<PlainPort> port;
  std::unique_ptr<Peer> peer;

  void setup() override {
    port = std::make_unique<PlainPort>(env, owner);
    CHECK_OK(port->start());
    port->configure({0x0A000001, 2000});
    t.world.settle();
    peer = std::make_unique<Peer>(t.world.scheduler);
    peer->connect(net, 0x0A000009);
    t.world.settle();
  }
  void teardown() override {
    peer = nullptr;
    port = nullptr;
  }
  std::string answer(const std::string& bytes) {
    peer->say(bytes);
    t.world.settle();
    return peer->hears();
  }
  std::string shown() {
    char text[400];
    FixedWriter w(text);
    port->show(w);
    return std::string(w.view());
  }
};

TEST(PlainPort, HoldsAPhoneWithoutSecurityModeAndResetsIt) {
  owner.phones[kDevice].mode = DeviceMode::none;
  CHECK(answer(message("Alarm") + message("RegisterReq")) == reject("Call control not present"));
  CHECK(owner.link != nullptr && !owner.link->secure());
  LONGS_EQUAL(0x0A000009, owner.link->from().ip);
  CHECK(answer(test::unhex("040000000000000000000000")) == test::unhex("040000000000000000010000"));
  t.world.run_for(Millis(80'000));
  CHECK(peer->hears().empty() && !peer->gone);
  CHECK(owner.link->send_reset(ResetKind::reset));
  t.world.settle();
  CHECK(peer->hears() == test::unhex("08000000000000009f00000001000000"));
  t.world.run_for(Millis(6'000));
  (void)peer->hears();
  CHECK(peer->gone);
  POINTERS_EQUAL(nullptr, owner.link);
  LONGS_EQUAL(0, t.log.lines.size());
}

TEST(PlainPort, TheBuiltInPhoneLeavesNoTrace) {
  owner.trial = owner.adopt = true;
  CHECK(answer(message("RegisterReq")) == reject("No Entry in Database"));
  CHECK(owner.phones.empty());
  owner.phones[kDevice].mode = DeviceMode::none;
  peer->connect(net, 0x0A000009);
  t.world.settle();
  CHECK(answer(message("RegisterReq")) == reject("Call control not present"));
  POINTERS_EQUAL(nullptr, owner.link);
}

TEST(PlainPort, OneByteAtATime) {
  owner.phones[kDevice].mode = DeviceMode::none;
  std::string heard;
  for (const char c : message("Alarm") + message("RegisterReq")) heard += answer(std::string(1, c));
  CHECK(heard == reject("Call control not present"));
}

TEST(PlainPort, RefusesWithTheReason) {
  owner.phones[kDevice].mode = DeviceMode::encrypted;
  CHECK(answer(message("RegisterReq")) == reject("Security Mode Mismatch"));
  LONGS_EQUAL(1, port->counters().mode);
  t.world.run_for(Millis(6'000));
  (void)peer->hears();
  CHECK(peer->gone);
  POINTERS_EQUAL(nullptr, owner.link);

  owner.phones.clear();
  peer->connect(net, 0x0A000009);
  t.world.settle();
  CHECK(answer(message("RegisterReq")) == reject("No Entry in Database"));
  LONGS_EQUAL(1, port->counters().unknown);
  STRCMP_EQUAL("its device-security-mode is encrypted|no ephone", (owner.refusals[0] + "|" + owner.refusals[1]).c_str());
  CHECK(t.log.has("PLAINREFUSED"));
  STRCMP_EQUAL("signaling 10.0.0.1 port 2000, listening\n"
               "  connections 2, registers 0; refused: unknown phone 1, other name 0, security mode 1, not SCCP 0, too many 0\n", shown().c_str());
}

TEST(PlainPort, AnUnknownPhoneThatBecomesAnEphoneIsAnswered) {
  owner.adopt = true;
  CHECK(answer(message("RegisterReq")) == reject("Call control not present"));
  LONGS_EQUAL(1, port->counters().registers);
  CHECK(owner.link != nullptr);
}

TEST(PlainPort, OneConnectionIsOnePhone) {
  owner.phones[kDevice].mode = DeviceMode::none;
  owner.phones["SEP0011AABB0002"].mode = DeviceMode::none;
  CHECK(answer(message("RegisterReq")) == reject("Call control not present"));
  std::string other = message("RegisterReq");
  other.replace(12, 15, "SEP0011AABB0002");
  CHECK(answer(other) == reject("No Entry in Database"));
  LONGS_EQUAL(1, port->counters().name);
  t.world.run_for(Millis(6'000));
  POINTERS_EQUAL(nullptr, owner.link);
}

TEST(PlainPort, WhatIsNoSccpOrSaysNothingIsClosed) {
  CHECK(answer("GET / HTTP/1.0\r\n\r\n").empty());
  CHECK(peer->gone);
  LONGS_EQUAL(1, port->counters().broken);
  peer->connect(net, 0x0A000009);
  t.world.settle();
  for (int n = 0; n < 7; ++n) {          // a sign of life now and then does not help
    CHECK(answer(test::unhex("040000000000000000000000")).size() == 12);
    t.world.run_for(Millis(4'000));
  }
  t.world.run_for(Millis(4'000));
  (void)peer->hears();
  CHECK(peer->gone);
}

TEST(PlainPort, OneAddressGetsEightConnectionsAndRefusalsAreNotLoggedWithoutEnd) {
  std::vector<std::unique_ptr<Peer>> many;
  for (int n = 0; n < 20; ++n) {
    many.push_back(std::make_unique<Peer>(t.world.scheduler));
    many.back()->connect(net, 0x0A000009);
  }
  t.world.settle();
  LONGS_EQUAL(13, port->counters().too_many);          // with the one of setup()
  many.clear();
  t.world.settle();
  for (int n = 0; n < 20; ++n) {
    Peer one(t.world.scheduler);
    one.connect(net, 0x0A000100 + static_cast<uint32_t>(n));
    t.world.settle();
    one.say(message("RegisterReq"));
    t.world.settle();
    CHECK(one.hears() == reject("No Entry in Database"));
  }
  LONGS_EQUAL(20, port->counters().unknown);
  LONGS_EQUAL(8, t.log.lines.size());
}

TEST(PlainPort, ClosesWithItsAddressAndComesBack) {
  owner.phones[kDevice].mode = DeviceMode::none;
  CHECK(answer(message("RegisterReq")) == reject("Call control not present"));
  port->configure({});
  t.world.settle();
  (void)peer->hears();
  CHECK(peer->gone);
  POINTERS_EQUAL(nullptr, owner.link);
  STRCMP_EQUAL("", shown().c_str());
  net.foreign.push_back(0x0A000002);
  port->configure({0x0A000002, 2000});
  t.world.settle();
  CHECK(shown().find("down: ") != std::string::npos);
  CHECK(t.log.has("PORTDOWN"));
  net.foreign.clear();
  t.world.run_for(Millis(6'000));
  CHECK(shown().find("10.0.0.2 port 2000, listening") != std::string::npos);
}
