// Fail-over between engines: no request is lost, wrong answers do not get out, counters tell it.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "platform/crypto/emulated/emulated_engine.h"
#include "platform/crypto/software/symmetric.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto;
using fake::TestKeys;

TEST_GROUP(EngineFailOver) {
  TestKeys t;
  KeyRef rsa, ec;
  EmulatedEngine* chip = nullptr;
  void plug(EmulatedTraits traits = {}) {
    auto e = make_emulated_engine(traits);
    chip = e.get();
    t.keys->add_engine(std::move(e));
    rsa = t.import("tftp");
    ec = t.import("httpsec");
  }
  EngineCounters counters(size_t index) {
    struct Find { size_t left; EngineCounters found; } f{index, {}};
    t.keys->engines([](void* c, const EngineView& e) {
      auto* self = static_cast<Find*>(c);
      self->found = e.counters;
      return self->left-- > 0;
    }, &f);
    return f.found;
  }
  EngineCounters::Op chip_op(CryptoOp op) { return counters(0).op[static_cast<size_t>(op)]; }
  EngineCounters::Op software_op(CryptoOp op) { return counters(1).op[static_cast<size_t>(op)]; }
  void signs() { CHECK(t.keys->sign(rsa, Hash::sha256, as_bytes("x")).has_value()); }
  void sign_holds(KeyRef key) {
    const Result<Blob> s = t.keys->sign(key, Hash::sha256, as_bytes("x"));
    CHECK(s.has_value());
    CHECK(verify_signature(*t.keys->public_key(key), Hash::sha256, as_bytes("x"), *s).has_value());
  }
};

TEST(EngineFailOver, ChipWorks) {
  plug();
  sign_holds(rsa);
  sign_holds(ec);
  LONGS_EQUAL(1, chip_op(CryptoOp::rsa_private).requests);
  LONGS_EQUAL(2, chip_op(CryptoOp::ec).requests);   // signature and check
  LONGS_EQUAL(0, software_op(CryptoOp::rsa_private).requests);
  CHECK(t.keys->generate("new", KeyType::rsa, 1024, KeyUse::general, false).has_value());
  LONGS_EQUAL(1, chip_op(CryptoOp::generate).requests);
}

TEST(EngineFailOver, EveryFaultIsTakenOver) {
  plug({.patience = Millis(1500)});   // long enough for an emulated CPU
  uint32_t refused = 0, failed = 0;
  for (const EngineFault f : {EngineFault::refuse, EngineFault::fail, EngineFault::wrong_answer, EngineFault::hang}) {
    chip->inject(f, 1);
    sign_holds(rsa);
    chip->inject(EngineFault::none, 0);
    while (chip->waiting() > 0) std::this_thread::yield();
    ++(f == EngineFault::refuse ? refused : failed);
    const EngineCounters::Op c = chip_op(CryptoOp::rsa_private);
    LONGS_EQUAL(refused, c.refused);
    LONGS_EQUAL(failed, c.failed);
    LONGS_EQUAL(refused + failed, c.failed_over);
    LONGS_EQUAL(refused + failed, software_op(CryptoOp::rsa_private).requests);
    sign_holds(rsa);   // and it is asked again
  }
}

TEST(EngineFailOver, WrongEcSignatureIsTakenOver) {
  plug();
  chip->inject(EngineFault::wrong_answer, 1);
  sign_holds(ec);
  LONGS_EQUAL(1, chip_op(CryptoOp::ec).failed);
}

TEST(EngineFailOver, KeysTooLongForTheChip) {
  plug({.max_rsa_bits = 1024, .generates = false});
  sign_holds(rsa);
  LONGS_EQUAL(1, chip_op(CryptoOp::rsa_private).refused);
  CHECK(t.keys->generate("new", KeyType::rsa, 1024, KeyUse::general, false).has_value());
  LONGS_EQUAL(1, chip_op(CryptoOp::generate).refused);
}

TEST(EngineFailOver, FullQueueUnderLoadLosesNothing) {
  plug({.queue = 2, .latency = Millis(2)});
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      for (int k = 0; k < 10; ++k) {
        const Result<Blob> s = t.keys->sign(rsa, Hash::sha256, as_bytes("x"));
        if (s && verify_signature(*t.keys->public_key(rsa), Hash::sha256, as_bytes("x"), *s)) ++good;
      }
    });
  for (auto& th : threads) th.join();
  LONGS_EQUAL(60, good);
  const EngineCounters::Op c = chip_op(CryptoOp::rsa_private), s = software_op(CryptoOp::rsa_private);
  LONGS_EQUAL(60, c.requests);
  CHECK(c.refused > 0);
  LONGS_EQUAL(c.refused, s.requests);
  LONGS_EQUAL(c.refused, c.failed_over);
  LONGS_EQUAL(0, c.in_flight + s.in_flight);
}

TEST(EngineFailOver, RemovingAKeyDuringWork) {
  plug({.latency = Millis(20)});
  std::thread worker([&] { CHECK(t.keys->sign(rsa, Hash::sha256, as_bytes("x")).has_value()); });
  while (chip_op(CryptoOp::rsa_private).in_flight == 0) std::this_thread::yield();
  CHECK(t.keys->remove("tftp").has_value());
  worker.join();
  CHECK(t.keys->sign(rsa, Hash::sha256, as_bytes("x")).error().code == Code::missing);
}

TEST(EngineFailOver, BrokenEngineIsSetAsideAndAskedAgain) {
  plug();
  chip->inject(EngineFault::fail, 0);
  for (int i = 0; i < 5; ++i) signs();
  LONGS_EQUAL(3, chip_op(CryptoOp::rsa_private).requests);
  struct Seen { bool up = true; std::string reason; } seen;
  const Keys::EachEngine look = [](void* c, const EngineView& e) {
    static_cast<Seen*>(c)->up = e.up;
    static_cast<Seen*>(c)->reason = e.reason;
    return false;
  };
  t.keys->engines(look, &seen);
  CHECK(!seen.up);
  STRCMP_EQUAL("device error", seen.reason.c_str());
  t.clock.advance(Millis(1001));
  signs();
  LONGS_EQUAL(4, chip_op(CryptoOp::rsa_private).requests);
  t.clock.advance(Millis(1001));   // now it waits twice as long
  signs();
  LONGS_EQUAL(4, chip_op(CryptoOp::rsa_private).requests);
  chip->inject(EngineFault::none, 0);
  t.clock.advance(Millis(1001));
  signs();
  t.keys->engines(look, &seen);
  CHECK(seen.up);
  signs();
  LONGS_EQUAL(6, chip_op(CryptoOp::rsa_private).requests);
}

TEST(EngineFailOver, LongDataGoesToTheChipAndBack) {
  plug({.min_bulk = 4096});
  const std::vector<uint8_t> key(32, 7), iv(16, 8), text(5000, 9);
  (void)hash(Hash::sha256, Bytes(text).first(4095));
  LONGS_EQUAL(0, chip_op(CryptoOp::hash).requests);
  for (const EngineFault f : {EngineFault::none, EngineFault::refuse, EngineFault::fail}) {
    chip->inject(f, 1);
    CHECK(equal_bytes(hash(Hash::sha256, text).view(), software_hash(Hash::sha256, nullptr, text, {}).view()));
    chip->inject(f, 1);
    const Result<Blob> sealed = aes_gcm_seal(key, Bytes(iv).first(12), as_bytes("aad"), text);
    CHECK(sealed.has_value());
    chip->inject(f, 1);
    CHECK(equal_bytes(*aes_gcm_open(key, Bytes(iv).first(12), as_bytes("aad"), *sealed), text));
    CHECK(aes_gcm_open(key, Bytes(iv).first(12), as_bytes("bad"), *sealed).error().code == Code::untrusted);
    std::vector<uint8_t> data = text;
    data.resize(4992);
    const std::vector<uint8_t> plain = data;
    chip->inject(f, 1);
    CHECK(aes_cbc_encrypt(key, iv, data).has_value() && data != plain);
    CHECK(aes_cbc_decrypt(key, iv, data).has_value() && data == plain);
    CHECK(aes_ctr(key, iv, data).has_value() && data != plain);
    CHECK(aes_ctr(key, iv, data).has_value() && data == plain);
    chip->inject(EngineFault::none, 0);
  }
  for (const CryptoOp op : {CryptoOp::hash, CryptoOp::aes_gcm, CryptoOp::aes_cbc, CryptoOp::aes_ctr}) {
    CHECK(chip_op(op).requests > 0);
    LONGS_EQUAL(chip_op(op).refused + chip_op(op).failed, chip_op(op).failed_over);
  }
  const uint64_t before = chip_op(CryptoOp::hash).requests;
  crypto_thread_allowed(false);   // the scheduler does not wait for a chip
  (void)hash(Hash::sha256, text);
  crypto_thread_allowed(true);
  LONGS_EQUAL(before, chip_op(CryptoOp::hash).requests);
}

TEST(EngineFailOver, EngineThatFailsItsTestIsNotAsked) {
  auto e = make_emulated_engine({.min_bulk = 16});
  e->inject(EngineFault::wrong_answer, 0);
  chip = e.get();
  t.keys->add_engine(std::move(e));
  chip->inject(EngineFault::none, 0);
  (void)hash(Hash::sha256, std::vector<uint8_t>(5000));
  LONGS_EQUAL(0, chip_op(CryptoOp::hash).requests);
  rsa = t.import("tftp");
  sign_holds(rsa);   // checked each time, so it needs no test
  LONGS_EQUAL(1, chip_op(CryptoOp::rsa_private).requests);
}
