// Tests of resets on their way: paced, one after the other, waiting for the phone, cancelled.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/phone_resets.h"

#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::telephony_service;

namespace {

cli::Mac mac(uint8_t n) { return {{0, 0x11, 0x22, 0x33, 0x44, n}}; }

struct Link final : PhoneLink {
  std::string told;
  bool open = true, gone = false;
  PhoneResets* resets = nullptr;
  bool send_reset(ResetKind kind) override {
    if (!open) return false;
    told += kind == ResetKind::reset ? 'R' : 'r';
    open = false;
    return true;
  }
  void hang_up() override {
    gone = true;
    resets->closed(*this);
  }
  std::string_view device() const override { return "SEP001122334400"; }
  Endpoint from() const override { return {0x0A000001, 2000}; }
  bool secure() const override { return true; }
  uint16_t number() const override { return 1; }
};

}  // namespace

TEST_GROUP(PhoneResets) {
  test::TestEnv t;
  struct End {
    size_t told = 0, lost = 0, count = 0;
  } end;
  std::unique_ptr<PhoneResets> resets;
  Link links[4];

  void setup() override {
    resets = std::make_unique<PhoneResets>(t.world.scheduler, [](void* context, ResetKind, size_t told, size_t lost) {
      End& e = *static_cast<End*>(context);
      e.told = told;
      e.lost = lost;
      ++e.count;
    }, &end);
    for (Link& l : links) l.resets = resets.get();
  }
  void teardown() override { resets = nullptr; }
  ResetKind come(uint8_t n) {
    links[n] = Link();
    links[n].resets = resets.get();
    return resets->came(mac(n), links[n]);
  }
  std::string told() {
    std::string all;
    for (const Link& l : links) all += l.told.empty() ? "-" : l.told;
    return all;
  }
};

TEST(PhoneResets, APhoneWithAConnectionIsToldAtOnceAndOneWithoutWhenItRegisters) {
  CHECK(come(0) == ResetKind::none);
  CHECK(resets->request(mac(0), ResetKind::restart));
  STRCMP_EQUAL("r---", told().c_str());
  CHECK(resets->state(mac(0)).told && !resets->state(mac(0)).waiting);
  resets->closed(links[0]);
  CHECK(come(0) == ResetKind::none);
  CHECK(!resets->state(mac(0)).told && resets->state(mac(0)).link == &links[0]);

  CHECK(!resets->request(mac(1), ResetKind::restart));
  CHECK(!resets->request(mac(1), ResetKind::reset));      // the stronger one counts
  CHECK(!resets->request(mac(1), ResetKind::restart));
  CHECK(resets->state(mac(1)).waiting);
  CHECK(come(1) == ResetKind::reset);
  CHECK(resets->state(mac(1)).told && resets->state(mac(1)).link == nullptr);
  CHECK(come(1) == ResetKind::none);
}

TEST(PhoneResets, APhoneThatBootedByItselfIsLeftAlone) {
  CHECK(!resets->request(mac(1), ResetKind::reset));
  resets->booted(mac(1));
  CHECK(!resets->state(mac(1)).waiting);
  CHECK(come(1) == ResetKind::none);
}

TEST(PhoneResets, AConnectionReplacesTheFormer) {
  CHECK(come(0) == ResetKind::none);
  Link second;
  second.resets = resets.get();
  CHECK(resets->came(mac(0), second) == ResetKind::none);
  CHECK(links[0].gone && !second.gone);
  CHECK(resets->state(mac(0)).link == &second);
  resets->closed(second);
  CHECK(resets->state(mac(0)).link == nullptr);
}

TEST(PhoneResets, AllAreToldSoManySecondsApart) {
  for (uint8_t n = 0; n < 3; ++n) (void)come(n);
  resets->begin(ResetKind::reset, PhoneResets::Pace::interval, Millis(5'000));
  for (uint8_t n = 0; n < 4; ++n) CHECK_OK(resets->add(mac(n)));
  LONGS_EQUAL(3, resets->sum().in_line);
  LONGS_EQUAL(1, resets->sum().waiting);
  t.world.settle();
  STRCMP_EQUAL("R---", told().c_str());
  t.world.run_for(Millis(4'900));
  STRCMP_EQUAL("R---", told().c_str());
  t.world.run_for(Millis(200));
  STRCMP_EQUAL("RR--", told().c_str());
  resets->booted(mac(2));                      // it booted while it stood in line
  t.world.run_for(Millis(6'000));
  STRCMP_EQUAL("RR--", told().c_str());
  CHECK(!resets->busy());
  LONGS_EQUAL(2, end.told);
  LONGS_EQUAL(1, end.count);
  CHECK(come(3) == ResetKind::reset);          // it had no connection
}

TEST(PhoneResets, WithoutIntervalAllAtOnceAndAReconnectLosesNobody) {
  for (uint8_t n = 0; n < 3; ++n) (void)come(n);
  resets->begin(ResetKind::restart, PhoneResets::Pace::interval, Millis(0));
  for (uint8_t n = 0; n < 3; ++n) CHECK_OK(resets->add(mac(n)));
  resets->closed(links[1]);                    // gone before its turn
  t.world.settle();
  STRCMP_EQUAL("r-r-", told().c_str());
  CHECK(resets->state(mac(1)).waiting);
  CHECK(come(1) == ResetKind::restart);
}

TEST(PhoneResets, OneAfterTheOtherWithALimitOfTime) {
  for (uint8_t n = 0; n < 3; ++n) (void)come(n);
  resets->begin(ResetKind::reset, PhoneResets::Pace::one_by_one, Millis(0));
  for (uint8_t n = 0; n < 3; ++n) CHECK_OK(resets->add(mac(n)));
  t.world.settle();
  STRCMP_EQUAL("R---", told().c_str());
  t.world.run_for(Millis(200'000));
  STRCMP_EQUAL("R---", told().c_str());
  resets->closed(links[0]);
  CHECK(come(0) == ResetKind::none);           // back
  t.world.settle();
  STRCMP_EQUAL("-R--", told().c_str());
  t.world.run_for(Millis(241'000));               // the second stays away
  STRCMP_EQUAL("-RR-", told().c_str());
  CHECK(resets->busy());
  resets->closed(links[2]);
  (void)come(2);
  t.world.settle();
  CHECK(!resets->busy());
  LONGS_EQUAL(3, end.told);
  LONGS_EQUAL(1, end.lost);
}

TEST(PhoneResets, CancelForgetsThoseOfTheRoundOnly) {
  for (uint8_t n = 0; n < 2; ++n) (void)come(n);
  CHECK(!resets->request(mac(3), ResetKind::reset));       // for itself
  resets->begin(ResetKind::reset, PhoneResets::Pace::interval, Millis(5'000));
  for (uint8_t n = 0; n < 3; ++n) CHECK_OK(resets->add(mac(n)));
  t.world.settle();
  LONGS_EQUAL(2, resets->cancel());
  t.world.run_for(Millis(60'000));
  STRCMP_EQUAL("R---", told().c_str());
  LONGS_EQUAL(0, end.count);
  CHECK(come(2) == ResetKind::none);
  CHECK(come(3) == ResetKind::reset);
}

TEST(PhoneResets, ForgetsPhonesThatAreNoneAnyMore) {
  for (uint8_t n = 0; n < 3; ++n) (void)come(n);
  resets->each([](void*, const cli::Mac& m, const PhoneResets::State&) { return m.bytes[5] == 1; }, nullptr);
  CHECK(links[0].gone && !links[1].gone && links[2].gone);
  CHECK(resets->state(mac(1)).link == &links[1]);
  CHECK(resets->state(mac(0)).link == nullptr);
}
