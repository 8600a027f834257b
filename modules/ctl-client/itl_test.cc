// Tests of the ITL file: records, signers, rotation in stages, refusals, boot; of the recovery key in the CTL file.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/ctl_test_group.h"
#include "modules/ctl-client/trust_file_verify.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::ctl_client;

namespace {

constexpr PhoneMac kPhone{{0x00, 0x11, 0x22, 0x33, 0x44, 0x55}};

}  // namespace

TEST_GROUP_BASE(Itl, CtlGroup) {
  void setup() override {
    begin({{"files", "tftp"}, {"s1", "sast1"}, {"s2", "sast2"}});
    client = std::make_unique<CtlClient>(t->env);
    boot();
  }
  void boot() {
    CHECK_OK(client->start());
    client->apply();
    client->set_phones({&kPhone, 1});
  }
  void pass(Millis time = Millis(2500)) { CtlGroup::pass(time); }
  void uses(std::initializer_list<TrustUse> wanted) {
    CHECK_OK(client->set_uses("test", {wanted.begin(), wanted.size()}));
    pass();
  }
  void files_signed_by(const char* label) { uses({use(label, TrustRole::tftp)}); }
  void setting_changed() {
    client->apply();
    pass();
  }
  void phone_fetches(const char* kind = "ITL") {
    publisher.fetch(std::string(kind) + "SEP001122334455.tlv", 7);
    publisher.files["SEP001122334455.cnf.xml.sgn"] = "signed";
    publisher.fetch("SEP001122334455.cnf.xml.sgn", 7);
    publisher.files.erase("SEP001122334455.cnf.xml.sgn");
    pass(Millis(61000));
  }
  std::string itl() { return publisher.files.count("ITLFile.tlv") != 0 ? publisher.files["ITLFile.tlv"] : ""; }
  std::vector<Role> roles(const std::string& data) {
    const auto f = verify_ctl(as_bytes(data));
    CHECK_OK(f);
    std::vector<Role> found;
    RecordReader r(f->body());
    while (r.more()) found.push_back(r.next()->role);
    return found;
  }
  std::string signer(const std::string& data) { return std::string(read_file(as_bytes(data))->header.subject); }
  bool accepts(const std::string& stored, const std::string& next) {
    return verify_successor(as_bytes(next), as_bytes(stored)).has_value();
  }
  std::string regenerate() {
    const CryptoThread allowed;
    bind_servers();
    test::FakeConsole console(t->world.scheduler);
    cli::Call call;
    call.instance = client.get();
    call.console = &console;
    ctl_client::regenerate(call);
    (void)console.run(t->world, *call.dialogue);
    pass();
    return console.taken() + console.question;
  }
  void with_ctl() {
    config().id = 1;
    config().sast1 = std::string_view("s1");
    config().sast2 = std::string_view("s2");
  }
};

TEST(Itl, AppearsWithTheFileCredentials) {
  pass();
  STRCMP_EQUAL("", itl().c_str());
  files_signed_by("files");
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp}));
  CHECK(signer(itl()).find("tftp") != std::string::npos);
  CHECK(publisher.files["ITLSEP001122334455.tlv"] == itl());
  CHECK(t->store.files["nvram:ITLFile.tlv"] == itl());
  STRCMP_EQUAL("ITLFile.tlv", std::string(read_file(as_bytes(itl()))->header.file_name).c_str());
}

TEST(Itl, NamesWhatPhonesMeetAndTheModeOfTheServer) {
  pki->add("capf", "capf");
  pki->add("tvs", "tvs");
  const TrustUse all[] = {use("tvs", TrustRole::tvs), use("capf", TrustRole::capf), use("files", TrustRole::tftp),
                          use("files", TrustRole::ccm)};
  CHECK_OK(client->set_uses("test", all));
  pass();
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp, Role::capf, Role::tvs}));
  with_ctl();
  STRCMP_EQUAL("CTL file made, signed by trustpoint s1\n", regenerate().c_str());
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::ccm_tftp, Role::capf, Role::tvs}));
  client->set_secure(false);
  pass();
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp, Role::capf, Role::tvs}));
  client->set_secure(true);
  uses({use("files", TrustRole::tftp), use("capf", TrustRole::ccm)});
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp, Role::ccm}));
}

TEST(Itl, FollowsCertificatesAddressesAndDigestButSignsNothingTwice) {
  pki->add("capf", "capf");
  uses({use("files", TrustRole::tftp), use("capf", TrustRole::capf)});
  std::string before = itl();
  const size_t writes = t->store.writes;
  client->apply();
  pki->changed("capf");
  pass();
  CHECK(itl() == before);
  LONGS_EQUAL(writes, t->store.writes);
  pki->add("capf", "app");
  pki->changed("capf");
  pass();
  CHECK(itl() != before);
  before = itl();
  uses({use("files", TrustRole::tftp), use("capf", TrustRole::capf, kRouter + 1)});
  CHECK(itl() != before);
  before = itl();
  client->set_digest(Hash::sha512);
  pass();
  CHECK(read_file(as_bytes(itl()))->header.hash == Hash::sha512);
  CHECK(accepts(before, itl()));
  CHECK(read_file(as_bytes(itl()))->header.timestamp > read_file(as_bytes(before))->header.timestamp);
}

TEST(Itl, ANewSignerIsFirstListedByTheOldOne) {
  files_signed_by("files");
  const std::string first = itl();
  phone_fetches();
  pki->add("other", "ccmtftp");
  files_signed_by("other");
  const std::string staged = itl();
  CHECK(staged != first);
  CHECK(accepts(first, staged));
  CHECK(roles(staged) == (std::vector<Role>{Role::sast, Role::sast, Role::tftp, Role::tftp}));
  STRCMP_EQUAL(signer(first).c_str(), signer(staged).c_str());
  CHECK(t->log.has("ITL-5-STAGED"));
  pass(Millis(600000));
  CHECK(itl() == staged);   // the phone has not come yet
  phone_fetches();
  const std::string last = itl();
  CHECK(accepts(staged, last));
  CHECK(signer(last) != signer(first));
  CHECK(roles(last) == (std::vector<Role>{Role::sast, Role::tftp}));
}

TEST(Itl, AStageOutlivesARestart) {
  files_signed_by("files");
  phone_fetches();
  pki->add("other", "ccmtftp");
  files_signed_by("other");
  const std::string staged = itl();
  client->stop();
  CHECK(publisher.files.empty());
  boot();
  files_signed_by("other");
  pass(Millis(130000));
  CHECK(itl() == staged);
  phone_fetches();
  CHECK(signer(itl()) != signer(staged));
}

TEST(Itl, ATransferThatBeganBeforeTheStageDoesNotCount) {
  files_signed_by("files");
  const std::string first = itl();
  phone_fetches();
  pki->add("other", "ccmtftp");
  files_signed_by("other");
  const std::string staged = itl();
  for (Publisher::Watcher* w : publisher.watchers) w->fetched("ITLSEP001122334455.tlv", as_bytes(first), 7);   // was under way
  pass(Millis(130000));
  CHECK(itl() == staged);
}

TEST(Itl, KeepsTheOldListWhenPhonesWouldBeStranded) {
  files_signed_by("files");
  const std::string first = itl();
  lose_key("tftp");   // of the signer
  pki->add("other", "ccmtftp");
  files_signed_by("other");
  CHECK(itl() == first);
  CHECK(t->store.files["nvram:ITLFile.tlv"] == first);
  CHECK(t->log.has("ITL-4-KEPT: The ITL file is not made anew: Phones do not know trustpoint other, "
                   "and no key of a signer that they know is here"));
  config().itl = false;   // the operator begins anew
  setting_changed();
  config().itl = true;
  setting_changed();
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp}));
  CHECK_FALSE(accepts(first, itl()));
}

TEST(Itl, TheCtlVouchesForANewSigner) {
  files_signed_by("files");
  const std::string first = itl();
  with_ctl();
  (void)regenerate();
  lose_key("tftp");
  files_signed_by("s2");
  CHECK(signer(itl()) != signer(first));
}

TEST(Itl, WithoutPhonesNobodyIsStranded) {
  files_signed_by("files");
  const std::string first = itl();
  client->set_phones({});
  pki->add("other", "ccmtftp");
  files_signed_by("other");
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp}));
  CHECK(signer(itl()) != signer(first));
}

TEST(Itl, NoItlStopsAndRemoves) {
  files_signed_by("files");
  config().itl = false;
  setting_changed();
  CHECK(publisher.files.empty());
  LONGS_EQUAL(0, t->store.files.count("nvram:ITLFile.tlv"));
  CHECK(t->log.has("ITL-5-REMOVED"));
  files_signed_by("s1");
  CHECK(publisher.files.empty());
}

TEST(Itl, BootServesTheStoredListWithoutSigning) {
  files_signed_by("files");
  const std::string first = itl();
  client->stop();
  boot();
  CHECK(itl() == first);
  CHECK(publisher.files["ITLSEP001122334455.tlv"] == first);
  files_signed_by("files");
  CHECK(itl() == first);
  CHECK(t->store.files["nvram:ITLFile.tlv"] == first);
}

TEST(Itl, ADamagedListIsLeftToTheOperator) {
  files_signed_by("files");
  t->store.files["nvram:ITLFile.tlv"][700] ^= 1;
  client->stop();
  boot();
  files_signed_by("files");
  STRCMP_EQUAL("", itl().c_str());
  CHECK(t->log.has("ITL-3-DAMAGED"));
  config().itl = false;
  setting_changed();
  config().itl = true;
  setting_changed();
  CHECK(itl() != "");
}

TEST(Itl, WaitsForTheClock) {
  pki->clock = false;
  files_signed_by("files");
  STRCMP_EQUAL("", itl().c_str());
  pki->clock = true;
  pass(Millis(61000));
  CHECK(itl() != "");
}

TEST(Itl, TheRecoveryKeySigns) {
  pki->add("rec", "app");
  files_signed_by("files");
  const std::string first = itl();
  phone_fetches();
  config().recovery = std::string_view("rec");
  setting_changed();
  const std::string staged = itl();
  CHECK(accepts(first, staged));
  CHECK(roles(staged) == (std::vector<Role>{Role::sast, Role::sast, Role::tftp}));
  phone_fetches();
  CHECK(accepts(staged, itl()));
  CHECK(signer(itl()) != signer(first));
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::sast, Role::tftp}));
  // With it any change of the file credentials is one step, even when their key is lost.
  const std::string recovered = itl();
  lose_key("tftp");
  pki->add("other", "ccmtftp");
  files_signed_by("other");
  CHECK(itl() != recovered);
  CHECK(accepts(recovered, itl()));
}

TEST(Itl, TheRecoveryKeyIsNeitherSast) {
  with_ctl();
  pki->add("copy", "sast2");
  config().recovery = std::string_view("copy");
  files_signed_by("files");
  STRCMP_EQUAL("", itl().c_str());
  CHECK(t->log.has("ITL-4-KEPT: The ITL file is not made anew: The recovery trustpoint must differ "
                   "from SAST1 and SAST2"));
}

TEST(Itl, TokenlessCtlIsSignedByTheRecoveryKey) {
  with_ctl();
  config().tokenless = true;
  STRCMP_EQUAL("% Recovery trustpoint is not configured\n", regenerate().c_str());
  config().recovery = std::string_view("s1");
  STRCMP_EQUAL("% Recovery and SAST1 must use different certificates\n", regenerate().c_str());
  pki->add("rec", "app");
  config().recovery = std::string_view("rec");
  STRCMP_EQUAL("CTL file made, signed by trustpoint rec\n", regenerate().c_str());
  CHECK(roles(publisher.files["CTLFile.tlv"]) == (std::vector<Role>{Role::sast, Role::sast}));
}

TEST(Itl, TokenlessComesInTwoStages) {
  with_ctl();
  (void)regenerate();
  const std::string first = publisher.files["CTLFile.tlv"];
  phone_fetches("CTL");
  pki->add("rec", "app");
  config().recovery = std::string_view("rec");
  config().tokenless = true;
  STRCMP_EQUAL("CTL file made, signed by trustpoint s1\n", regenerate().c_str());
  const std::string staged = publisher.files["CTLFile.tlv"];
  CHECK(accepts(first, staged));
  STRCMP_EQUAL("CTL file made, signed by trustpoint s1\n", regenerate().c_str());   // the phone has not come yet
  phone_fetches("CTL");
  CHECK(signer(publisher.files["CTLFile.tlv"]) != signer(first));   // by itself
  CHECK(accepts(staged, publisher.files["CTLFile.tlv"]));
  STRCMP_EQUAL("CTL file made, signed by trustpoint rec\n", regenerate().c_str());
}

TEST(Itl, PrepareRollbackEmptiesTheTrust) {
  pki->add("tvs", "tvs");
  uses({use("files", TrustRole::tftp), use("tvs", TrustRole::tvs)});
  const std::string first = itl();
  CHECK_FALSE(client->https_paused());
  config().prepare_rollback = true;
  setting_changed();
  CHECK(client->https_paused());
  CHECK(accepts(first, itl()));
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast}));
  config().prepare_rollback = false;
  setting_changed();
  CHECK(roles(itl()) == (std::vector<Role>{Role::sast, Role::tftp, Role::tvs}));
}

TEST(Itl, AFailedWriteKeepsTheOldListAndIsTriedAgain) {
  files_signed_by("files");
  const std::string first = itl();
  t->store.fail_writes_after = 0;
  pki->add("tvs", "tvs");
  uses({use("files", TrustRole::tftp), use("tvs", TrustRole::tvs)});
  CHECK(itl() == first);
  CHECK(t->log.has("CTL-3-ROTATIONWRITE"));
  t->store.fail_writes_after = -1;
  pass(Millis(61000));
  CHECK(itl() != first);
}

// Lists that other servers wrote are successors to each other by the same rule.
TEST(Itl, ReadsForeignItls) {
  for (const char* name : {"tlv/ITLFile.tlv", "tlv/ITLFile-v11-sha512.tlv", "tlv/genuine/ITLFile-v11-sha512.tlv"}) {
    const std::string data = test::vector_file(name);
    CHECK_OK(verify_ctl(as_bytes(data)));
    CHECK(accepts(data, data));
  }
}
