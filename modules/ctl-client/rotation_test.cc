// No sequence of changes strands a phone: random changes, phones that are off, power cuts, against a phone that applies the rules.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/ctl_test_group.h"
#include "modules/ctl-client/trust_file_verify.h"
#include "platform/crypto/key_rename.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::ctl_client;

namespace {

// A telephone by trust-files.md 2.2 and 7; it knows nothing of the router's own memory.
struct ModelPhone {
  PhoneMac mac;
  bool old = false;      // takes no ITL
  std::string ctl, itl;

  std::string name(const char* kind) const {
    char text[32];
    FixedWriter w(text);
    w.put(kind).put("SEP").hex_bytes(mac.bytes, 6).put(".tlv");
    return std::string(w.view());
  }
  static bool sast(const std::string& list, const std::string& next) {
    return !list.empty() && verify_successor(as_bytes(next), as_bytes(list)).has_value();
  }
  bool trusts(Bytes certificate, Role role) const {
    for (const std::string* list : {&ctl, &itl}) {
      if (list->empty()) continue;
      RecordReader r(read_file(as_bytes(*list))->body());
      while (r.more()) {
        const auto record = r.next();
        const bool both = record->role == Role::ccm_tftp && (role == Role::tftp || role == Role::ccm);
        if ((record->role == role || both) && equal_bytes(record->certificate, certificate)) return true;
      }
    }
    return false;
  }
  bool blank() const { return ctl.empty() && itl.empty(); }
  // Boots: fetches its lists, judges them.
  void take(const std::string& next_ctl, const std::string& next_itl) {
    if (!next_ctl.empty() && (ctl.empty() || sast(ctl, next_ctl))) ctl = next_ctl;
    if (!old && !next_itl.empty() && (blank() || sast(itl, next_itl) || sast(ctl, next_itl))) itl = next_itl;
  }
};

}  // namespace

TEST_GROUP_BASE(Rotation, CtlGroup) {
  std::vector<ModelPhone> phones;
  std::vector<TrustUse> uses;

  void setup() override {
    begin({{"files", "tftp"}, {"s1", "sast1"}, {"s2", "sast2"}, {"capf", "capf"}, {"tvs", "tvs"}});
    for (uint8_t i = 0; i < 6; ++i) {
      ModelPhone p;
      p.mac = {{0, 0x11, 0x22, 0x33, 0x44, i}};
      p.old = i == 5;
      phones.push_back(p);
    }
    uses = {use("files", TrustRole::tftp), use("capf", TrustRole::capf), use("tvs", TrustRole::tvs)};
    servers = {server(Function::tftp, "files"), server(Function::capf, "capf")};
    client = std::make_unique<CtlClient>(t->env);
    boot();
  }
  void boot() {
    config().id = 1;
    config().sast1 = std::string_view("s1");
    config().sast2 = std::string_view("s2");
    bind_servers();
    const CryptoThread allowed;
    CHECK_OK(client->start());
    client->apply();
    std::vector<PhoneMac> macs;
    for (const ModelPhone& p : phones) macs.push_back(p.mac);
    client->set_phones(macs);
    tell_uses();
  }
  void tell_uses() {   // one after the other, as modules start
    const CryptoThread allowed;
    for (const TrustUse& u : uses) CHECK_OK(client->set_uses(owner(u.role), {&u, 1}));
  }
  static const char* owner(TrustRole role) { return role == TrustRole::tftp ? "phones" : role == TrustRole::capf ? "capf" : "tvs"; }
  void pass(Millis time = Millis(6000)) { CtlGroup::pass(time); }
  // kill -9: nothing that is not in the store survives.
  void power_cut() {
    t->store.fail_writes_after = -1;
    client->stop();
    boot();
    pass();
  }
  std::string regenerate(const char* answer = nullptr) {
    const CryptoThread allowed;
    test::FakeConsole console(t->world.scheduler);
    cli::Call call;
    call.instance = client.get();
    call.console = &console;
    ctl_client::regenerate(call);
    bool ended = false;
    for (int i = 0; i < 20 && !ended && console.question.empty(); ++i) {
      ended = console.run(t->world, *call.dialogue);
      if (!ended && console.question.empty()) t->world.run_for(Millis(200));
    }
    if (!ended && answer != nullptr) ended = console.run(t->world, *call.dialogue, answer);
    pass();
    return console.taken() + (ended ? "" : console.question);
  }
  std::string file(const std::string& name) { return publisher.files.count(name) != 0 ? publisher.files[name] : ""; }
  Bytes shown(const TrustUse& u) {
    const auto found = pki->usable(client->in_use(owner(u.role), u.role, u.trustpoint), Purpose::any);
    return found ? found->certificate : Bytes();
  }
  void check(const ModelPhone& p, const char* when) {
    if (p.blank()) return;
    for (const TrustUse& u : uses) {
      if (p.old && u.role == Role::tvs) continue;
      if (p.trusts(shown(u), u.role)) continue;
      FAIL((p.name(when) + " does not trust role " + std::to_string(static_cast<int>(u.role))).c_str());
    }
  }
  void check_all(const char* when) {
    for (const ModelPhone& p : phones) check(p, when);
  }
  void phone_boots(ModelPhone& p) {
    const uint32_t ip = 0x0A010200u + p.mac.bytes[5];
    publisher.fetch(p.name("CTL"), ip);
    if (!p.old) publisher.fetch(p.name("ITL"), ip);
    p.take(file(p.name("CTL")), file(p.name("ITL")));
    check(p, "after a boot ");
    if (p.blank()) return;
    const std::string signed_name = p.name("").substr(0, 15) + ".cnf.xml.sgn";
    publisher.files[signed_name] = "signed";
    publisher.fetch(signed_name, ip);
  }
  // Phones have an ITL before the first CTL.
  void in_service() {
    pass();
    all_boot();
    (void)regenerate();
    all_boot();
  }
  void all_boot() {
    for (ModelPhone& p : phones) phone_boots(p);
    pass();
  }
  std::string show() {
    test::FakeConsole console(t->world.scheduler);
    client->show_rotation(console);
    return console.taken();
  }
  void renew(const char* label, const char* key) {
    pki->add(label, key);
    {
      const CryptoThread allowed;
      pki->changed(label);
    }
    pass();
  }
};

TEST(Rotation, TheNextCertificateIsUsedWhenAllPhonesKnowIt) {
  in_service();
  const std::string before(as_text(shown(uses[1])));
  renew("capf", "app");
  CHECK(before == as_text(shown(uses[1])));
  CHECK(client->rotating());
  CHECK(show().find("CAPF certificate of trustpoint capf\n        Stage: the next certificate is listed, the former one is in use\n") != std::string::npos);
  for (size_t i = 0; i < 5; ++i) phone_boots(phones[i]);
  pass();
  CHECK(before == as_text(shown(uses[1])));
  CHECK(show().find("5 confirmed, 1 waited for\n                SEP001122334405\n") != std::string::npos);
  power_cut();
  CHECK(before == as_text(shown(uses[1])));
  check_all("after the cut ");
  phone_boots(phones[5]);
  pass(Millis(10000));
  CHECK(before != as_text(shown(uses[1])));
  check_all("in the end ");
  CHECK_FALSE(client->rotating());
}

TEST(Rotation, WhatHasEndedIsNotWaitedWithAndNobodyIsStranded) {
  in_service();
  const std::string before(as_text(shown(uses[1])));
  renew("capf", "app");
  for (size_t i = 0; i < 5; ++i) phone_boots(phones[i]);
  pass(Millis(60'000));
  CHECK(before == as_text(shown(uses[1])));
  CHECK(client->rotating());
  pki->ended = before;                     // nothing else happens: the end comes by the clock
  pass(Millis(10'000));
  CHECK_FALSE(client->rotating());
  CHECK(t->log.has("Trustpoint capf has its next certificate in use: that of capf has ended while phones know no other"));
  for (size_t i = 0; i < 5; ++i) check(phones[i], "afterwards ");
  phone_boots(phones[5]);                  // its lists come first, signed by a key that it knows
  pass();
  check_all("in the end ");
}

TEST(Rotation, WhatHasEndedDoesNotWaitForItsTurn) {
  in_service();
  const std::string before(as_text(shown(uses[2])));
  renew("files", "ccmtftp");
  pass(Millis(2'000));
  renew("tvs", "app");
  for (size_t i = 0; i < 5; ++i) phone_boots(phones[i]);
  pass(Millis(60'000));
  CHECK(before == as_text(shown(uses[2])));
  CHECK(show().find("waits for the end of the other change") != std::string::npos);
  pki->ended = before;
  pass(Millis(10'000));
  CHECK(before != as_text(shown(uses[2])));
  all_boot();
  pass(Millis(20'000));
  all_boot();
  pass(Millis(20'000));
  check_all("in the end ");
  CHECK_FALSE(client->rotating());
}

TEST(Rotation, AnotherTrustpointOfAServiceWaitsToo) {
  in_service();
  const std::string before(as_text(shown(uses[0])));
  pki->add("files2", "ccmtftp");
  uses[0] = use("files2", TrustRole::tftp);
  tell_uses();
  pass();
  CHECK(before == as_text(shown(uses[0])));
  all_boot();
  pass(Millis(10000));
  all_boot();
  pass(Millis(10000));
  CHECK(before != as_text(shown(uses[0])));
  check_all("in the end ");
}

TEST(Rotation, TvsAndTftpNeverChangeTogether) {
  in_service();
  pki->add("files", "ccmtftp");
  renew("tvs", "app");
  CHECK(show().find("waits for the end of the other change; TVS and TFTP never change together") != std::string::npos);
  for (int i = 0; i < 3; ++i) {
    all_boot();
    pass(Millis(10000));
  }
  CHECK_FALSE(client->rotating());
  CHECK(equal_bytes(shown(uses[0]), pki->newest("files", Purpose::any)->certificate));
  CHECK(equal_bytes(shown(uses[2]), pki->newest("tvs", Purpose::any)->certificate));
}

TEST(Rotation, LostKeysAreNamedWithTheirPhones) {
  in_service();
  Blob names;
  const Blob files = *keys->public_key(keys->find("tftp"));
  CHECK(static_cast<Trustpoints::Holder*>(pki->holder())->needed_by(files, names));
  CHECK(names.text().find("  SEP001122334400\n") != std::string_view::npos);
  const Blob sast = *keys->public_key(keys->find("sast1"));
  CHECK_FALSE(pki->holder()->needed_by(sast, names));   // SAST2 takes over
  {
    const CryptoThread allowed;
    CHECK_OK(keys->remove("sast1"));   // protected: set aside
    CHECK(bool(keys->find(kept_key_label(hash(Hash::sha256, sast)))));
  }
}

TEST(Rotation, BothSignersNewNamesThePhonesAndCanBeForced) {
  in_service();
  for (const char* key : {"sast1", "sast2"}) pki->holder()->give_up(*keys->public_key(keys->find(key)));
  {
    const CryptoThread allowed;
    CHECK_OK(keys->remove("sast1"));
    CHECK_OK(keys->remove("sast2"));
  }
  pki->add("s1", "app");
  renew("s2", "ccm");
  const std::string asked = regenerate();
  CHECK(asked.find("  SEP001122334400\n  SEP001122334401\n") != std::string::npos);
  CHECK(asked.find("Continue and strand these phones? [no]: ") != std::string::npos);
  const std::string before = file("CTLFile.tlv");
  (void)regenerate("yes");
  CHECK(before != file("CTLFile.tlv"));
  STRCMP_EQUAL("CTL file made, signed by trustpoint s1\n", regenerate().c_str());   // nobody is known to hold the old one
}

// Changes of everything, phones on and off, power cuts at any write: who trusted the router goes on trusting it.
TEST(Rotation, RandomSequencesStrandNobody) {
  const char* const pool[] = {"tftp", "capf", "tvs", "app", "ccm", "ccmtftp", "sast1", "sast2", "lsc2048", "lscother", "mic", "othercaroot"};
  const char* const labels[] = {"files", "capf", "tvs", "s1", "s2", "files2"};
  in_service();
  pki->add("files2", "ccmtftp");
  std::mt19937 random(20261124);
  const auto dice = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  for (int step = 0; step < 260; ++step) {
    switch (dice(12)) {
      case 0:
      case 1: {
        const char* label = labels[dice(6)];
        const char* key = pool[dice(12)];
        bool taken = false;   // two signers with one key are refused anyway
        for (const char* other : labels)
          if (std::string(other) != label) taken = taken || equal_bytes(pki->newest(other, Purpose::any)->certificate, as_bytes(test::vector_file(std::string("keys/") + key + ".der")));
        if (!taken) renew(label, key);
        break;
      }
      case 2: uses[0] = use(dice(2) ? "files" : "files2", TrustRole::tftp); tell_uses(); break;
      case 3: (void)regenerate("no"); break;
      case 4:
        if (dice(3) == 0) power_cut();
        break;
      case 5:
        t->store.fail_writes_after = static_cast<int>(dice(3));
        pass(Millis(4000));
        power_cut();
        break;
      default: {
        ModelPhone& p = phones[dice(6)];
        if (step % 60 < 40 && p.mac.bytes[5] % 2 == 0) break;   // these are off
        phone_boots(p);
      }
    }
    pass(Millis(500 + dice(8000)));
    check_all("at a step ");
  }
  for (int i = 0; i < 6; ++i) {
    all_boot();
    pass(Millis(15000));
    check_all("at the end ");
  }
  CHECK_FALSE(client->rotating());
}
