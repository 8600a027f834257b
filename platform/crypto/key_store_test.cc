// The key store: life of a key, what lies on nvram:, what a power cut leaves.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <string>

#include "platform/base/memory.h"
#include "platform/crypto/key_rename.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using fake::TestKeys;

namespace {

bool contains(Bytes where, Bytes what) { return std::search(where.begin(), where.end(), what.begin(), what.end()) != where.end(); }

}  // namespace

TEST_GROUP(KeyStore) {
  TestKeys t;
  std::unique_ptr<KeyStore> reopen() {
    auto k = make_key_store(t.files, t.random, t.clock);
    CHECK(k->load().has_value());
    return k;
  }
};

TEST(KeyStore, GenerateSignVerify) {
  for (const auto& [type, bits] : {std::pair{KeyType::rsa, uint16_t{1024}}, {KeyType::ec_p256, uint16_t{0}}, {KeyType::ec_p384, uint16_t{0}}}) {
    const std::string label = "key" + std::to_string(static_cast<int>(type));
    const Result<KeyRef> k = t.keys->generate(label, type, bits, KeyUse::general, false);
    CHECK(k.has_value());
    const Result<Blob> spki = t.keys->public_key(*k);
    for (const Hash h : {Hash::sha1, Hash::sha256, Hash::sha384, Hash::sha512}) {
      const Result<Blob> s = t.keys->sign(*k, h, as_bytes("message"));
      CHECK(s.has_value());
      CHECK(verify_signature(*spki, h, as_bytes("message"), *s).has_value());
      CHECK(verify_signature(*spki, h, as_bytes("Message"), *s).error().code == Code::untrusted);
    }
    const KeyInfo info = *t.keys->info(*k);
    CHECK(info.label.view() == label && info.type == type && info.created == fake::FakeClock::kStart);
    LONGS_EQUAL(type == KeyType::rsa ? 1024 : type == KeyType::ec_p256 ? 256 : 384, info.bits);
    CHECK(t.keys->find(label) == *k);
    CHECK(t.keys->export_key(*k, "passphrase").error().code == Code::denied);
  }
}

TEST(KeyStore, BadSizesAndLabels) {
  CHECK(t.keys->generate("a", KeyType::rsa, 504, KeyUse::general, false).error().code == Code::invalid);
  CHECK(t.keys->generate("a", KeyType::rsa, 4104, KeyUse::general, false).error().code == Code::invalid);
  CHECK(t.keys->generate("", KeyType::ec_p256, 0, KeyUse::general, false).error().code == Code::invalid);
  CHECK(t.keys->generate(std::string(65, 'x'), KeyType::ec_p256, 0, KeyUse::general, false).error().code == Code::invalid);
}

TEST(KeyStore, SurvivesRestartUnderAnyLabel) {
  const std::string label = "R1.example.com / ../odd\"label'";
  const KeyRef k = *t.keys->generate(label, KeyType::ec_p256, 0, KeyUse::signature, true);
  const Blob spki = *t.keys->public_key(k);
  const auto again = reopen();
  const KeyRef found = again->find(label, KeyUse::signature);
  CHECK(bool(found));
  CHECK(equal_bytes(*again->public_key(found), spki));
  CHECK(again->info(found)->exportable && again->info(found)->use == KeyUse::signature);
  LONGS_EQUAL(0, again->unreadable());
}

TEST(KeyStore, UsageKeysAndGeneralExclude) {
  CHECK(t.keys->generate("u", KeyType::ec_p256, 0, KeyUse::signature, false).has_value());
  CHECK(t.keys->generate("u", KeyType::ec_p256, 0, KeyUse::encryption, false).has_value());
  CHECK(t.keys->generate("u", KeyType::ec_p256, 0, KeyUse::signature, false).error().code == Code::exists);
  CHECK(t.keys->generate("u", KeyType::ec_p256, 0, KeyUse::general, false).error().code == Code::exists);
  CHECK(t.keys->find("u", KeyUse::encryption) != t.keys->find("u", KeyUse::signature));
  CHECK(t.keys->find("u") == t.keys->find("u", KeyUse::signature));
  CHECK(t.keys->remove("u").has_value());
  CHECK(!t.keys->find("u") && !t.keys->find("u", KeyUse::encryption));
  CHECK(t.keys->remove("u").error().code == Code::missing);
  LONGS_EQUAL(1, t.files.files.size());   // the device key stays
}

TEST(KeyStore, RemovedKeyNameIsNotReused) {
  const KeyRef a = *t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false);
  CHECK(t.keys->remove("a").has_value());
  CHECK(t.keys->sign(a, Hash::sha256, as_bytes("x")).error().code == Code::missing);
  const KeyRef b = *t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false);
  CHECK(!(a == b));
}

TEST(KeyStore, RenamedKeyTakesThePlaceAndKeepsItsNumber) {
  (void)t.keys->generate("r1", KeyType::ec_p256, 0, KeyUse::signature, false);
  (void)t.keys->generate("r1", KeyType::ec_p256, 0, KeyUse::encryption, false);
  const KeyRef fresh = *t.keys->generate("r1#", KeyType::ec_p384, 0, KeyUse::general, true);
  const Blob spki = *t.keys->public_key(fresh);
  CHECK(rename_key(*t.keys, "r1#", "r1").has_value());
  CHECK(t.keys->find("r1") == fresh && !t.keys->find("r1#"));
  CHECK(t.keys->find("r1", KeyUse::encryption) == fresh);
  CHECK(t.keys->info(fresh)->label.view() == "r1" && t.keys->info(fresh)->exportable);
  CHECK(t.keys->sign(fresh, Hash::sha256, as_bytes("x")).has_value());
  CHECK(rename_key(*t.keys, "r1#", "r1").error().code == Code::missing);
  const auto again = reopen();
  LONGS_EQUAL(0, again->unreadable());
  CHECK(equal_bytes(*again->public_key(again->find("r1")), spki) && !again->find("r1#"));
}

TEST(KeyStore, NoPlainKeyOnDisk) {
  const auto pem = fake::file_bytes("tests/vectors/keys/capf.pem");
  t.import("capf");
  const auto again = reopen();
  const Blob pkcs1 = *again->rsa_public_key(again->find("capf"));
  for (const auto& [name, data] : t.files.files) {
    CHECK(!contains(data, pkcs1.view().subspan(20, 64)));   // the modulus stands in the private key too
    CHECK(!contains(data, as_bytes("capf")));
    CHECK(name.find("capf") == std::string::npos);
  }
}

TEST(KeyStore, DamagedFilesAreSkippedAndKept) {
  CHECK(t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false).has_value());
  CHECK(t.keys->generate("b", KeyType::ec_p256, 0, KeyUse::general, false).has_value());
  size_t damaged = 0;
  for (auto& [name, data] : t.files.files)
    if (damaged == 0 && name.find("device-key") == std::string::npos) data[data.size() / 2] ^= 1, ++damaged;
  const size_t before = t.files.files.size();
  const auto again = reopen();
  LONGS_EQUAL(1, again->unreadable());
  CHECK(bool(again->find("a")) != bool(again->find("b")));
  LONGS_EQUAL(before, t.files.files.size());
}

TEST(KeyStore, FileUnderAnotherNameIsRefused) {
  CHECK(t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false).has_value());
  auto file = std::find_if(t.files.files.begin(), t.files.files.end(), [](auto& f) { return f.first.find("device") == std::string::npos; });
  t.files.files["nvram:keys/00112233445566778899aabbccddeeff"] = file->second;
  LONGS_EQUAL(1, reopen()->unreadable());
}

TEST(KeyStore, DamagedDeviceKeyClosesTheStore) {
  CHECK(t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false).has_value());
  const auto good = t.files.files["nvram:keys/device-key"];
  for (const size_t cut : {size_t{0}, size_t{39}}) {
    t.files.files["nvram:keys/device-key"] = std::vector<uint8_t>(good.begin(), good.begin() + static_cast<long>(cut));
    auto k = make_key_store(t.files, t.random, t.clock);
    CHECK(k->load().error().code == Code::untrusted);
    CHECK(k->generate("b", KeyType::ec_p256, 0, KeyUse::general, false).error().code == Code::denied);
  }
  t.files.files["nvram:keys/device-key"] = good;
  CHECK(bool(reopen()->find("a")));
}

TEST(KeyStore, FailedWriteLeavesNoKey) {
  t.files.fail_writes = 1;
  CHECK(t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false).error().code == Code::full);
  CHECK(!t.keys->find("a"));
  CHECK(t.keys->generate("a", KeyType::ec_p256, 0, KeyUse::general, false).has_value());
}

TEST(KeyStore, ExportImport) {
  t.import("capf");
  const KeyRef k = t.keys->find("capf");
  const Blob spki = *t.keys->public_key(k);
  const Result<Blob> pem = t.keys->export_key(k, "cisco1234");
  CHECK(pem.has_value());
  CHECK(pem->text().find("-----BEGIN ENCRYPTED PRIVATE KEY-----\n") == 0);
  CHECK(t.keys->import_key("copy", *pem, "wrong", false).error().code == Code::untrusted);
  const Result<KeyRef> copy = t.keys->import_key("copy", *pem, "cisco1234", false);
  CHECK(copy.has_value());
  CHECK(equal_bytes(*t.keys->public_key(*copy), spki));
  const KeyRef ec = *t.keys->generate("ec", KeyType::ec_p384, 0, KeyUse::general, true);
  const Result<KeyRef> ec_copy = t.keys->import_key("ec2", *t.keys->export_key(ec, "p"), "p", false);
  CHECK(ec_copy.has_value());
  CHECK(equal_bytes(*t.keys->public_key(ec), *t.keys->public_key(*ec_copy)));
  CHECK(t.keys->export_key(k, "").error().code == Code::invalid);
}

TEST(KeyStore, ImportRefusesWhatIsNoKey) {
  for (const char* bad : {"", "hello", "-----BEGIN RSA PRIVATE KEY-----\nMII=\n", "-----BEGIN RSA PRIVATE KEY-----\n!!!!\n-----END RSA PRIVATE KEY-----\n"})
    CHECK(!t.keys->import_key("x", as_bytes(bad), "", false));
  CHECK(!t.keys->import_key("x", TestKeys::certificate("capf"), "", false));
}

TEST(KeyStore, RsaDecryption) {
  t.import("tftp");
  const KeyRef k = t.keys->find("tftp");
  const Blob spki = *t.keys->public_key(k), pkcs1 = *t.keys->rsa_public_key(k);
  const Result<Blob> sealed = rsa_encrypt(spki, as_bytes("content key"), t.random);
  CHECK(sealed.has_value());
  CHECK(t.keys->decrypt(k, *sealed)->text() == "content key");
  CHECK(t.keys->decrypt(k, *rsa_encrypt(pkcs1, {}, t.random))->empty());
  std::vector<uint8_t> bad(sealed->data(), sealed->data() + sealed->size());
  bad[5] ^= 1;
  CHECK(!t.keys->decrypt(k, bad));
  CHECK(!t.keys->decrypt(k, Bytes(bad).first(100)));
  CHECK(rsa_encrypt(spki, std::vector<uint8_t>(246), t.random).error().code == Code::invalid);
}

TEST(KeyStore, CountsOperations) {
  const KeyRef k = *t.keys->generate("ec", KeyType::ec_p256, 0, KeyUse::general, true);
  CHECK(t.keys->sign(k, Hash::sha256, as_bytes("x")).has_value());
  struct Seen { int engines = 0; EngineView last; } seen;
  t.keys->engines([](void* c, const EngineView& e) {
    static_cast<Seen*>(c)->last = e;
    return ++static_cast<Seen*>(c)->engines < 10;
  }, &seen);
  LONGS_EQUAL(1, seen.engines);
  STRCMP_EQUAL("software", seen.last.name);
  CHECK(seen.last.kind == EngineKind::software && seen.last.up);
  LONGS_EQUAL(0, seen.last.counters.op[static_cast<size_t>(CryptoOp::generate)].requests);
  CHECK(seen.last.counters.op[static_cast<size_t>(CryptoOp::ec)].requests >= 2);
  LONGS_EQUAL(0, seen.last.counters.op[static_cast<size_t>(CryptoOp::ec)].in_flight);
}

TEST(KeyStore, BothSidesAgree) {
  for (const KeyType type : {KeyType::ec_p256, KeyType::ec_p384}) {
    const KeyRef a = *t.keys->generate("a", type, 0, KeyUse::general, false), b = *t.keys->generate("b", type, 0, KeyUse::general, false);
    const Result<Blob> ab = t.keys->agree(a, *t.keys->public_key(b)), ba = t.keys->agree(b, *t.keys->public_key(a));
    CHECK(ab.has_value() && ba.has_value());
    CHECK(equal_bytes(*ab, *ba));
    LONGS_EQUAL(type == KeyType::ec_p256 ? 32 : 48, ab->size());
    const KeyRef other = *t.keys->generate("c", type == KeyType::ec_p256 ? KeyType::ec_p384 : KeyType::ec_p256, 0, KeyUse::general, false);
    CHECK(t.keys->agree(a, *t.keys->public_key(other)).error().code == Code::invalid);
    for (const char* label : {"a", "b", "c"}) CHECK(t.keys->remove(label).has_value());
  }
  CHECK(t.keys->agree(t.import("capf"), *t.keys->public_key(t.import("httpsec"))).error().code == Code::unsupported);
}

TEST(KeyStore, ImportedUsageKeys) {
  const auto pem = fake::file_bytes("tests/vectors/keys/capf.pem");
  CHECK(t.keys->import_key("u", pem, "", false, KeyUse::signature).has_value());
  CHECK(t.keys->import_key("u", pem, "", false, KeyUse::encryption).has_value());
  CHECK(t.keys->import_key("u", pem, "", false).error().code == Code::exists);
  CHECK(t.keys->info(t.keys->find("u", KeyUse::encryption))->use == KeyUse::encryption);
}

// A key that was reported is there after the cut, a removed one is not, and nothing is damaged.
TEST(KeyStore, PowerCutAtEveryChange) {
  for (int n = 0;; ++n) {
    fake::KeyFiles files;
    files.cut_after = n;
    auto k = make_key_store(files, t.random, t.clock);
    const bool loaded = k->load().has_value();
    bool made = false, second = false, removed = false, imported = false;
    if (loaded) {
      made = k->generate("a", KeyType::ec_p256, 0, KeyUse::signature, false).has_value();
      second = k->generate("a", KeyType::ec_p384, 0, KeyUse::encryption, false).has_value();
      imported = k->import_key("b", fake::file_bytes("tests/vectors/keys/capf.pem"), "", false).has_value();
      removed = k->remove("a").has_value();
    }
    const bool whole = loaded && made && second && imported && removed;
    files.cut_after = -1;
    auto again = make_key_store(files, t.random, t.clock);
    CHECK(again->load().has_value());
    LONGS_EQUAL(0, again->unreadable());
    CHECK_EQUAL(imported, bool(again->find("b")));
    if (removed) CHECK(!again->find("a") && !again->find("a", KeyUse::encryption));
    if (!removed && second) CHECK(bool(again->find("a", KeyUse::encryption)));   // the first may be gone already
    for (const char* label : {"a", "b"}) {
      const KeyRef key = again->find(label);
      if (key) CHECK(again->sign(key, Hash::sha256, as_bytes("x")).has_value());
    }
    const Status rest = again->remove("a");   // a removal that was cut is finished by the next one
    CHECK(rest.has_value() || rest.error().code == Code::missing);
    if (whole) break;
    CHECK(n < 20);
  }
}

TEST(KeyStore, MemoryRunsOutAtEveryAllocation) {
  const auto pem = fake::file_bytes("tests/vectors/keys/httpsec.pem");
  for (uint64_t n = 1;; ++n) {
    fake::KeyFiles files;
    auto k = make_key_store(files, t.random, t.clock);
    CHECK(k->load().has_value());
    const KeyRef old = *k->generate("old", KeyType::ec_p256, 0, KeyUse::general, true);
    const uint64_t before = Arena::allocations();
    Arena::fail_from(n);
    const Result<KeyRef> made = k->generate("new", KeyType::ec_p256, 0, KeyUse::general, false);
    const Result<KeyRef> in = k->import_key("in", pem, "", false);
    const Result<Blob> signature = k->sign(old, Hash::sha256, as_bytes("x"));
    const Result<Blob> out = k->export_key(old, "passphrase");
    const uint64_t used = Arena::allocations() - before;
    Arena::fail_from(0);
    if (signature) CHECK(verify_signature(*k->public_key(old), Hash::sha256, as_bytes("x"), *signature).has_value());
    CHECK_EQUAL(made.has_value(), bool(k->find("new")));
    CHECK_EQUAL(in.has_value(), bool(k->find("in")));
    auto again = make_key_store(files, t.random, t.clock);
    CHECK(again->load().has_value());
    LONGS_EQUAL(0, again->unreadable());
    CHECK_EQUAL(made.has_value(), bool(again->find("new")));
    CHECK_EQUAL(in.has_value(), bool(again->find("in")));
    if (n > used) break;
  }
}

// A pair that phones still need outlives its label, whatever is done to the label, at every power cut.
TEST(KeyStore, ProtectedPairsAreSetAsideAtEveryPowerCut) {
  for (int n = 0;; ++n) {
    fake::KeyFiles files;
    auto k = make_key_store(files, t.random, t.clock);
    CHECK(k->load().has_value());
    const KeyRef renamed = *k->generate("a", KeyType::ec_p256, 0, KeyUse::general, false);
    CHECK(k->generate("a#", KeyType::ec_p256, 0, KeyUse::general, false).has_value());
    const KeyRef removed = *k->generate("b", KeyType::ec_p256, 0, KeyUse::general, false);
    const Blob spki[] = {*k->public_key(renamed), *k->public_key(removed)};
    const Digest needed[] = {hash(Hash::sha256, spki[0]), hash(Hash::sha256, spki[1])};
    CHECK(protect_keys(*k, needed).has_value());
    files.cut_after = n;
    const bool whole = rename_key(*k, "a#", "a").has_value() && k->remove("b").has_value();
    files.cut_after = -1;
    if (whole) {
      CHECK(k->find(kept_key_label(needed[0])) == renamed);
      CHECK(k->find(kept_key_label(needed[1])) == removed);
      CHECK(k->remove(kept_key_label(needed[0])).error().code == Code::denied);
    }
    auto again = make_key_store(files, t.random, t.clock);
    CHECK(again->load().has_value());
    struct Found {
      const Keys& keys;
      const Blob* spki;
      bool have[2] = {};
    } found{*again, spki};
    again->list([](void* context, KeyRef key, const KeyInfo&) {
      auto& f = *static_cast<Found*>(context);
      for (int i = 0; i < 2; ++i) f.have[i] = f.have[i] || equal_bytes(*f.keys.public_key(key), f.spki[i]);
      return true;
    }, &found);
    CHECK(found.have[0] && found.have[1]);
    if (!whole) continue;
    CHECK(again->remove(kept_key_label(needed[0])).has_value());   // nobody protects it any more
    CHECK(is_kept_key_label(kept_key_label(needed[1])) && !is_kept_key_label("kept-b"));
    break;
  }
}
