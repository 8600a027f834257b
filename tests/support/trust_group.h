// Base of test groups about modules that sign phone files: keys of tests/vectors, trustpoints and a publisher in one environment.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <initializer_list>
#include <memory>
#include <utility>

#include <CppUTest/TestHarness.h>

#include "tests/support/fake_trust.h"

namespace parley::test {

class TrustGroup : public Utest {
 public:
  MemoryStore key_files;
  CountingRandom key_random;
  fake::FakeClock key_clock;
  std::unique_ptr<KeyStore> keys;
  std::unique_ptr<TestEnv> t;
  std::unique_ptr<FakeTrustpoints> pki;
  FakePublisher publisher;

  // trustpoints: label, name of the key among the vectors.
  void begin(std::initializer_list<std::pair<const char*, const char*>> trustpoints) {
    keys = test_keys(key_files, key_random, key_clock);
    t = std::make_unique<TestEnv>(fake::FakeJobs::Mode::at_once, keys.get());
    pki = std::make_unique<FakeTrustpoints>(*keys);
    t->services.provide<Trustpoints>(pki.get());
    t->services.provide<Publisher>(&publisher);
    for (const auto& [label, key] : trustpoints) pki->add(label, key);
  }
  void finish() {
    LONGS_EQUAL(0, t->jobs.untaken());
    pki = nullptr;
    t = nullptr;
    keys = nullptr;
  }
  void pass(Millis time) {
    const CryptoThread allowed;   // jobs run inline
    t->world.run_for(time);
  }
  void lose_key(const char* name) {
    const CryptoThread allowed;
    pki->holder()->give_up(*keys->public_key(keys->find(name)));
    CHECK_OK(keys->remove(name));
  }
};

}  // namespace parley::test
