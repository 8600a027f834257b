// Tests of the CAPF server: recorded phones, what is durable, strings and locks, slow phones.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_test_fixture.h"

using namespace parley;
using namespace parley::capf_server;
using namespace parley::capf_server::test_doubles;

TEST_GROUP_BASE(Capf, CapfFixture) {};

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
