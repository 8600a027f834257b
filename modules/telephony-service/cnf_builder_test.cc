// Tests of the phone files of a router: typed commands in, published files out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/telephony_service.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/file_cipher.h"
#include "modules/ctl-client/trust_file_build.h"
#include "modules/ctl-client/trust_file_verify.h"
#include "tests/support/trust_group.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::telephony_service;

namespace parley {
extern const Module kTelephonyService;
}

namespace {
constexpr const char* kFile = "SEP00124302A7CC.cnf.xml";
constexpr const char* kEncrypted = "SEP00124302A7CC.cnf.xml.enc.sgn";
constexpr const char* kSigned = "SEP00124302A7CC.cnf.xml.sgn";
bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }
}  // namespace

TEST_GROUP_BASE(CnfFiles, test::TrustGroup) {
  test::FakeTrustList list;
  std::unique_ptr<TelephonyService> service;
  std::unique_ptr<test::FakeConsole> console;
  cli::Position at;

  void setup() override {
    begin({{"cme-tftp", "tftp"}});
    t->services.provide<TrustList>(&list);
    console = std::make_unique<test::FakeConsole>(t->world.scheduler);
    service = std::make_unique<TelephonyService>(t->env);
    t->engine->add(kTelephonyService, *service);
    CHECK_OK(service->start());
    cli::Engine::enter_config(at);
    type("telephony-service");
    type("max-ephones 4");
    type("ip source-address 10.13.32.11 port 2000");
    type("load 7970 SCCP70.8-0-3S");
    type("tftp-server-credentials trustpoint cme-tftp");
    type("device-security-mode encrypted");
    type("ephone 1");
    type("mac-address 0012.4302.A7CC");
    type("type 7970");
  }
  void teardown() override {
    service->stop();
    CHECK(publisher.files.empty());
    service = nullptr;
    console = nullptr;
    finish();
  }
  std::string type(const std::string& line) {
    const CryptoThread allowed;   // jobs run inline
    cli::Outcome o = t->engine->run(at, line, *console, {});
    if (o.dialogue != nullptr) CHECK(console->run(t->world, *o.dialogue));
    CHECK_TEXT(o.verdict == cli::Verdict::ok || o.verdict == cli::Verdict::refused || o.verdict == cli::Verdict::left, line.c_str());
    return console->taken() + std::string(o.text.view());
  }
  std::string create() {
    type("telephony-service");
    return type("create cnf-files");
  }
  std::string file(const char* name) { return publisher.files.count(name) != 0 ? publisher.files[name] : "-"; }
  std::string body_of_signed(const char* name) {
    const auto c = test::vector_certificate("tftp");
    const auto id = ctl_client::identity_of(c);
    ctl_client::Record signer;
    signer.issuer = id->issuer.text();
    signer.serial = id->serial.view();
    signer.public_key = c.key.key;
    for (const auto tag : {ctl_client::kIssuer, ctl_client::kSerial, ctl_client::kPublicKey}) signer.add(tag);
    const std::string data = file(name);
    const auto f = ctl_client::verify_signed(as_bytes(data), name, signer);
    CHECK_TEXT(f.has_value(), f ? "" : f.error().what);
    return std::string(as_text(f->body()));
  }
  // What the phone that owns the vector key reads in its encrypted file.
  std::string decrypted(const char* phone) {
    const std::string data = file(kEncrypted);
    const auto f = ctl_client::read_file(as_bytes(data));
    CHECK_TEXT(f.has_value(), f ? "" : f.error().what);
    CHECK(f->header.version == ctl_client::kEncryptedFile);
    STRCMP_EQUAL(kEncrypted, std::string(f->header.file_name).c_str());
    (void)body_of_signed(kEncrypted);   // its signature
    const std::string key = test::vector_decrypt(phone, f->encryption.wrapped_key);
    const auto plain = ctl_client::open_body(*f, as_bytes(key));
    return plain ? std::string(plain->text()) : std::string("-");
  }
  void encrypt_for(const char* vector_key) {
    const CryptoThread allowed;
    service->set_certificate("SEP00124302A7CC", test::vector_certificate(vector_key).der.view());
    pass(Seconds(2));
  }
  void encrypted_phone() {
    type("telephony-service");
    type("ssh userid admin password 0 hidden-Password1");
    type("no encrypt password");
    type("cnf-file encrypted");
    (void)create();
  }
  uint64_t signatures() { return service->builder()->signatures(); }
  std::string running() {
    Blob text;
    t->engine->print(text, cli::PrintScope::running);
    return std::string(text.text());
  }
};

TEST(CnfFiles, CreateMakesPlainAndSignedFiles) {
  STRCMP_EQUAL("Creating CNF files\n", create().c_str());
  LONGS_EQUAL(4, publisher.files.size());
  CHECK(body_of_signed(kSigned) == file(kFile));
  CHECK(body_of_signed("XMLDefault.cnf.xml.sgn") == file("XMLDefault.cnf.xml"));
  CHECK(has(file(kFile), "<versionStamp>{Nov 21 2026 12:0"));
  CHECK(has(running(), "\n create cnf-files version-stamp Nov 21 2026 12:0"));
  LONGS_EQUAL(2, signatures());
  LONGS_EQUAL(1, publisher.commits);   // one step
  LONGS_EQUAL(1, list.phones);
}

TEST(CnfFiles, NothingIsMadeBeforeItIsWanted) {
  pass(Seconds(5));
  CHECK(publisher.files.empty());
}

TEST(CnfFiles, UnchangedPhonesCostNothing) {
  (void)create();
  const std::string before = file(kSigned);
  pass(Seconds(5));
  (void)create();
  LONGS_EQUAL(2, signatures());
  CHECK(file(kSigned) == before);
  type("telephony-service");
  type("ephone 2");
  type("mac-address 0012.4302.0002");
  pass(Seconds(5));
  LONGS_EQUAL(3, signatures());
  CHECK(file("SEP001243020002.cnf.xml.sgn") != "-");
  CHECK(file(kSigned) == before);
}

TEST(CnfFiles, ChangesFollowByThemselves) {
  (void)create();
  const std::string before = file(kFile);
  type("load 7970 SCCP70.9-9-9S");
  pass(Seconds(2));
  CHECK(file(kFile) != before);
  CHECK(body_of_signed(kSigned) == file(kFile));
  type("ephone 1");
  type("no mac-address");
  pass(Seconds(2));
  STRCMP_EQUAL("-", file(kFile).c_str());
  STRCMP_EQUAL("-", file(kSigned).c_str());
}

TEST(CnfFiles, TheFirstListSwitchesToSecureMode) {
  (void)create();
  CHECK(has(file(kFile), "<deviceSecurityMode>1</deviceSecurityMode>"));
  list.made(true);
  pass(Seconds(2));
  CHECK(has(file(kFile), "<deviceSecurityMode>3</deviceSecurityMode>"));
  CHECK(has(running(), "\n server-security-mode secure\n"));
  type("telephony-service");
  type("server-security-mode non-secure");
  CHECK_FALSE(list.secure);
  list.made(true);   // a later list leaves the setting alone
  pass(Seconds(2));
  CHECK(has(file(kFile), "<deviceSecurityMode>1</deviceSecurityMode>"));
  CHECK(has(running(), "\n server-security-mode non-secure\n"));
  list.made(false);
  CHECK_FALSE(has(running(), "server-security-mode"));
}

TEST(CnfFiles, SecureModeInThePasteHasNoEffectBeforeAList) {
  type("telephony-service");
  type("server-security-mode secure");
  (void)create();
  CHECK(has(file(kFile), "<deviceSecurityMode>1</deviceSecurityMode>"));
  test::FakeConsole out(t->world.scheduler);
  service->show_security(out);
  STRCMP_EQUAL(
      "\nSkinny Server Trustpoint for TLS: \nTFTP Credentials Trustpoint: cme-tftp\nServer Security Mode: Non-secure\n"
      "Global Device Security Mode: Encrypted\n", out.taken().c_str());
  list.made(true);
  type("secure-signaling trustpoint cme-sccp");
  service->show_security(out);
  STRCMP_EQUAL(
      "\nSkinny Server Trustpoint for TLS: cme-sccp\nTFTP Credentials Trustpoint: cme-tftp\nServer Security Mode: Secure\n"
      "Global Device Security Mode: Encrypted\n", out.taken().c_str());
}

TEST(CnfFiles, NewCredentialSignsAnew) {
  (void)create();
  const std::string plain = file(kFile);
  pki->add("cme-tftp", "ccm");
  pki->changed("cme-tftp");
  pass(Seconds(2));
  LONGS_EQUAL(4, signatures());
  CHECK(has(file(kSigned), "CN=vec-ccm"));
  pki->remove("cme-tftp");
  list.made(true);
  const std::string before = file(kSigned);
  type("telephony-service");
  STRCMP_EQUAL("Creating CNF files\n% Trustpoint cme-tftp has no usable certificate\n", create().c_str());
  CHECK(file(kSigned) == before);
}

TEST(CnfFiles, UnsignedWithoutCredentialWhileNoPhoneHasAList) {
  pki->remove("cme-tftp");
  STRCMP_EQUAL("Creating CNF files\n% Trustpoint cme-tftp has no usable certificate\n", create().c_str());
  LONGS_EQUAL(2, publisher.files.size());
  pki->add("cme-tftp", "tftp");
  pki->changed("cme-tftp");
  pass(Seconds(2));
  LONGS_EQUAL(4, publisher.files.size());
}

TEST(CnfFiles, NeedsTheAddressOfTheServer) {
  type("telephony-service");
  type("no ip source-address");
  STRCMP_EQUAL("Creating CNF files\n% Phone files need 'ip source-address'\n", create().c_str());
}

TEST(CnfFiles, FilesOnFlashSurviveARestartWithoutSigning) {
  type("telephony-service");
  type("cnf-file location flash:");
  (void)create();
  const std::string before = file(kSigned);
  LONGS_EQUAL(2, signatures());
  CHECK(t->store.files["flash:its/SEP00124302A7CC.cnf.xml.sgn"] == before);
  service->stop();
  CHECK(publisher.files.empty());
  t->world.clock.advance(std::chrono::hours(1));
  CHECK_OK(service->start());
  service->apply();
  pass(Seconds(2));
  CHECK(file(kSigned) == before);
  LONGS_EQUAL(0, signatures());
  type("ephone 1");
  type("no mac-address");
  pass(Seconds(2));
  CHECK(t->store.files.count("flash:its/SEP00124302A7CC.cnf.xml.sgn") == 0);
}

TEST(CnfFiles, DamagedFileOnFlashIsSignedAnew) {
  type("telephony-service");
  type("cnf-file location flash:");
  (void)create();
  service->stop();
  t->store.files["flash:its/SEP00124302A7CC.cnf.xml.sgn"][200] ^= 1;
  CHECK_OK(service->start());
  service->apply();
  pass(Seconds(2));
  LONGS_EQUAL(1, signatures());
  CHECK(body_of_signed(kSigned) == file(kFile));
}

TEST(CnfFiles, FullFlashKeepsTheOldFiles) {
  type("telephony-service");
  type("cnf-file location flash:");
  (void)create();
  const std::string before = file(kSigned);
  t->store.fail_writes_after = 1;
  type("telephony-service");
  type("load 7970 NEW");
  STRCMP_EQUAL("Creating CNF files\n% Phone files: no space\n", create().c_str());
  CHECK(file(kSigned) == before);
  t->store.fail_writes_after = -1;
  (void)create();
  CHECK(file(kSigned) != before);
  CHECK(body_of_signed(kSigned) == file(kFile));
}

TEST(CnfFiles, Sha512WhenAskedFor) {
  type("telephony-service");
  type("cnf-file signature sha512");
  (void)create();
  const std::string data = file(kSigned);
  CHECK(ctl_client::read_file(as_bytes(data))->header.hash == Hash::sha512);
  CHECK(list.digest == Hash::sha512);
}

TEST(CnfFiles, WithoutCertificateOnlyThePartialFile) {
  encrypted_phone();
  LONGS_EQUAL(4, publisher.files.size());
  CHECK(has(file(kFile), "<fullConfig>false</fullConfig>"));
  CHECK(has(file(kFile), "<certHash></certHash>"));
  CHECK(has(file(kFile), "<encrConfig>true</encrConfig>"));
  CHECK(body_of_signed(kSigned) == file(kFile));
}

TEST(CnfFiles, EncryptedForTheOwnerOfTheCertificate) {
  encrypted_phone();
  encrypt_for("lsc2048");
  LONGS_EQUAL(5, publisher.files.size());
  CHECK(has(file(kFile), "<certHash>fc9b02c41cb3fc8fde734daed2514684</certHash>"));
  CHECK(body_of_signed(kSigned) == file(kFile));
  CHECK(has(decrypted("lsc2048"), "<fullConfig>true</fullConfig>"));
  CHECK(has(decrypted("lsc2048"), "<sshUserId>admin</sshUserId>"));
  STRCMP_EQUAL("-", decrypted("lsc1024").c_str());
  for (const auto& [name, content] : publisher.files) CHECK_TEXT(!has(content, "hidden-Password1"), name.c_str());
  const std::string before = file(kEncrypted);
  const uint64_t signed_so_far = signatures();
  (void)create();
  pass(Seconds(5));
  CHECK(file(kEncrypted) == before);            // unchanged: no signature, no new encryption
  LONGS_EQUAL(signed_so_far, signatures());
  encrypt_for("lsc1024");                       // a new certificate: for that one only
  CHECK(has(decrypted("lsc1024"), "<fullConfig>true</fullConfig>"));
  STRCMP_EQUAL("-", decrypted("lsc2048").c_str());
}

TEST(CnfFiles, EachEncryptionHasAKeyOfItsOwn) {
  encrypted_phone();
  encrypt_for("lsc2048");
  const std::string before = file(kEncrypted);
  type("load 7970 SCCP70.9-9-9S");
  pass(Seconds(2));
  const std::string after = file(kEncrypted);
  const auto a = ctl_client::read_file(as_bytes(before)), b = ctl_client::read_file(as_bytes(after));
  CHECK(!equal_bytes(a->encryption.iv, b->encryption.iv));
  CHECK(test::vector_decrypt("lsc2048", a->encryption.wrapped_key) != test::vector_decrypt("lsc2048", b->encryption.wrapped_key));
  CHECK(has(decrypted("lsc2048"), "SCCP70.9-9-9S"));
}

TEST(CnfFiles, EcCertificateIsRefusedAndNothingReadableTakesItsPlace) {
  encrypted_phone();
  encrypt_for("lsc2048");
  encrypt_for("lscec");
  STRCMP_EQUAL("-", file(kEncrypted).c_str());
  CHECK(has(file(kFile), "<fullConfig>false</fullConfig>"));
  CHECK(has(file(kFile), "<certHash></certHash>"));
  type("telephony-service");
  STRCMP_EQUAL("Creating CNF files\n% The file of ephone 1 is not made: its certificate has no RSA key of 1024 bits or more\n",
               create().c_str());
}

TEST(CnfFiles, EncryptionFollowsTheNearestSetting) {
  encrypted_phone();
  encrypt_for("lsc2048");
  type("ephone-template 3");
  type("no cnf-file encrypted");
  type("ephone 1");
  type("ephone-template 3");
  pass(Seconds(2));
  STRCMP_EQUAL("-", file(kEncrypted).c_str());
  CHECK(has(file(kFile), "<fullConfig>true</fullConfig>"));
  type("cnf-file encrypted");
  pass(Seconds(2));
  CHECK(has(decrypted("lsc2048"), "<fullConfig>true</fullConfig>"));
  CHECK(has(file(kFile), "<fullConfig>false</fullConfig>"));
  CHECK(has(running(), "\nephone-template  3\n no cnf-file encrypted\n"));
}

TEST(CnfFiles, EncryptedFilesOnFlashSurviveARestart) {
  type("telephony-service");
  type("cnf-file location flash:");
  encrypted_phone();
  encrypt_for("lsc2048");
  const std::string before = file(kEncrypted), partial = file(kSigned);
  service->stop();
  t->world.clock.advance(std::chrono::hours(1));
  CHECK_OK(service->start());
  service->apply();
  encrypt_for("lsc2048");
  CHECK(file(kEncrypted) == before && file(kSigned) == partial);
  LONGS_EQUAL(0, signatures());
  service->stop();
  t->store.files[std::string("flash:its/") + kEncrypted][700] ^= 1;
  CHECK_OK(service->start());
  service->apply();
  encrypt_for("lsc2048");
  LONGS_EQUAL(2, signatures());
  CHECK(has(decrypted("lsc2048"), "<fullConfig>true</fullConfig>"));
  type("telephony-service");
  type("no cnf-file encrypted");
  pass(Seconds(2));
  CHECK(t->store.files.count(std::string("flash:its/") + kEncrypted) == 0);
}

TEST(CnfFiles, OneMacForOnePhone) {
  type("telephony-service");
  type("ephone 2");
  STRCMP_EQUAL("% mac-address already in use by ephone 1", type("mac-address 0012.4302.A7CC").c_str());
}

TEST(CnfFiles, EraseGoesToTheTrustList) {
  type("telephony-service");
  type("server-security-mode erase");
  LONGS_EQUAL(1, list.erased);
}

TEST(CnfFiles, NoTelephonyServiceWithdrawsTheFiles) {
  (void)create();
  type("exit");
  type("no telephony-service");
  pass(Seconds(2));
  CHECK(publisher.files.empty());
}

TEST(CnfFiles, TwoHundredPhonesInSlices) {
  type("telephony-service");
  type("max-ephones 200");
  for (int i = 2; i <= 200; ++i) {
    type("exit");
    type("ephone " + std::to_string(i));
    type("mac-address 0012.4303." + std::to_string(1000 + i));
  }
  (void)create();
  LONGS_EQUAL(2 * 201, publisher.files.size());
  LONGS_EQUAL(201, signatures());
}

TEST(CnfFiles, HttpsServicesPauseBeforeAWayBack) {
  type("telephony-service");
  type("url services https://192.0.2.9/services");
  type("url directories http://192.0.2.9/directory");
  create();
  const char* phone = "SEP00124302A7CC.cnf.xml";
  CHECK(file(phone).find("<servicesURL>https://192.0.2.9/services<") != std::string::npos);
  list.paused = true;
  list.listener->ctl_changed();
  pass(Millis(500));
  CHECK(file(phone).find("<servicesURL></servicesURL>") != std::string::npos);
  CHECK(file(phone).find("<directoryURL>http://192.0.2.9/directory<") != std::string::npos);
  list.paused = false;
  list.listener->ctl_changed();
  pass(Millis(500));
  CHECK(file(phone).find("<servicesURL>https://192.0.2.9/services<") != std::string::npos);
}
