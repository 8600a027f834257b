// Tests of the CAPF server: operations for all phones, renewal, an authority that is not connected.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_test_fixture.h"

using namespace parley;
using namespace parley::capf_server;
using namespace parley::capf_server::test_doubles;

TEST_GROUP_BASE(CapfPlan, CapfFixture) {};

TEST(CapfPlan, OperationsForAllRunInTheirWindowAndEndAtTheDeadline) {
  size_t count = 0;
  CHECK(!service->start_bulk(Operation::upgrade, count).empty());   // auth-mode none
  config().auth_mode = AuthMode::null_string;
  CHECK(service->start_bulk(Operation::upgrade, count).empty());
  LONGS_EQUAL(1, count);
  const auto minute = static_cast<uint16_t>(t->world.clock.wall() / 60 % 1440);
  config().window_from_min = static_cast<uint16_t>((minute + 60) % 1440);
  config().window_to_min = static_cast<uint16_t>((minute + 120) % 1440);
  Call early = connect();
  LONGS_EQUAL(0, install(early, 1, auth(1)));
  t->world.run_for(Millis(110 * 60'000));   // the begin of each phone lies in the first three quarters of the window
  early.session = nullptr;
  boot();                                  // the operation survives a restart
  config().auth_mode = AuthMode::null_string;
  Call in_time = connect();
  LONGS_EQUAL(1, install(in_time, 1, auth(1)));
  Call done = connect();
  LONGS_EQUAL(0, install(done, 1, auth(1)));
  CHECK(service->start_bulk(Operation::upgrade, count).empty());
  t->world.run_for(Millis(int64_t{11} * 86'400'000));
  CHECK(t->log.has("DEADLINE"));
}

TEST(CapfPlan, TheWindowIsSharedOutAmongThePhones) {
  book.phones.clear();
  constexpr size_t kPhones = 200;
  for (uint16_t i = 0; i < kPhones; ++i) {
    PhoneEntry e;
    e.tag = static_cast<uint16_t>(i + 1);
    char name[16];
    FixedWriter w(name);
    w.put("SEP001122330").dec(i, 3, '0');
    e.device = w.view();
    book.phones.push_back(e);
  }
  config().auth_mode = AuthMode::null_string;
  const auto minute = static_cast<uint16_t>(t->world.clock.wall() / 60 % 1440);
  config().window_from_min = static_cast<uint16_t>((minute + 10) % 1440);
  config().window_to_min = static_cast<uint16_t>((minute + 130) % 1440);
  config().trustpoint = std::string_view("capf");
  config().source = cli::Ipv4{0xC0000201};
  service->apply();
  size_t count = 0;
  CHECK(service->start_bulk(Operation::upgrade, count).empty());
  const auto wanted = [&] {
    size_t n = 0;
    for (const auto& [device, mode] : book.modes) n += mode != 0;
    return n;
  };
  t->world.run_for(Millis(9 * 60'000));
  LONGS_EQUAL(0, wanted());
  size_t before = 0, most = 0;
  for (int step = 0; step < 19; ++step) {
    t->world.run_for(Millis(5 * 60'000));
    CHECK(wanted() >= before);
    most = std::max(most, wanted() - before);
    before = wanted();
  }
  LONGS_EQUAL(count, wanted());
  CHECK_TEXT(most < count / 5, "never more than a fifth at once");
  t->world.run_for(Millis(35 * 60'000));
  LONGS_EQUAL(0, wanted());
}

TEST(CapfPlan, CertificatesAreRenewedBeforeTheirEndByTheOldOne) {
  schedule(Operation::upgrade, Proof::null_string);
  {
    Call first = connect();
    LONGS_EQUAL(1, install(first, 1, auth(1)));
  }
  const crypto_pki::Certificate lsc = test::vector_certificate("lsc2048");
  const auto planned = [&](UnixTime now) {
    t->world.clock.set_wall(now);
    CapfService::Plan plan;
    PhoneEntry phone;
    CHECK(service->find(kDevice, phone));
    if (!service->plan(phone, *service->devices().find(kDevice), plan)) return false;
    CHECK(plan.operation == Operation::upgrade && plan.proof == Proof::lsc && plan.renewal && !plan.self_started);
    return true;
  };
  constexpr UnixTime kDay = 86400;
  CHECK_FALSE(planned(lsc.not_after - kDay));   // auth-mode none
  for (int boots = 0; boots < 2; ++boots) {
    config().auth_mode = AuthMode::null_string;
    CHECK_FALSE(planned(lsc.not_after - 31 * kDay));
    CHECK(planned(lsc.not_after - 15 * kDay));
    CHECK(planned(lsc.not_after - 1));
    CHECK(planned(lsc.not_after + 29 * kDay));  // the phone was off
    CHECK_FALSE(planned(lsc.not_after + 30 * kDay));
    issuer.taken_back = der("lsc2048");
    CHECK_FALSE(planned(lsc.not_after - 1));
    issuer.taken_back.clear();
    boot();
  }
  config().auth_mode = AuthMode::null_string;
  config().renew_days = 0;
  CHECK_FALSE(planned(lsc.not_after - kDay));
  config().renew_days = 10;
  CHECK_FALSE(planned(lsc.not_after - 11 * kDay));
  config().trustpoint = std::string_view("capf");
  config().source = cli::Ipv4{0xC0000201};
  service->apply();
  t->world.run_for(Millis(6 * 60'000));
  LONGS_EQUAL(0, book.modes[kDevice]);
  t->world.clock.set_wall(lsc.not_after - 2 * kDay);
  t->world.run_for(Millis(6 * 60'000));
  LONGS_EQUAL(3, book.modes[kDevice]);          // its file tells the phone so
  t->world.clock.set_wall(lsc.not_after + 10 * kDay);
  t->world.run_for(Millis(6 * 60'000));
  LONGS_EQUAL(0, book.modes[kDevice]);
}

TEST(CapfPlan, EachPhoneHasItsOwnDayOfRenewal) {
  constexpr UnixTime kDay = 86400;
  size_t days[15] = {};
  Device d;
  d.begins = kNow;
  d.ends = kNow + 365 * kDay;
  for (int i = 0; i < 1000; ++i) {
    char name[16];
    FixedWriter w(name);
    w.put("SEP00112233").dec(i, 4, '0');
    CHECK(d.name.set(w.view()));
    const UnixTime from = d.renewal(30) - (d.ends - 30 * kDay);
    CHECK(from >= 0 && from < 15 * kDay);
    ++days[from / kDay];
  }
  for (const size_t n : days) CHECK(n > 20 && n < 140);
  d.ends = kNow + 9 * kDay;                     // capped by the end of the CA: not at once again
  CHECK(d.renewal(30) >= kNow + 6 * kDay);
  d.ends = kNow + 2 * kDay;
  LONGS_EQUAL(0, d.renewal(30));
  d.ends = 0;
  LONGS_EQUAL(0, d.renewal(30));
}

TEST(CapfPlan, AnOfflineAuthorityGetsAListAndGivesCertificates) {
  schedule(Operation::upgrade, Proof::null_string);
  config().offline = true;
  Call first = connect();
  LONGS_EQUAL(7, install(first, 1, auth(1)));          // its key waits
  LONGS_EQUAL(0, issuer.asked);
  CHECK(book.phones[0].operation_set);
  first.session = nullptr;
  boot(), config().offline = true;                     // durable
  Blob list;
  size_t count = 0;
  CHECK_OK(service->list_requests(list, count));
  LONGS_EQUAL(1, count);
  CHECK(list.text().find("device: SEP001122334455\nrequested: ") == 0);
  CHECK(list.text().find("subject: CN=SEP001122334455\nkey-sha256: ") != std::string_view::npos);
  random.id = 2;
  Call early = connect();
  LONGS_EQUAL(7, install(early, 2, auth(2)));          // no second key
  early.session = nullptr;

  const CryptoThread allowed;
  const auto import = [&](const std::string& text) {
    auto job = std::make_unique<ImportJob>(t->store);
    t->store.files["flash:certs.pem"] = text;
    job->from = Path("flash:certs.pem");
    CHECK_OK(service->list_waiting(job->waiting));
    job->run();
    CHECK_OK(job->result);
    return job;
  };
  const auto pem = [](const char* key) {
    Blob b;
    CHECK_OK(base64_encode(as_bytes(der(key)), 64, b));
    return "-----BEGIN CERTIFICATE-----\n" + std::string(b.text()) + "-----END CERTIFICATE-----\n";
  };
  auto job = import("text\n" + pem("ccm") + "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n" + pem("lsc2048"));
  LONGS_EQUAL(1, job->strangers);
  LONGS_EQUAL(1, job->broken);
  LONGS_EQUAL(1, job->waiting.size());
  CHECK_OK(job->waiting[0].verdict);
  CHECK_OK(service->take_certificate(job->waiting[0].device, job->waiting[0].spki, job->waiting[0].certificate));
  t->world.settle();

  random.id = 3;
  Call last = connect();
  (void)heard(last), say(last, auth(3));
  const std::string store = heard(last);
  LONGS_EQUAL(9, store.at(1));                         // at once, without another key
  CHECK(store.find(der("lsc2048")) != std::string::npos);
  say(last, answer(Command::store_response, 3, 1));
  CHECK(heard(last) == end_of(3, 1));
  CHECK(book.certificates[kDevice] == der("lsc2048"));
  LONGS_EQUAL(1, book.done);
}

TEST(CapfPlan, APhoneThatLostItsKeyMakesAnotherOneForTheOfflineAuthority) {
  schedule(Operation::upgrade, Proof::null_string);
  config().offline = true;
  Call first = connect();
  LONGS_EQUAL(7, install(first, 1, auth(1)));
  first.session = nullptr;
  CHECK_OK(service->take_certificate(kDevice, test::vector_certificate("lsc2048").spki, as_bytes(der("lsc2048"))));
  t->world.settle();
  random.id = 2;
  Call second = connect();
  (void)heard(second), say(second, auth(2));
  LONGS_EQUAL(9, heard(second).at(1));
  say(second, answer(Command::store_response, 2, 7));
  CHECK(heard(second) == end_of(2, 7));
  second.session = nullptr;
  random.id = 3;
  Call third = connect();
  (void)heard(third), say(third, auth(3));
  LONGS_EQUAL(3, heard(third).at(1));                  // asked for a key again
}
