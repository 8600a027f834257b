// Property: after any sequence of changes the published phone files are those that a builder makes which knows nothing yet.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/telephony_service.h"

#include <random>
#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/file_cipher.h"
#include "modules/ctl-client/trust_file_wire.h"
#include "tests/support/trust_group.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::telephony_service;

namespace parley {
extern const Module kTelephonyService;
}

namespace {

constexpr const char* kPhoneKeys[] = {"", "lsc2048", "mic", "lscec"};   // of tests/vectors/keys; the last one is refused

// What the service says, without an end that would change its configuration.
class Onlooker final : public CnfOwner {
 public:
  explicit Onlooker(const CnfOwner& o) : o_(o) {}
  const Config& settings() const override { return o_.settings(); }
  std::string_view file_signer() const override { return o_.file_signer(); }
  bool server_secure() const override { return o_.server_secure(); }
  bool ctl_exists() const override { return o_.ctl_exists(); }
  bool https_paused() const override { return o_.https_paused(); }
  void tvs_of(uint32_t& ip, uint16_t& port) const override { o_.tvs_of(ip, port); }
  PhoneCapf capf_of(const Ephone& phone) const override { return o_.capf_of(phone); }
  Bytes certificate_of(const Ephone& phone) const override { return o_.certificate_of(phone); }
  void files_made(bool) override {}

 private:
  const CnfOwner& o_;
};

std::string without_stamp(std::string text) {
  constexpr const char* kBegin = "<versionStamp>{";
  const size_t at = text.find(kBegin);
  if (at != std::string::npos) text.replace(at + std::char_traits<char>::length(kBegin), Stamp::kCapacity, Stamp::kCapacity, ' ');
  return text;
}

}  // namespace

TEST_GROUP_BASE(CnfIncremental, test::TrustGroup) {
  test::FakeTrustList list;
  std::unique_ptr<TelephonyService> service;
  std::unique_ptr<test::FakeConsole> console;
  std::mt19937 random{20261125};
  std::string history;

  void setup() override {
    begin({{"one", "tftp"}, {"two", "ccmtftp"}});
    t->services.provide<TrustList>(&list);
    console = std::make_unique<test::FakeConsole>(t->world.scheduler);
    service = std::make_unique<TelephonyService>(t->env);
    t->engine->add(kTelephonyService, *service);
    CHECK_OK(service->start());
    for (const char* line : {"max-ephones 20", "ip source-address 10.13.32.11 port 2000", "tftp-server-credentials trustpoint one", "no encrypt password",
                             "ssh userid admin password 0 hidden-Password1", "cnf-file perphone"})
      type("telephony-service", line);
    for (int n = 1; n <= 3; ++n) type(ephone(n), mac(n));
    const CryptoThread allowed;
    (void)t->engine->configure("telephony-service", "create cnf-files version-stamp Jan 01 2026 00:00:00");
  }
  void teardown() override {
    service->stop();
    CHECK(publisher.files.empty());
    service = nullptr;
    console = nullptr;
    finish();
  }

  static std::string ephone(unsigned n) { return "ephone " + std::to_string(n); }
  static std::string mac(unsigned n) { return "mac-address 0000.0000.000" + std::to_string(n); }
  static std::string device(unsigned n) { return "SEP00000000000" + std::to_string(n); }
  unsigned some(unsigned n) { return static_cast<unsigned>(random() % n); }
  void type(const std::string& mode, const std::string& line) {
    const CryptoThread allowed;
    history += mode + " / " + line + "\n";
    (void)t->engine->configure(mode, line);       // a refusal changes nothing, which is as good
  }

  void change_phone() {
    const std::string p = ephone(1 + some(4));
    switch (some(8)) {
      case 0: return type(p, mac(1 + some(5)));
      case 1: return type(p, "no mac-address");
      case 2: return type(p, some(2) != 0 ? "type 7970" : "type 7941");
      case 3: return type(p, some(2) != 0 ? "device-security-mode encrypted" : "no device-security-mode");
      case 4: return type(p, some(3) != 0 ? "cnf-file encrypted" : "no cnf-file encrypted");
      case 5: return type(p, some(2) != 0 ? "ephone-template 1" : "no ephone-template 1");
      case 6: return type(p, some(2) != 0 ? "capf-ip-in-cnf" : "no capf-ip-in-cnf");
      default: return type("", "no " + p);
    }
  }
  void change_shared() {
    const std::string s = "telephony-service";
    switch (some(13)) {
      case 0: return type("ephone-template 1", some(2) != 0 ? "service https" : "no service https");
      case 1: return type("ephone-template 1", some(2) != 0 ? "cnf-file encrypted" : "no cnf-file encrypted");
      case 2: return type(s, some(2) != 0 ? "load 7970 SCCP70.8-0-3S" : "no load 7970");
      case 3: return type(s, some(2) != 0 ? "url services http://10.13.32.11/" + std::to_string(some(3)) : "no url services");
      case 4: return type(s, some(2) != 0 ? "user-locale DE" : "no user-locale");
      case 5: return type(s, "time-format " + std::string(some(2) != 0 ? "12" : "24"));
      case 6: return type(s, some(2) != 0 ? "service phone webAccess " + std::to_string(some(2)) : "no service phone webAccess");
      case 7: return type(s, some(2) != 0 ? "device-security-mode encrypted" : "device-security-mode none");
      case 8: return type(s, "tftp-server-credentials trustpoint " + std::string(some(2) != 0 ? "one" : "two"));
      case 9: return type(s, "cnf-file signature " + std::string(some(2) != 0 ? "sha1" : "sha512"));
      case 10: return type(s, "cnf-file location " + std::string(some(2) != 0 ? "flash:" : "system:"));
      case 11: return type("voice register pool 1", some(2) != 0 ? "id mac 0000.0000.0008" : "type 7941");
      default: return type("", "no voice register pool 1");
    }
  }
  void change_elsewhere() {
    const unsigned phone = 1 + some(5);
    const CryptoThread allowed;
    switch (some(6)) {
      case 0:
      case 1: {
        const char* key = kPhoneKeys[some(4)];
        history += device(phone) + " has certificate " + key + "\n";
        return service->set_certificate(device(phone), *key == '\0' ? Bytes() : test::vector_certificate(key).der.view());
      }
      case 2: return service->set_session_wanted(device(phone), static_cast<uint8_t>(some(5)));
      case 3: return service->set_capf({0x0a0d200b + some(2), 3804, {}});
      case 4:
        list.paused = some(2) != 0;
        return list.made(some(2) != 0);
      default: return pki->add("one", some(2) != 0 ? "tftp" : "ccm"), pki->changed("one");
    }
  }
  void change() {
    switch (some(3)) {
      case 0: return change_phone();
      case 1: return change_shared();
      default: return change_elsewhere();
    }
  }

  // Body, and who signed it how; the plain text of an encrypted file is known by its digest, so stamps are made equal before.
  std::string facts_of(const std::string& name, const std::string& data) {
    if (!name.ends_with(".sgn")) return without_stamp(data);
    const auto f = ctl_client::read_file(as_bytes(data));
    CHECK_TEXT(f.has_value(), name.c_str());
    const std::string signer = std::string(f->header.issuer) + std::string(as_text(f->header.serial)) + std::to_string(static_cast<int>(f->header.hash));
    if (!name.ends_with(".enc.sgn")) return signer + without_stamp(std::string(as_text(f->body())));
    for (const char* key : {"lsc2048", "mic"}) {
      const std::string wrapped = test::vector_decrypt(key, f->encryption.wrapped_key);
      const auto plain = ctl_client::open_body(*f, as_bytes(wrapped));
      if (plain && has_digest(f->encryption.digest, *plain)) return signer + key + without_stamp(std::string(plain->text()));
    }
    FAIL("an encrypted file that no phone can read");
    return {};
  }
  static bool has_digest(Bytes digest, const Blob& plain) {
    return equal_bytes(digest, parley::hash(digest.size() == 20 ? Hash::sha1 : Hash::sha512, plain.view()).view());
  }

  void compare() {
    test::FakePublisher fresh_files;
    Onlooker onlooker(*service);
    {
      const CryptoThread allowed;
      test::MemoryStore no_files;
      CnfBuilder fresh(t->env, onlooker, *pki, fresh_files);
      (void)fresh.request_now();
      t->world.run_for(Millis(0));
      const std::map<std::string, std::string> expected = fresh_files.files;
      CHECK_TEXT(expected.size() == publisher.files.size(), history.c_str());
      for (const auto& [name, data] : expected) {
        CHECK_TEXT(publisher.files.count(name) == 1, (history + name).c_str());
        CHECK_TEXT(facts_of(name, data) == facts_of(name, publisher.files[name]), (history + name).c_str());
      }
      STRCMP_EQUAL(std::string(fresh.problem()).c_str(), std::string(service->builder()->problem()).c_str());
    }
  }
};

TEST(CnfIncremental, EqualsAFullBuild) {
  for (int round = 0; round < 40; ++round) {
    history += "--\n";
    for (unsigned n = 1 + some(3); n > 0; --n) change();
    pass(Seconds(2));
    compare();
  }
}

// Changes while a build is under way, and changes that are taken back before it ends.
TEST(CnfIncremental, ChangesInTheMiddleOfABuild) {
  for (int round = 0; round < 40; ++round) {
    history += "--\n";
    change();
    const CryptoThread allowed;
    (void)service->builder()->request_now();
    for (unsigned n = some(4); n > 0; --n) (void)t->world.scheduler.run_once(Millis(0));
    change();
    if (some(2) != 0) (void)t->world.scheduler.run_once(Millis(0));
    change();
    pass(Seconds(2));
    compare();
  }
}

// A setting goes there and back within one build of several steps: the files that saw it must not stay.
TEST(CnfIncremental, ThereAndBackAgain) {
  const std::string s = "telephony-service";
  type(s, "max-ephones 60");
  type(s, "no tftp-server-credentials");
  for (unsigned n = 10; n < 50; ++n) type(ephone(n), "mac-address 0000.0000.00" + std::to_string(n));
  pass(Seconds(2));
  for (unsigned steps = 0; steps < 8; ++steps) {
    const CryptoThread allowed;
    type(s, "url services http://10.13.32.11/" + std::to_string(steps));   // all texts are written
    (void)service->builder()->request_now();
    for (unsigned n = 0; n < steps; ++n) (void)t->world.scheduler.run_once(Millis(0));
    type(s, "service phone webAccess 0");
    (void)t->world.scheduler.run_once(Millis(0));
    type(s, "no service phone webAccess");
    pass(Seconds(2));
    compare();
  }
}

TEST(CnfIncremental, OnlyTheChangedPhoneIsSigned) {
  pass(Seconds(2));
  const uint64_t before = service->builder()->signatures();
  type(ephone(2), "device-security-mode encrypted");
  type(ephone(2), "capf-ip-in-cnf");
  pass(Seconds(2));
  LONGS_EQUAL(before + 1, service->builder()->signatures());
}
