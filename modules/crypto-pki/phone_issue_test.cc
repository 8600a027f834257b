// Tests of PhoneIssuer: the LSC profile (capf.md 6), serial numbers, refusals.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <CppUTest/TestHarness.h>

#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/phone_issue.h"
#include "modules/crypto-pki/pki_test_world.h"

using namespace parley;
using namespace parley::crypto_pki;
using parley::fake::PkiWorld;

namespace {

class Owner final : public Task {
 public:
  explicit Owner(Scheduler& s) : Task(s, "test") {}
  Poll step() override { return Poll::pending; }
};

}  // namespace

TEST_GROUP(PhoneIssue) {
  PkiWorld w;
  LocalPhoneIssuer issuer{w.context, w.store, w};
  Owner owner{w.world.scheduler};
  Blob spki_of(const char* label, KeyType type, uint16_t bits) {
    CryptoThread allowed;
    return *w.vault.keys->public_key(*w.vault.keys->generate(label, type, bits, KeyUse::general, false));
  }
  Result<Blob> issue(const char* trustpoint, const char* device, const Blob& spki) {
    Result<std::unique_ptr<PhoneIssue>> i = issuer.issue({trustpoint, "", device, spki}, owner);
    if (!i) return i.error();
    w.world.settle();
    return (*i)->poll();
  }
};

TEST(PhoneIssue, FollowsTheProfile) {
  Authority& ca = w.start_ca("iosca", Granting::manual);
  const Result<Blob> der = issue("iosca", "SEP001122334455", spki_of("p", KeyType::rsa, 2048));
  CHECK(der.has_value());
  const Certificate c = std::move(*parse_certificate(*der));
  CHECK(verify_issued(c, ca.identity()->certificate).has_value());
  char text[200];
  FixedWriter name(text);
  CHECK(print_name(c.subject, NameStyle::ios, name).has_value());
  STRCMP_EQUAL("cn=SEP001122334455", std::string(name.view()).c_str());
  LONGS_EQUAL(key_usage::kDigitalSignature | key_usage::kKeyEncipherment, c.key_usage);
  LONGS_EQUAL(ext_usage::kServerAuth | ext_usage::kClientAuth | ext_usage::kIpsecEndSystem, c.ext_usage);
  CHECK(c.has_basic_constraints && !c.is_ca);
  CHECK(equal_bytes(c.authority_key_id, ca.identity()->certificate.subject_key_id));
  CHECK_EQUAL(20U, c.subject_key_id.size());
  LONGS_EQUAL(w.context.now() - 300, c.not_before);
  CHECK(der->size() < 4096);
  CHECK(w.log.has("%PKI-6-CS_GRANTED: Certificate serial 02 issued to cn=SEP001122334455"));
}

TEST(PhoneIssue, EllipticKeysAgreeInsteadOfEncipher) {
  w.start_ca("iosca", Granting::manual);
  const Result<Blob> der = issue("iosca", "SEP001122334455", spki_of("p", KeyType::ec_p256, 256));
  LONGS_EQUAL(key_usage::kDigitalSignature | key_usage::kKeyAgreement, parse_certificate(*der)->key_usage);
}

TEST(PhoneIssue, TakesTheOrganisationOfTheIssuer) {
  const Blob issuer_name = *parse_name("CN=labca, OU=voice, O=\"lab, inc\", C=PL");
  const Blob subject = *phone_subject(issuer_name, "SEP_1");
  char text[200];
  FixedWriter name(text);
  CHECK(print_name(subject, NameStyle::comma, name).has_value());
  STRCMP_EQUAL("C=PL,O=lab\\, inc,OU=voice,CN=SEP_1", std::string(name.view()).c_str());
}

TEST(PhoneIssue, ATrustpointOfAnotherNameFindsTheServer) {
  Authority& ca = w.start_ca("iosca", Granting::manual);
  w.sync({"iosca", "phones"});
  CHECK(w.store.adopt("phones", ChainKind::ca, ca.identity()->certificate.der).has_value());
  CHECK(issue("phones", "SEP1", spki_of("p", KeyType::rsa, 1024)).has_value());
}

TEST(PhoneIssue, RefusesWithAReason) {
  Authority& ca = w.start_ca("iosca", Granting::manual);
  const Blob spki = spki_of("p", KeyType::rsa, 2048);
  LONGS_EQUAL(static_cast<int>(Code::missing), static_cast<int>(issue("nobody", "SEP1", spki).error().code));
  LONGS_EQUAL(static_cast<int>(Code::invalid), static_cast<int>(issue("iosca", "SEP1/../x", spki).error().code));
  LONGS_EQUAL(static_cast<int>(Code::denied), static_cast<int>(issue("iosca", "SEP1", *Blob::copy_of(ca.identity()->certificate.spki)).error().code));
  Blob cut = *Blob::copy_of(spki.view().subspan(0, spki.size() - 1));
  CHECK(!issue("iosca", "SEP1", cut).has_value());
  ca.stop();
  LONGS_EQUAL(static_cast<int>(Code::denied), static_cast<int>(issue("iosca", "SEP1", spki).error().code));
}

TEST(PhoneIssue, SerialsGoOnAfterACut) {
  Authority& ca = w.start_ca("iosca", Granting::manual);
  const Blob spki = spki_of("p", KeyType::rsa, 1024);
  w.vault.files.fail_writes = 1;                     // the reservation cannot be written: nothing is issued
  CHECK(!issue("iosca", "SEP1", spki).has_value());
  const Result<Blob> der = issue("iosca", "SEP1", spki);
  LONGS_EQUAL(3, parse_certificate(*der)->serial[0]);
  LONGS_EQUAL(3, ca.last_serial());
}
