// Tests of the CAPF server: recorded phones, what is durable, strings and locks, slow phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_test_doubles.h"

using namespace parley;
using namespace parley::capf_server;
using namespace parley::capf_server::test_doubles;

TEST_GROUP(Capf) {
  test::MemoryStore key_files;
  test::CountingRandom key_random;
  fake::FakeClock key_clock;
  std::unique_ptr<KeyStore> keys;
  std::unique_ptr<test::TestEnv> t;
  std::unique_ptr<test::FakeTrustpoints> pki;
  FakePeers peers;
  FakeIssuer issuer;
  FakeBook book;
  IdRandom random;
  std::unique_ptr<Env> env;
  std::unique_ptr<CapfService> service;

  void setup() override {
    keys = test::test_keys(key_files, key_random, key_clock);
    t = std::make_unique<test::TestEnv>(fake::FakeJobs::Mode::at_once, keys.get());
    t->world.clock.set_wall(kNow);
    pki = std::make_unique<test::FakeTrustpoints>(*keys);
    t->services.provide<Trustpoints>(pki.get());
    t->services.provide<PeerTrust>(&peers);
    t->services.provide<PhoneIssuer>(&issuer);
    t->services.provide<PhoneBook>(&book);
    boot();
  }
  void teardown() override {
    service->stop();
    service = nullptr;
    LONGS_EQUAL(0, t->jobs.untaken());
    env = nullptr;
    pki = nullptr;
    t = nullptr;
    keys = nullptr;
  }
  void boot() {
    if (service != nullptr) service->stop();
    service = nullptr;
    const Env& e = t->env;
    env.reset(new Env{e.scheduler, e.jobs, e.clock, e.net, e.links, e.tls, e.keys, e.store, e.log, random, e.services, e.cli});
    service = std::make_unique<CapfService>(*env);
    config().id = 1;
    CHECK_OK(service->start());
    t->world.settle();
  }
  Capf& config() { return static_cast<Config*>(service->config())->capf; }
  void schedule(Operation operation, Proof proof) {
    book.phones[0].operation_set = true;
    book.phones[0].operation = operation;
    book.phones[0].auth_mode = proof;
  }

  struct Call {
    std::shared_ptr<test::TlsPeer> peer = std::make_shared<test::TlsPeer>();
    std::unique_ptr<CapfSession> session;
    size_t seen = 0;
  };
  Call connect() {
    Call c;
    c.session = std::make_unique<CapfSession>(t->world.scheduler, *service);
    c.session->begin(std::make_unique<test::FakeTlsSession>(c.peer, Endpoint{0x0A000001, 40000}));
    t->world.settle();
    return c;
  }
  void say(Call& c, const std::string& bytes) {
    c.peer->to_service += bytes;
    for (int i = 0; i < 6000; ++i) {
      c.session->wake();
      t->world.settle();
      if (c.peer->gone || c.peer->to_service.empty()) break;
    }
    c.session->wake();
    t->world.settle();
  }
  std::string heard(Call& c) { return c.seen < c.peer->writes.size() ? c.peer->writes[c.seen++] : std::string(); }
  std::string auth(uint32_t id, const std::string& device = kDevice, const std::string& pin = std::string(1, '\0'), int version = 3) {
    Message m(Command::auth_response, id);
    m.byte(kReason, 1).byte(kVersion, static_cast<uint8_t>(version)).bytes(kPassword, as_bytes(pin));
    m.bytes(kDeviceName, as_bytes(device + std::string(1, '\0')));
    return text_of(m);
  }
  std::string text_of(Message& m) {
    auto b = m.finish();
    CHECK(b.has_value());
    return std::string(b->text());
  }
  std::string answer(Command command, uint32_t id, int reason) {
    Message m(command, id);
    m.byte(kReason, static_cast<uint8_t>(reason));
    return text_of(m);
  }
  std::string key_message(uint32_t id, const std::string& key) {
    Message m(Command::key_response, id);
    const auto c = test::vector_certificate(key);
    m.bytes(kPublicKey, c.spki);
    return text_of(m);
  }
  std::string end_of(uint32_t id, int reason) { return answer(Command::end_session, id, reason); }
  // Phone after authentication up to the stored certificate; returns the reason of the end.
  int install(Call& c, uint32_t id, const std::string& first, int store_reason = 1) {
    (void)heard(c);
    say(c, first);
    const std::string asked = heard(c);
    if (asked.size() < 2 || asked[1] != 3) return asked.empty() ? -1 : asked.back();
    say(c, key_message(id, "lsc2048"));
    const std::string store = heard(c);
    if (store.size() < 2 || store[1] != 9) return store.empty() ? -1 : store.back();
    say(c, answer(Command::store_response, id, store_reason));
    const std::string end = heard(c);
    return end.empty() ? -1 : end.back();
  }
};

TEST(Capf, ServesTheRecordedPhones) {
  size_t replayed = 0;
  for (const Dialog& d : dialogs()) {
    if (d.key == "ec secp384r1") continue;   // never asked for (capf.md 6)
    const auto id = ByteReader(as_bytes(d.messages[0].bytes).subspan(2)).u32();
    random.id = id;
    t->store.files.clear();
    boot();
    book = FakeBook();
    config().key_size = KeySize::bits_2048;
    if (d.key == "rsa 1024") { config().key_size = KeySize::bits_1024; book.legacy = true; }
    config().key_type = d.key.starts_with("ec") ? capf_server::KeyType::ec : capf_server::KeyType::rsa;
    if (d.operation == "install" || d.operation == "fetch" || d.operation == "delete") {
      const Operation operation = d.operation == "install" ? Operation::upgrade : d.operation == "fetch" ? Operation::fetch : Operation::remove;
      const bool lsc = d.authentication.starts_with("existing LSC"), mic = d.authentication.starts_with("MIC");
      const bool pin = d.authentication.starts_with("auth-string");
      schedule(operation, lsc ? Proof::lsc : mic ? Proof::mic : pin ? Proof::auth_string : Proof::null_string);
      if (pin) book.phones[0].string = std::string_view("73519");
    }
    if (d.name == "unknown-device") book.phones.clear();
    Call c = connect();
    for (const Recorded& m : d.messages) {
      if (m.from_phone) {
        say(c, m.bytes);
        continue;
      }
      const std::string ours = heard(c);
      CHECK_TEXT(ours.size() >= kHeaderSize, d.name.c_str());
      LONGS_EQUAL_TEXT(m.bytes[1], ours[1], d.name.c_str());
      const auto theirs = Elements::read(as_bytes(m.bytes).subspan(kHeaderSize));
      const auto mine = Elements::read(as_bytes(ours).subspan(kHeaderSize));
      CHECK(theirs.has_value() && mine.has_value());
      for (const Tag tag : {kReason, kVersion, kKeySize, kCurve, kCertificateType})
        CHECK_TEXT(equal_bytes(theirs->value(tag), mine->value(tag)), d.name.c_str());
    }
    CHECK_TEXT(c.peer->gone, d.name.c_str());
    ++replayed;
  }
  LONGS_EQUAL(14, replayed);
}

TEST(Capf, OneByteAtATimeIsTheSame) {
  schedule(Operation::upgrade, Proof::null_string);
  Call c = connect();
  c.peer->read_limit = 1;
  LONGS_EQUAL(1, install(c, 1, auth(1)));
  CHECK(c.peer->gone);
  LONGS_EQUAL(1, book.done);
}

TEST(Capf, OddFirstMessagesGetTheReactionOfTheVectors) {
  test::JsonWalk json(test::vector_file("capf/framing.json"));
  CHECK(json.skip("\"cases\""));
  size_t count = 0;
  for (;;) {
    const std::string name = json.next("name");
    if (json.ended()) break;
    const std::string bytes = test::unhex(json.next("bytes"));
    const std::string expect = json.next("expect");
    random.id = 7;
    schedule(Operation::upgrade, Proof::null_string);
    Call c = connect();
    (void)heard(c);
    say(c, bytes);
    const std::string got = heard(c);
    if (expect.starts_with("accept")) LONGS_EQUAL_TEXT(3, got.empty() ? -1 : got[1], name.c_str());
    else if (expect.starts_with("drop")) CHECK_TEXT(got.empty() && c.peer->gone, name.c_str());
    else STRCMP_EQUAL_TEXT(end_of(7, expect.find("reason 9") != std::string::npos ? 9 : 7).c_str(), got.c_str(), name.c_str());
    ++count;
  }
  LONGS_EQUAL(11, count);
}

TEST(Capf, MessagesAboveSixteenKilobytesAreNotRead) {
  Call c = connect();
  (void)heard(c);
  say(c, std::string("\x55\x02\x00\x00\x00\x01\x40\x01", 8));
  CHECK(heard(c) == end_of(1, 7));
  CHECK(c.peer->gone);
}

TEST(Capf, PinsCountOnceAndFiveWrongOnesLock) {
  schedule(Operation::upgrade, Proof::auth_string);
  book.phones[0].string = std::string_view("4711");
  book.phones[0].own_string = true;
  for (int i = 0; i < 5; ++i) {
    Call c = connect();
    LONGS_EQUAL(7, install(c, 1, auth(1, kDevice, std::string("4712") + '\0')));
  }
  CHECK(t->log.has("LOCKED"));
  Call locked = connect();
  LONGS_EQUAL(7, install(locked, 1, auth(1, kDevice, std::string("4711") + '\0')));
  t->world.run_for(Millis(601'000));
  Call good = connect();
  LONGS_EQUAL(1, install(good, 1, auth(1, kDevice, std::string("4711") + '\0')));
  CHECK(book.phones[0].string.empty());
  // A PIN of telephony-service cannot be taken out of the configuration; it is used up for this phone all the same.
  schedule(Operation::upgrade, Proof::auth_string);
  book.phones[0].string = std::string_view("4711");
  book.phones[0].own_string = false;
  Call again = connect();
  LONGS_EQUAL(7, install(again, 1, auth(1, kDevice, std::string("4711") + '\0')));
  for (const std::string& line : t->log.lines) CHECK_TEXT(line.find("4711") == std::string::npos, line.c_str());
}

TEST(Capf, ATrialChecksStringAndKeyAndChangesNothing) {
  schedule(Operation::upgrade, Proof::auth_string);
  book.phones[0].string = std::string_view("4711");
  book.phones[0].own_string = true;
  book.trial = true;
  for (int i = 0; i < 6; ++i) {
    Call c = connect();
    LONGS_EQUAL(7, install(c, 1, auth(1, kDevice, std::string("4712") + '\0')));
  }
  CHECK(!t->log.has("LOCKED"));
  Call c = connect();
  (void)heard(c);
  say(c, auth(1, kDevice, std::string("4711") + '\0'));
  LONGS_EQUAL(3, heard(c)[1]);
  say(c, key_message(1, "lsc2048"));
  CHECK(heard(c) == end_of(1, 0));
  LONGS_EQUAL(0, issuer.asked);
  CHECK(book.phones[0].operation_set);
  STRCMP_EQUAL("4711", book.phones[0].string.c_str());
  for (const auto& file : t->store.files) CHECK_TEXT(file.first.find(kDevice) == std::string::npos, file.first.c_str());
  book.trial = false;
  Call real = connect();
  LONGS_EQUAL(1, install(real, 1, auth(1, kDevice, std::string("4711") + '\0')));
}

TEST(Capf, TheCertificateIsDurableBeforeThePhoneGetsItAndCurrentWhenItConfirmed) {
  schedule(Operation::upgrade, Proof::null_string);
  Call c = connect();
  (void)heard(c);
  say(c, auth(1));
  (void)heard(c);
  say(c, key_message(1, "lsc2048"));
  LONGS_EQUAL(9, heard(c)[1]);
  CHECK(t->store.files.count("nvram:capf/SEP001122334455") == 1);
  c.peer->ended = true;                    // the answer is lost
  say(c, "");
  CHECK(c.peer->gone);
  LONGS_EQUAL(0, book.done);
  c.session = nullptr;
  boot();                                  // and the power fails
  LONGS_EQUAL(der("lsc2048").size(), service->devices().find(kDevice)->pending.size());
  LONGS_EQUAL(1, issuer.asked);
  Call again = connect();
  LONGS_EQUAL(1, install(again, 1, auth(1)));
  LONGS_EQUAL(1, issuer.asked);            // the same key: the same certificate
  again.session = nullptr;
  boot();
  const Device* d = service->devices().find(kDevice);
  CHECK(d->pending.empty() && !d->current.empty());
  CHECK(book.certificates[kDevice] == der("lsc2048"));
}

TEST(Capf, AFullDiskEndsTheSessionWithoutEffect) {
  schedule(Operation::upgrade, Proof::null_string);
  t->store.fail_writes_after = static_cast<int>(t->store.writes);
  Call c = connect();
  (void)heard(c);
  say(c, auth(1));
  (void)heard(c);
  say(c, key_message(1, "lsc2048"));
  CHECK(heard(c).empty());
  t->world.run_for(Millis(31'000));
  CHECK(heard(c) == end_of(1, 7));
  CHECK(c.peer->gone);
  LONGS_EQUAL(0, book.done);
}

TEST(Capf, AnAuthorityThatDoesNotAnswerEndsTheSessionWithinAMinute) {
  schedule(Operation::upgrade, Proof::null_string);
  Call c = connect();
  (void)heard(c);
  say(c, auth(1));
  (void)heard(c);
  issuer.busy = 1 << 30;
  say(c, key_message(1, "lsc2048"));
  CHECK(heard(c).empty());
  t->world.run_for(Millis(56'000));
  CHECK(heard(c) == end_of(1, 7));
  CHECK(t->log.has("the authority does not answer"));
  LONGS_EQUAL(0, book.done);               // cert-oper stays: the phone may come again
}

TEST(Capf, KeysOfOthersAreRefused) {
  schedule(Operation::upgrade, Proof::null_string);
  PhoneEntry other = book.phones[0];
  other.tag = 2;
  other.device = std::string_view("SEP0011223344AA");
  book.phones.push_back(other);
  Call first = connect();
  LONGS_EQUAL(1, install(first, 1, auth(1)));
  Call second = connect();
  LONGS_EQUAL(7, install(second, 1, auth(1, "SEP0011223344AA")));
}

TEST(Capf, OneSessionAPhone) {
  schedule(Operation::upgrade, Proof::null_string);
  Call first = connect();
  (void)heard(first);
  say(first, auth(1));
  LONGS_EQUAL(3, heard(first)[1]);
  Call second = connect();
  LONGS_EQUAL(7, install(second, 1, auth(1)));
  first.session = nullptr;                 // it is gone: the next one may come
  Call third = connect();
  LONGS_EQUAL(1, install(third, 1, auth(1)));
}

TEST(Capf, PhonesThatMakeNoKeyAreGivenUpAfterTheRetries) {
  schedule(Operation::upgrade, Proof::null_string);
  config().keygen_retry = 1;
  config().keygen_timeout_min = 1;
  for (int i = 0; i < 2; ++i) {
    Call c = connect();
    (void)heard(c);
    say(c, auth(1));
    LONGS_EQUAL(3, heard(c)[1]);
    t->world.run_for(Millis(40'000));
    say(c, text_of(*std::make_unique<Message>(Command::in_progress, 1)));
    t->world.run_for(Millis(21'000));
    CHECK(heard(c) == end_of(1, 7));
  }
  CHECK(t->log.has("GAVEUP"));
  LONGS_EQUAL(1, book.done);
}

TEST(Capf, FetchForEncryptionNeedsAProofInAnyMode) {
  book.phones[0].encrypted = true;
  Call c = connect();
  (void)heard(c);
  say(c, auth(1));                         // a null string
  CHECK(heard(c) == end_of(1, 7));
}

TEST(Capf, OperationsForAllRunInTheirWindowAndEndAtTheDeadline) {
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

TEST(Capf, TheWindowIsSharedOutAmongThePhones) {
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

TEST(Capf, AnOfflineAuthorityGetsAListAndGivesCertificates) {
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

TEST(Capf, APhoneThatLostItsKeyMakesAnotherOneForTheOfflineAuthority) {
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
