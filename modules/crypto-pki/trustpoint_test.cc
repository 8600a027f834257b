// Keys and certificates of trustpoints: shadow keys, usage pairs, when a renewal is due, imports that do not fit.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/next_authority.h"
#include "modules/crypto-pki/oids.h"
#include "modules/crypto-pki/pem_text.h"
#include "modules/crypto-pki/pki_test_world.h"
#include "modules/crypto-pki/pki_transfer.h"
#include "modules/crypto-pki/pkcs12_oids.h"
#include "modules/crypto-pki/renewals.h"
#include "modules/crypto-pki/scep_client_jobs.h"
#include "platform/crypto/key_rename.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;
using fake::file_bytes;
using fake::PkiWorld;
using fake::TestKeys;

TEST_GROUP(Trustpoint) {
  PkiWorld w;
  CryptoThread allowed;
  KeyRef key(const char* label, KeyUse use = KeyUse::general) {
    return *w.vault.keys->generate(label, KeyType::ec_p256, 0, use, false);
  }
  Blob signed_by(KeyRef k) {
    SelfSignedJob job(*w.vault.keys, w.vault.random);
    job.key = k;
    job.order.subject = *parse_name("CN=r");
    job.now = fake::FakeClock::kStart - 10;
    job.end = job.now + 1000;
    job.run();
    return std::move(*job.result);
  }
  const Entry& entry(const char* label) { return *w.store.find(label); }
};

TEST(Trustpoint, NewKeyCountsFromTheMomentItsCertificateIsSaved) {
  const KeyRef old = key("t"), fresh = key("t#");
  w.sync({"t"});
  CHECK(w.store.adopt("t", ChainKind::own, signed_by(old)).has_value());
  CHECK(w.store.key_of(entry("t")) == old);
  CHECK(w.store.adopt("t", ChainKind::own, signed_by(fresh)).has_value());
  CHECK(w.store.key_of(entry("t")) == fresh);                       // a power cut here does no harm
  CHECK(w.store.usable("t", Purpose::any)->key == fresh);
  CHECK(rename_key(*w.vault.keys, "t#", "t").has_value());
  CHECK(w.store.key_of(entry("t")) == fresh && w.store.usable("t", Purpose::any)->key == fresh);
}

TEST(Trustpoint, UsagePairHasTwoCertificates) {
  const KeyRef sign = key("p", KeyUse::signature), decrypt = key("p", KeyUse::encryption);
  w.sync({"p"});
  CHECK(w.store.adopt("p", ChainKind::own, signed_by(decrypt)).has_value());
  POINTERS_EQUAL(nullptr, entry("p").own());
  CHECK(w.store.adopt("p", ChainKind::own, signed_by(sign)).has_value());
  CHECK(equal_bytes(entry("p").own()->certificate.spki, *w.vault.keys->public_key(sign)));
  CHECK(equal_bytes(entry("p").own_encryption()->certificate.spki, *w.vault.keys->public_key(decrypt)));
  CHECK(w.store.adopt("p", ChainKind::own, signed_by(sign)).has_value());
  LONGS_EQUAL(2, entry("p").certificates.size());                   // each replaces its own kind only
  CHECK(w.store.has_usage_pair(entry("p")));
}

TEST(Trustpoint, SharedKeysAreSeen) {
  const KeyRef k = key("k");
  w.store.begin_sync();
  w.store.sync_trustpoint("a", "k");
  w.store.sync_trustpoint("b", "k");
  w.store.end_sync();
  CHECK(!w.store.key_is_shared("a"));
  CHECK(w.store.adopt("b", ChainKind::own, signed_by(k)).has_value());
  CHECK(w.store.key_is_shared("a") && !w.store.key_is_shared("b"));
}

TEST(Trustpoint, RenewalIsDueAtAPartOfTheLife) {
  const KeyRef k = key("t"), other = key("o");
  w.sync({"t"});
  Trustpoint t;
  t.label = Label("t");
  t.enrollment = Enrollment::url;
  t.enrollment_url = Text<127>("http://10.0.0.1");
  t.auto_enroll_percent = 80;
  CHECK(w.store.adopt("t", ChainKind::ca, signed_by(other)).has_value());
  LONGS_EQUAL(0, renewal_due(t, entry("t")));       // no auto-enroll
  t.auto_enroll = true;
  LONGS_EQUAL(1, renewal_due(t, entry("t")));       // at once: no certificate
  CHECK(w.store.adopt("t", ChainKind::own, signed_by(k)).has_value());
  LONGS_EQUAL(1, renewal_due(t, entry("t")));       // of another authority
  CHECK(w.store.adopt("t", ChainKind::self_signed, signed_by(k)).has_value());
  LONGS_EQUAL(fake::FakeClock::kStart - 10 + 800, renewal_due(t, entry("t")));
  t.enrollment = Enrollment::terminal;
  LONGS_EQUAL(0, renewal_due(t, entry("t")));
}

TEST(Trustpoint, ImportThatDoesNotFitChangesNothing) {
  const KeyRef before = key("t");
  ImportJob job(*w.vault.keys);
  job.label = KeyLabel("t");
  job.key = *Blob::copy_of(Bytes(file_bytes("tests/vectors/keys/tftp.pem")));
  job.own = *Blob::copy_of(Bytes(TestKeys::certificate("capf")));
  job.run();
  CHECK(job.result.error().code == Code::untrusted);
  CHECK(w.vault.keys->find("t") == before && !w.vault.keys->find("t#import") && job.items.empty());
  ImportJob good(*w.vault.keys);
  good.label = KeyLabel("t");
  good.key = *Blob::copy_of(Bytes(file_bytes("tests/vectors/keys/tftp.pem")));
  good.own = *Blob::copy_of(Bytes(TestKeys::certificate("tftp")));
  good.run();
  CHECK(good.result.has_value());
  LONGS_EQUAL(1, good.items.size());
  CHECK(!(w.vault.keys->find("t") == before) && w.vault.keys->find("t") && !w.vault.keys->find("t#import"));
}

TEST(Trustpoint, KeyFileWithTooManyRoundsIsRefusedAtOnce) {
  for (const bool pem : {false, true}) {
    for (const uint64_t rounds : {uint64_t{2000}, uint64_t{1'000'001}, uint64_t{1} << 40}) {
      Blob der;
      DerWriter writer(der);
      const uint8_t salt[16] = {1}, body[64] = {2};
      const size_t all = writer.begin(tag::kSequence), algorithm = writer.begin(tag::kSequence);
      writer.oid(oid::kPbes2);
      const size_t parameters = writer.begin(tag::kSequence), kdf = writer.begin(tag::kSequence);
      writer.oid(oid::kPbkdf2);
      const size_t k = writer.begin(tag::kSequence);
      writer.octets(salt);
      writer.integer(rounds);
      for (const size_t mark : {k, kdf}) writer.end(mark);
      const size_t cipher = writer.begin(tag::kSequence);
      writer.oid(oid::kAes256Cbc);
      writer.octets(salt);
      for (const size_t mark : {cipher, parameters, algorithm}) writer.end(mark);
      writer.octets(body);
      writer.end(all);
      CHECK(writer.ok());
      ImportJob job(*w.vault.keys);
      job.label = KeyLabel("t");
      (void)job.passphrase.set("secret");
      if (pem) CHECK(write_pem(der, "ENCRYPTED PRIVATE KEY", true, job.key).has_value());
      else job.key = std::move(der);
      job.run();
      const bool told = !job.result && std::string(job.result.error().what).find("iteration count") != std::string::npos;
      CHECK(told == (rounds > 1'000'000));
    }
  }
}

TEST(Trustpoint, NextAuthorityIsTakenFromThePresentOneOnly) {
  const auto authority = [&](KeyRef k, uint8_t serial, UnixTime from) {
    const Blob spki = *w.vault.keys->public_key(k), name = *parse_name("CN=ca");
    const uint8_t number[] = {serial};
    CertificateSpec s;
    s.role = CertificateRole::ca;
    s.subject = s.issuer = name;
    s.serial = number;
    s.not_before = from;
    s.not_after = from + 1000;
    s.spki = spki;
    return *build_certificate(s, *w.vault.keys, k, Hash::sha256);
  };
  const KeyRef now = w.make_key("now"), later = w.make_key("later");
  const Blob present = authority(now, 1, fake::FakeClock::kStart), next = authority(later, 2, fake::FakeClock::kStart + 1000);
  const auto answer = [&](Bytes signer, KeyRef k) {
    const Bytes list[] = {next.view()};
    const Blob bag = *write_certificates(list, {});
    SignSpec s;
    s.content = bag;
    s.certificate = signer;
    return *write_signed(s, *w.vault.keys, k);
  };
  const auto take = [&](Blob message) {
    NextAuthorityJob job;
    job.answer = std::move(message);
    job.ca = *Blob::copy_of(present.view());
    job.run();
    return std::move(job.result);
  };
  CHECK(equal_bytes(*take(answer(present, now)), next));
  CHECK(take(answer(next, later)).error().code == Code::untrusted);
  CHECK(!take(*Blob::copy_of("nonsense")).has_value());
}
