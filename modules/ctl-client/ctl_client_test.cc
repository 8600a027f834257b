// Tests of the CTL client: regenerate and its refusals, successor rules, boot, erase, show.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/ctl_client.h"

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

struct Heard final : TrustList::Listener {
  int times = 0;
  void ctl_changed() override { ++times; }
};

}  // namespace

TEST_GROUP_BASE(CtlClient, CtlGroup) {
  std::vector<Import> imports;
  Heard heard;

  void setup() override {
    begin({{"cmeserver", "sast1"}, {"sast2", "sast2"}, {"capf", "capf"}});
    servers = {server(Function::capf, "capf"), server(Function::cme, "cmeserver"), server(Function::tftp, "cmeserver")};
    boot();
  }
  void boot() {
    if (client == nullptr) client = std::make_unique<CtlClient>(t->env);
    else client->stop();
    config().id = 1;
    config().sast1 = std::string_view("cmeserver");
    config().sast2 = std::string_view("sast2");
    bind();
    CHECK_OK(client->start());
    client->unsubscribe(heard);
    client->subscribe(heard);
    client->apply();
    client->set_phones({&kPhone, 1});
    t->world.settle();
  }
  void bind() {
    bind_servers();
    config().imports.items = imports.data();
    config().imports.count = static_cast<uint32_t>(imports.size());
  }
  std::string regenerate(const char* answer = nullptr) {
    const CryptoThread allowed;   // jobs run inline
    bind();
    test::FakeConsole console(t->world.scheduler);
    cli::Call call;
    call.instance = client.get();
    call.console = &console;
    ctl_client::regenerate(call);
    if (!console.run(t->world, *call.dialogue) && answer != nullptr) CHECK(console.run(t->world, *call.dialogue, answer));
    return console.taken() + console.question;
  }
  void lose_both_signers() {
    for (const char* key : {"sast1", "sast2"}) lose_key(key);
    pki->add("a", "app");
    pki->add("b", "tvs");
    config().sast1 = std::string_view("a");
    config().sast2 = std::string_view("b");
  }
  std::string ctl() { return publisher.files["CTLFile.tlv"]; }
  std::vector<Role> roles() {
    const std::string data = ctl();
    const auto f = verify_ctl(as_bytes(data));
    CHECK_OK(f);
    std::vector<Role> found;
    RecordReader r(f->body());
    while (r.more()) found.push_back(r.next()->role);
    return found;
  }
  std::string shown() {
    test::FakeConsole console(t->world.scheduler);
    client->show(console);
    return console.taken();
  }
};

TEST(CtlClient, RegeneratesSignsStoresAndPublishes) {
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
  CHECK(roles() == (std::vector<Role>{Role::sast, Role::sast, Role::ccm_tftp, Role::capf}));
  CHECK(publisher.files["CTLSEP001122334455.tlv"] == ctl());
  CHECK(t->store.files["nvram:CTLFile.tlv"] == ctl());
  LONGS_EQUAL(1, heard.times);
  CHECK(client->ctl_exists());
}

TEST(CtlClient, TimestampsAlwaysIncrease) {
  (void)regenerate();
  const std::string first = ctl();
  (void)regenerate();
  const std::string second = ctl();
  LONGS_EQUAL(read_file(as_bytes(first))->header.timestamp + 1, read_file(as_bytes(second))->header.timestamp);
  t->world.clock.set_wall(1700000000);   // the clock was set back
  (void)regenerate();
  LONGS_EQUAL(read_file(as_bytes(first))->header.timestamp + 2, read_file(as_bytes(ctl()))->header.timestamp);
}

TEST(CtlClient, NamesWhatIsMissing) {
  config().sast1.clear();
  STRCMP_EQUAL("% SAST1 trustpoint is not configured\n", regenerate().c_str());
  config().sast1 = std::string_view("nothing");
  STRCMP_EQUAL("% Trustpoint nothing has no usable certificate\n", regenerate().c_str());
  config().sast1 = std::string_view("sast2");
  STRCMP_EQUAL("% SAST1 and SAST2 must use different certificates\n", regenerate().c_str());
  config().sast1 = std::string_view("cmeserver");
  servers.push_back(server(Function::application, "app"));
  STRCMP_EQUAL("% Trustpoint app has no usable certificate\n", regenerate().c_str());
  pki->clock = false;
  STRCMP_EQUAL("% The clock is not set: nothing can be signed. Use 'clock set'\n", regenerate().c_str());
  CHECK_FALSE(client->ctl_exists());
  LONGS_EQUAL(0, t->store.writes);
}

TEST(CtlClient, SameKeyUnderTwoLabelsIsRefused) {
  pki->add("copy", "sast1");
  config().sast2 = std::string_view("copy");
  STRCMP_EQUAL("% SAST1 and SAST2 must use different certificates\n", regenerate().c_str());
}

// What the provider of another router gave before this boot: call manager and file server become one record.
TEST(CtlClient, RecordsOfAnotherRouterEnterTheList) {
  ProviderBook book;
  auto known = book.make(0x0A010102);
  CHECK_OK(known);
  for (const Role role : {Role::tftp, Role::ccm, Role::capf}) {
    RemoteRecord r;
    r.role = role;
    r.ip = 0x0A010102;
    CHECK_OK(r.certificate.append(test::vector_file("keys/ccm.der")));
    CHECK_OK((*known)->records.push(std::move(r)));
  }
  Blob file;
  CHECK_OK(book.save(file));
  t->store.files["nvram:ctl-providers"] = std::string(file.text());
  servers.push_back(server(Function::cme, "", 0x0A010102));
  servers.back().source = Source::provider;
  boot();
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
  CHECK(roles() == (std::vector<Role>{Role::sast, Role::sast, Role::ccm_tftp, Role::ccm_tftp, Role::capf, Role::capf}));
  client->set_secure(false);
  (void)regenerate();
  CHECK(roles() == (std::vector<Role>{Role::sast, Role::sast, Role::ccm, Role::tftp, Role::ccm, Role::capf, Role::tftp, Role::capf}));
}

TEST(CtlClient, ADamagedFileOfProvidersIsToldAndNotUsed) {
  t->store.files["nvram:ctl-providers"] = "CTLBnonsense";
  boot();
  CHECK(t->log.has("PROVIDERDAMAGED"));
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
}

TEST(CtlClient, ProviderOfAnotherRouterIsRefusedClearly) {
  servers[1].source = Source::provider;
  STRCMP_EQUAL("% Server 10.1.1.1: its CTL provider gave no certificate yet\n", regenerate().c_str());
  CHECK(client->verify() == nullptr);
  servers[0].source = Source::provider;
  STRCMP_EQUAL("Only 'server cme' may name the CTL provider of another router", client->verify());
}

TEST(CtlClient, NonsecureListKeepsTheSignersAndAFileSigner) {
  (void)regenerate();
  client->set_secure(false);
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
  CHECK(roles() == (std::vector<Role>{Role::sast, Role::sast, Role::ccm, Role::tftp, Role::capf}));
  const std::string data = ctl();
  RecordReader r(read_file(as_bytes(data))->body());
  (void)r.next();
  (void)r.next();
  const auto ccm = r.next();
  CHECK_FALSE(ccm->has(kCertificate));
  CHECK(ccm->dns_name == "10.1.1.1");
}

TEST(CtlClient, TheFirstListIsSecureWhateverTheMode) {
  client->set_secure(false);
  (void)regenerate();
  CHECK(roles()[2] == Role::ccm_tftp);
}

TEST(CtlClient, LostSast1IsFollowedBySast2) {
  (void)regenerate();
  const std::string first = ctl();
  pki->add("fresh", "app");
  config().sast1 = std::string_view("fresh");
  STRCMP_EQUAL("CTL file made, signed by trustpoint sast2\n", regenerate().c_str());
  CHECK_OK(verify_successor(as_bytes(ctl()), as_bytes(first)));
}

TEST(CtlClient, BothSignersNewAreIntroducedByAFormerKeyThatIsStillHere) {
  (void)regenerate();
  const std::string first = ctl();
  pki->add("a", "app");
  pki->add("b", "tvs");
  config().sast1 = std::string_view("a");
  config().sast2 = std::string_view("b");
  STRCMP_EQUAL("CTL file made, signed by trustpoint a (former key)\n", regenerate().c_str());
  CHECK_OK(verify_successor(as_bytes(ctl()), as_bytes(first)));
  STRCMP_EQUAL("CTL file made, signed by trustpoint a\n", regenerate().c_str());   // no phone has ever fetched one
}

TEST(CtlClient, AListThatComesBackLateIsTakenToBeInThePhones) {
  (void)regenerate();
  client->stop();
  t->store.files.erase("nvram:phone-lists");
  config().id = 0;              // booted without the block, which is typed again
  CHECK_OK(client->start());
  client->apply();
  client->set_phones({&kPhone, 1});
  t->world.settle();
  CHECK_FALSE(client->ctl_exists());
  config().id = 1;
  client->apply();
  t->world.settle();
  CHECK(client->ctl_exists());
  lose_both_signers();
  STRCMP_CONTAINS("Continue and strand these phones? [no]: ", regenerate().c_str());
}

TEST(CtlClient, BothSignersLostAsksBeforeStrandingPhones) {
  (void)regenerate();
  const std::string first = ctl();
  lose_both_signers();
  STRCMP_EQUAL(
      "% These phones hold a list whose signers are not here any more:\n  SEP001122334455\n"
      "Continue and strand these phones? [no]: ", regenerate().c_str());
  CHECK(ctl() == first);
  (void)regenerate("no");
  CHECK(ctl() == first);
  (void)regenerate("");
  CHECK(ctl() == first);
  (void)regenerate("yes");
  CHECK(ctl() != first);
  LONGS_EQUAL(4, roles().size());
}

TEST(CtlClient, BootPublishesTheStoredListWithoutSigning) {
  (void)regenerate();
  const std::string first = ctl();
  pki->remove("cmeserver");   // nothing could be signed
  client->stop();
  CHECK(publisher.files.empty());
  boot();
  CHECK(ctl() == first);
  CHECK(publisher.files["CTLSEP001122334455.tlv"] == first);
  CHECK(t->store.files["nvram:CTLFile.tlv"] == first);
}

TEST(CtlClient, DamagedStoredListIsNotServed) {
  (void)regenerate();
  t->store.files["nvram:CTLFile.tlv"][900] ^= 1;
  client->stop();
  boot();
  CHECK_FALSE(client->ctl_exists());
  CHECK(publisher.files.empty());
  CHECK(t->log.has("CTL-3-DAMAGED"));
}

TEST(CtlClient, FailedWriteKeepsTheOldList) {
  (void)regenerate();
  const std::string first = ctl();
  t->store.fail_writes_after = 0;
  STRCMP_EQUAL("% CTL file: no space\n", regenerate().c_str());
  CHECK(ctl() == first);
  CHECK(t->store.files["nvram:CTLFile.tlv"] == first);
}

TEST(CtlClient, NoCtlClientRemovesTheFiles) {
  (void)regenerate();
  config().id = 0;
  client->apply();
  t->world.settle();
  CHECK(publisher.files.empty());
  CHECK(t->store.files.count("nvram:CTLFile.tlv") == 0);
  CHECK_FALSE(client->ctl_exists());
  LONGS_EQUAL(2, heard.times);
}

TEST(CtlClient, EraseIsHeardAndLeavesNothing) {
  (void)regenerate();
  client->erase();
  t->world.settle();
  CHECK(publisher.files.empty());
  CHECK_FALSE(client->ctl_exists());
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
}

TEST(CtlClient, ImportsACertificateFromAFile) {
  Import i;
  i.id = 1;
  i.tag = 1;
  i.description = std::string_view("directory");
  i.file = std::string_view("flash:app.pem");
  imports = {i};
  STRCMP_EQUAL("% Error: cannot read certificate from flash:app.pem\n", regenerate().c_str());
  t->store.files["flash:app.pem"] = "rubbish";
  STRCMP_EQUAL("% Error: cannot read certificate from flash:app.pem\n", regenerate().c_str());
  t->store.files["flash:app.pem"] = test::vector_file("keys/app.pem");
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
  CHECK(roles().back() == Role::app_server);
}

TEST(CtlClient, RegenerateRightBehindTheBlockWaitsForTheStoredList) {
  (void)regenerate();
  const std::string first = ctl();
  client->stop();
  config().id = 0;
  CHECK_OK(client->start());   // a boot without the block
  config().id = 1;
  client->apply();             // the block and `regenerate` pasted at once: nothing else ran in between
  STRCMP_EQUAL("CTL file made, signed by trustpoint cmeserver\n", regenerate().c_str());
  CHECK(ctl() != first);
  CHECK_OK(verify_successor(as_bytes(ctl()), as_bytes(first)));
}

TEST(CtlClient, PhonesComeAndGo) {
  (void)regenerate();
  const PhoneMac other{{0x00, 0x12, 0x43, 0x02, 0xA7, 0xCC}};
  client->set_phones({&other, 1});
  CHECK(publisher.files.count("CTLSEP001122334455.tlv") == 0);
  CHECK(publisher.files["CTLSEP00124302A7CC.tlv"] == ctl());
}

TEST(CtlClient, RenewedServerCertificateIsFollowed) {
  (void)regenerate();
  const std::string first = ctl();
  pki->add("capf", "tvs");
  pki->changed("capf");
  const CryptoThread allowed;
  t->world.run_for(Millis(2500));
  CHECK(ctl() != first);
  CHECK_OK(verify_successor(as_bytes(ctl()), as_bytes(first)));
  pki->remove("capf");
  pki->changed("capf");
  t->world.run_for(Millis(2500));
  CHECK(t->log.has("CTL-4-STALE: A certificate changed and the CTL file cannot follow: % Trustpoint capf has no usable certificate"));
}

TEST(CtlClient, ShowsAsDocumented) {
  servers = {server(Function::capf, "cmeserver"), server(Function::cme, "cmeserver"), server(Function::tftp, "cmeserver")};
  bind();
  STRCMP_EQUAL(
      "\nCTL Client Information\n"
      "-----------------------------\n"
      "        SAST 1 Certificate Trustpoint: cmeserver\n"
      "        SAST 1 Certificate Trustpoint: sast2\n"
      "        List of Trusted Servers in the CTL\n"
      "                CME     10.1.1.1        cmeserver\n"
      "                TFTP    10.1.1.1        cmeserver\n"
      "                CAPF    10.1.1.1        cmeserver\n", shown().c_str());
}

TEST(CtlClient, Sha512WhenAskedFor) {
  client->set_digest(Hash::sha512);
  (void)regenerate();
  CHECK(verify_ctl(as_bytes(ctl()))->header.hash == Hash::sha512);
}
