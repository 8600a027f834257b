// Tests of the memory of the phones' lists: file, rules, fetches by name and address, few writes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/phone_memory.h"
#include "tests/support/fake_trust.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::ctl_client;

namespace {

constexpr PhoneMac kOne{{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}}, kTwo{{0x00, 0x11, 0x22, 0x33, 0x44, 0xAA}};

struct Owner final : PhoneMemory::Owner {
  int told = 0;
  std::string ctl, itl;
  void memory_changed() override { ++told; }
  Bytes served(ListKind kind) const override { return as_bytes(kind == ListKind::ctl ? ctl : itl); }
};

}  // namespace

TEST_GROUP(PhoneLists) {
  test::TestEnv t;
  test::FakePublisher publisher;
  Owner owner;
  std::string list = test::vector_file("tlv/CTLFile.tlv"), itl = test::vector_file("tlv/ITLFile.tlv");
  std::unique_ptr<PhoneMemory> memory;

  void setup() override {
    publisher.files = {{"CTLFile.tlv", list}, {"CTLSEP001122334455.tlv", list}, {"ITLSEP001122334455.tlv", itl},
                       {"ITLFile.tlv", itl}, {"SEP001122334455.cnf.xml.sgn", "s"}, {"SEP0011223344AA.cnf.xml.sgn", "s"}};
    boot();
  }
  void teardown() override { memory = nullptr; }
  void boot() {
    memory = nullptr;
    memory = std::make_unique<PhoneMemory>(t.env, publisher, owner);
    memory->restore();
    const PhoneMac phones[] = {kOne, kTwo};
    memory->set_phones(phones);
  }
  const PhoneLists::Phone& phone(const PhoneMac& mac) {
    for (const PhoneLists::Phone& p : memory->lists().phones())
      if (same_mac(p.mac, mac)) return p;
    FAIL("no such phone");
    return memory->lists().phones()[0];
  }
  void pass(Millis time = Millis(3000)) { t.world.run_for(time); }
};

TEST(PhoneLists, AFetchIsHeldOnceThePhoneGoesOn) {
  publisher.fetch("ITLSEP001122334455.tlv", 1);
  CHECK_FALSE(phone(kOne).sure());
  publisher.fetch("SEP001122334455.cnf.xml.sgn", 1);
  CHECK(phone(kOne).sure());
  const uint16_t held = phone(kOne).lists[1][0];
  CHECK(memory->lists().list(held).id == sha256_id(as_bytes(itl)));
  CHECK_FALSE(phone(kTwo).holds_any());
}

TEST(PhoneLists, CommonListsAreThoseOfTheAddress) {
  publisher.fetch("CTLFile.tlv", 7);
  CHECK_FALSE(phone(kTwo).holds_any());
  publisher.fetch("SEP0011223344AA.cnf.xml.sgn", 7);
  CHECK(phone(kTwo).holds_any() && phone(kTwo).sure());
  publisher.fetch("ITLFile.tlv", 7);
  CHECK_FALSE(phone(kTwo).sure());
  publisher.fetch("SEP001122334455.cnf.xml.sgn", 7);   // two phones behind one address: tells nothing
  publisher.fetch("CTLFile.tlv", 7);
  CHECK_FALSE(phone(kOne).holds_any());
}

TEST(PhoneLists, SurvivesARestartWithFewWrites) {
  for (int i = 0; i < 1000; ++i) {
    char name[32];
    FixedWriter w(name);
    const uint8_t mac[] = {2, 0, 0, 0, static_cast<uint8_t>(i >> 8), static_cast<uint8_t>(i)};
    w.put("ITLSEP").hex_bytes(mac, 6).put(".tlv");
    publisher.files[std::string(w.view())] = itl;
    publisher.fetch(std::string(w.view()), static_cast<uint32_t>(i + 100));
    pass(Millis(3));
  }
  publisher.fetch("ITLSEP001122334455.tlv", 1);
  publisher.fetch("SEP001122334455.cnf.xml.sgn", 1);
  pass();
  CHECK(t.store.writes < 10);
  CHECK(memory->settled());
  CHECK(owner.told > 0);
  boot();
  LONGS_EQUAL(1002, memory->lists().phones().size());
  CHECK(phone(kOne).sure() && phone(kOne).holds_any());
}

TEST(PhoneLists, ADamagedMemoryAssumesTheWorst) {
  publisher.fetch("ITLSEP001122334455.tlv", 1);
  pass();
  owner.itl = itl;
  std::string& file = t.store.files["nvram:phone-lists"];
  for (const size_t at : {size_t(0), size_t(5), file.size() / 2, file.size() - 1}) {
    PhoneLists lists;
    std::string damaged = file;
    damaged[at] ^= 1;
    CHECK_FALSE(lists.decode(as_bytes(damaged)).has_value());
    CHECK_FALSE(lists.decode(as_bytes(file.substr(0, at))).has_value());
  }
  file[9] ^= 1;
  boot();
  CHECK(t.log.has("CTL-3-MEMORY"));
  CHECK(phone(kOne).holds_any() && phone(kTwo).holds_any());
}

TEST(PhoneLists, AFailedWriteIsTriedAgain) {
  t.store.fail_writes_after = 0;
  publisher.fetch("ITLSEP001122334455.tlv", 1);
  pass();
  CHECK_FALSE(memory->settled());
  CHECK(t.log.has("CTL-3-MEMORYWRITE"));
  t.store.fail_writes_after = -1;
  pass(Millis(15000));
  CHECK(memory->settled());
}
