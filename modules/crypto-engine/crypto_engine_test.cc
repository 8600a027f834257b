// The legacy fence: counted, logged once, bounded, kept over a restart; layouts of the show commands.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include "modules/crypto-engine/crypto_engine.h"
#include "platform/crypto/emulated/emulated_engine.h"
#include "platform/crypto/test_keys.h"
#include "tests/support/test_env.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_engine;
using test::TestEnv;

namespace {

LegacyUse use(const char* device, uint16_t port = 2443, const char* suite = "AES128-SHA") {
  LegacyUse u;
  u.device = Text<64>(device);
  u.port = port;
  u.version = Text<16>("TLSv1");
  u.suite = Text<48>(suite);
  u.key_bits = 1024;
  u.hash = Text<16>("SHA1");
  return u;
}

std::string shown(const CryptoEngine& m) {
  Blob out;
  m.show_legacy(out);
  return std::string(out.text());
}

void has(const std::string& text, const char* what) { CHECK_TEXT(text.find(what) != std::string::npos, (what + (" in\n" + text)).c_str()); }

}  // namespace

TEST_GROUP(LegacyFence) {
  TestEnv t;
  CryptoEngine m{t.env};
  void setup() override {
    t.world.clock.set_wall(1800000000);
    CHECK(m.start().has_value());
  }
  void teardown() override { m.stop(); }
  long messages(const char* mnemonic) const {
    long n = 0;
    for (const std::string& l : t.log.lines)
      if (l.find(std::string("-") + mnemonic + ":") != std::string::npos) ++n;
    return n;
  }
};

TEST(LegacyFence, EmptyUntilSomethingOldComes) {
  STRCMP_EQUAL("No listener offers the legacy profile\n", shown(m).c_str());
  m.offer(2443, "TLS 1.0");
  STRCMP_EQUAL("Listener 2443: TLS 1.0\n\nDevices that need the legacy profile: 0\n", shown(m).c_str());
  m.withdraw(2443);
  STRCMP_EQUAL("No listener offers the legacy profile\n", shown(m).c_str());
}

TEST(LegacyFence, OneRecordForEachKindAndOneMessageForEachDevice) {
  m.offer(2443, "TLS 1.0");
  for (int i = 0; i < 3; ++i) m.used(use("SEP001122334455"));
  m.used(use("SEP001122334455", 2443, "NULL-SHA"));
  m.used(use("SEP001122334455", 3804));
  m.used(use("SEP00AABBCCDDEE"));
  const std::string text = shown(m);
  has(text, "SEP001122334455              2443  TLSv1    AES128-SHA                1024  SHA1    2027-01-15 08:00  2027-01-15 08:00       3\n");
  has(text, "NULL-SHA");
  has(text, "\nDevices that need the legacy profile: 2\n");
  LONGS_EQUAL(3, messages("LEGACY"));   // two devices, one of them on two listeners
}

TEST(LegacyFence, SurvivesARestart) {
  m.used(use("SEP001122334455"));
  t.world.run_for(Millis(1500));
  m.stop();
  CHECK(m.start().has_value());
  has(shown(m), "SEP001122334455");
  m.used(use("SEP001122334455"));
  LONGS_EQUAL(1, messages("LEGACY"));
}

TEST(LegacyFence, CountsAreStoredLater) {
  m.used(use("SEP001122334455"));
  t.world.run_for(Millis(1500));
  m.used(use("SEP001122334455"));
  t.world.run_for(Millis(5000));
  CHECK(t.store.read(kLegacyFile, 10000)->text().find("|1|\n") != std::string_view::npos);
  t.world.run_for(Millis(600'000));
  CHECK(t.store.read(kLegacyFile, 10000)->text().find("|2|\n") != std::string_view::npos);
}

TEST(LegacyFence, DeviceThatBecameModernIsForgotten) {
  m.used(use("SEP001122334455"));
  m.used(use("SEP001122334455", 3804));
  TlsInfo info;
  m.handshake(2443, "SEP001122334455", info);
  LONGS_EQUAL(1, messages("MODERN"));
  CHECK(shown(m).find(" 2443 ") == std::string::npos);
  has(shown(m), " 3804 ");
  info.legacy = true;
  info.version = Text<16>("TLSv1");
  m.handshake(2443, "SEP001122334455", info);
  has(shown(m), " 2443 ");
}

TEST(LegacyFence, FullListDropsTheOldest) {
  LegacyList list(3);
  for (int i = 0; i < 3; ++i) (void)list.note(use(("d" + std::to_string(i)).c_str()), 100 + i);
  (void)list.note(use("d0"), 200);
  (void)list.note(use("d3"), 201);
  LONGS_EQUAL(3, list.size());
  for (size_t i = 0; i < list.size(); ++i) CHECK(list[i].use.device.view() != "d1");
}

TEST(LegacyFence, DamagedLinesArePassedOver) {
  LegacyList list(10), again(10);
  (void)list.note(use("evil|name\n"), 100);
  (void)list.note(use("good"), 100);
  const Blob text = write_legacy(list);
  read_legacy("\n|||||||||\nx|99999|TLSv1|A|1|S|1|1|1|\ncut|2443|TLS", again);
  LONGS_EQUAL(0, again.size());
  read_legacy(text.text(), again);
  LONGS_EQUAL(2, again.size());
  STRCMP_EQUAL("evil.name.", again[0].use.device.c_str());
  STRCMP_EQUAL("AES128-SHA", again[1].use.suite.c_str());
  LONGS_EQUAL(1024, again[1].use.key_bits);
}

TEST_GROUP(ShowCryptoEngine) {};

TEST(ShowCryptoEngine, EnginesInTheirOrder) {
  fake::TestKeys keys;
  auto chip_owner = crypto::make_emulated_engine();
  crypto::EmulatedEngine* chip = chip_owner.get();
  keys.keys->add_engine(std::move(chip_owner));
  const KeyRef key = keys.import("tftp");
  TestEnv t{fake::FakeJobs::Mode::at_once, keys.keys.get()};
  const CryptoEngine m{t.env};
  chip->inject(crypto::EngineFault::fail, 3);
  for (int i = 0; i < 3; ++i) CHECK(keys.keys->sign(key, Hash::sha256, as_bytes("x")).has_value());
  Blob out;
  m.show_engines(out);
  const std::string text(out.text());
  has(text, "Engine       Kind      State\n  Operation       Requests   Refused    Failed  Failed over  In flight\n"
            "emulated     hardware  failed device error\n"
            "  RSA sign               3         0         3            3          0\n"
            "  RSA verify ");
  has(text, "\nsoftware     software  up\n  RSA sign               3         0         0            0          0\n");
}
