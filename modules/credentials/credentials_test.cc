// Tests of the CTL provider: the dialog over a session without TLS, lock-out.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include <CppUTest/TestHarness.h>

#include "modules/credentials/credentials_session.h"
#include "modules/credentials/login_guard.h"
#include "platform/base/memory.h"
#include "tests/support/fake_tls.h"
#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::credentials;
using namespace parley::ctl_protocol;

namespace {

std::string text_of(const Result<Blob>& b) {
  CHECK_OK(b);
  return std::string(b->text());
}

}  // namespace

TEST_GROUP(Credentials) {
  fake::World world;
  Arena arena{"credentials test", 1 << 16};
  std::string nonce = std::string(kNonceSize, 'c');

  struct Service final : Provider2444 {
    explicit Service(Arena& a) : arena_(a) {
      CHECK_OK(derive_key("cisco123", as_bytes(salt), 1000, key));
    }
    std::string salt = "0123456789abcdef";
    uint8_t next = 0;
    ProofKey key;
    LoginGuard guard;
    Monotonic now{};
    std::vector<std::string> complaints;
    int served_ = 0, wrong = 0, closed = 0;
    size_t have = 1;

    Reason may_try(uint32_t ip, std::string_view user, uint16_t& wait_s) override {
      wait_s = guard.locked_for(ip, user == "cisco", now);
      return wait_s != 0 ? Reason::locked : Reason::none;
    }
    Result<Blob> challenge() override {
      const std::string nonce(kNonceSize, static_cast<char>(++next));
      Message m;
      m.command = Command::challenge;
      m.nonce = as_bytes(nonce);
      m.salt = as_bytes(salt);
      m.rounds = 1000;
      return write_message(m, kVersion);
    }
    bool check(uint32_t ip, std::string_view user, const Digest& transcript, Bytes proof, Digest& answer) override {
      const Digest wanted = proof_of(Side::client, key, transcript);
      answer = proof_of(Side::provider, key, transcript);
      if (user == "cisco" && equal_constant_time(wanted.view(), proof)) return true;
      ++wrong;
      (void)guard.failed(ip, user == "cisco", now);
      return false;
    }
    Result<Blob> records(const Digest& answer, size_t& count) override {
      count = have;
      Message m;
      m.command = Command::welcome;
      m.proof = answer.view();
      m.count = static_cast<uint8_t>(have);
      return write_message(m, kVersion);
    }
    void served(uint32_t, std::string_view, size_t, bool) override { ++served_; }
    void refused(uint32_t, const char* why) override { complaints.emplace_back(why); }
    void session_closed() override { ++closed; }
    Arena& arena() override { return arena_; }
    Arena& arena_;
  } service{arena};

  struct Client {
    std::shared_ptr<test::TlsPeer> peer = std::make_shared<test::TlsPeer>();
    std::unique_ptr<CredentialsSession> session;
    std::string hello, taken;
  };
  Client connect(size_t read_limit = SIZE_MAX) {
    Client c;
    c.peer->read_limit = read_limit;
    c.peer->info.server_certificate = hash(Hash::sha256, as_bytes("our certificate"));
    c.session = std::make_unique<CredentialsSession>(world.scheduler, service);
    c.session->begin(std::make_unique<test::FakeTlsSession>(c.peer, Endpoint{0x0A000001, 40000}));
    return c;
  }
  // What the provider says to these bytes.
  std::string say(Client& c, const std::string& bytes) {
    c.peer->to_service += bytes;
    for (int i = 0; i < 2000 && !c.peer->gone; ++i) {
      c.session->wake();
      world.settle();
      if (c.peer->to_service.empty() && i > 2) break;
    }
    const std::string all = c.peer->received(), fresh = all.substr(c.taken.size());
    c.taken = all;
    return fresh;
  }
  std::string hello(std::string_view user = "cisco", uint8_t oldest = 1, uint8_t newest = 1) {
    Message m;
    m.command = Command::hello;
    m.oldest = oldest, m.newest = newest;
    m.user = user;
    m.nonce = as_bytes(nonce);
    return text_of(write_message(m, kVersion));
  }
  std::string proof(const std::string& hello, const std::string& challenge, std::string_view secret = "cisco123",
                    std::string_view certificate = "our certificate") {
    ProofKey key;
    CHECK_OK(derive_key(secret, as_bytes(service.salt), 1000, key));
    const Digest p = proof_of(Side::client, key, transcript(as_bytes(hello), as_bytes(challenge), hash(Hash::sha256, as_bytes(certificate))));
    Message m;
    m.command = Command::proof;
    m.proof = p.view();
    return text_of(write_message(m, kVersion));
  }
  Reason refusal(const std::string& frame) {
    if (frame.size() < kHeaderSize) return Reason::none;
    const auto head = read_head(as_bytes(frame).first(kHeaderSize), kMaxFromProvider);
    if (!head || head->command != Command::refused) return Reason::none;
    const auto m = read_body(head->command, as_bytes(frame).subspan(kHeaderSize));
    return m ? m->reason : Reason::none;
  }
  Reason login(std::string_view user, std::string_view secret) {
    Client c = connect();
    const std::string h = hello(user), challenge = say(c, h);
    if (refusal(challenge) != Reason::none) return refusal(challenge);
    return refusal(say(c, proof(h, challenge, secret)));
  }
};

TEST(Credentials, AClientThatKnowsTheSecretIsServedAlsoByteByByte) {
  for (const size_t limit : {SIZE_MAX, size_t{1}}) {
    Client c = connect(limit);
    const std::string h = hello(), challenge = say(c, h);
    const std::string answer = say(c, proof(h, challenge));
    LONGS_EQUAL(4, answer.at(5));
    CHECK_FALSE(c.session->closed());   // until the client has read all
    c.peer->ended = true;
    (void)say(c, "");
    CHECK(c.peer->gone);
  }
  LONGS_EQUAL(2, service.served_);
  CHECK(service.complaints.empty());
}

TEST(Credentials, WrongSecretUserOrCertificateIsRefusedInTheSameWay) {
  CHECK(login("cisco", "cisco124") == Reason::wrong_proof);
  CHECK(login("nobody", "cisco123") == Reason::wrong_proof);
  Client c = connect();
  const std::string h = hello(), challenge = say(c, h);
  CHECK(refusal(say(c, proof(h, challenge, "cisco123", "the certificate of a man in the middle"))) == Reason::wrong_proof);
  LONGS_EQUAL(3, service.wrong);
  LONGS_EQUAL(0, service.served_);
}

TEST(Credentials, ARecordedExchangeIsWorthNothing) {
  Client first = connect();
  const std::string h = hello(), challenge = say(first, h), p = proof(h, challenge);
  (void)say(first, p);
  LONGS_EQUAL(1, service.served_);
  Client second = connect();
  (void)say(second, h);
  CHECK(refusal(say(second, p)) == Reason::wrong_proof);
  LONGS_EQUAL(1, service.served_);
}

TEST(Credentials, GuessingLocksTheAddress) {
  for (unsigned i = 0; i < LoginGuard::kPerAddress; ++i) CHECK(login("cisco", "guess") == Reason::wrong_proof);
  CHECK(login("cisco", "cisco123") == Reason::locked);
  service.now += LoginGuard::kLocked + Seconds(1);
  CHECK(login("cisco", "cisco123") == Reason::none);
}

TEST(Credentials, OddMessagesAreRefused) {
  const std::string h = hello();
  struct Case { const char* what; std::string bytes; Reason reason; } cases[] = {
      {"proof first", text_of([] {
         static const std::string p(kProofSize, 'p');
         Message m;
         m.command = Command::proof;
         m.proof = as_bytes(p);
         return write_message(m, kVersion);
       }()), Reason::malformed},
      {"oversized", h.substr(0, 6) + "\xff\xff", Reason::malformed},
      {"broken body", h.substr(0, 8) + std::string(h.size() - 8, '\xff'), Reason::malformed},
      {"version 2 only", hello("cisco", 2, 3), Reason::version},
      {"another protocol", "GET / HTTP/1.1\r\n\r\n", Reason::none},
  };
  for (Case& c : cases) {
    Client client = connect();
    service.complaints.clear();
    const std::string answer = say(client, c.bytes);
    CHECK_TEXT(refusal(answer) == c.reason, c.what);
    LONGS_EQUAL_TEXT(1, service.complaints.size(), c.what);
  }
  LONGS_EQUAL(0, service.served_);
}

TEST(Credentials, SilentPeersAreClosed) {
  Client c = connect();
  (void)say(c, hello().substr(0, 5));
  world.run_for(Millis(11'000));
  CHECK(c.peer->gone);
  STRCMP_EQUAL("too slow", service.complaints.at(0).c_str());
}

TEST(Credentials, AnEmptyProviderSaysSo) {
  service.have = 0;
  CHECK(login("cisco", "cisco123") == Reason::nothing);
}

TEST_GROUP(LoginGuard) {
  LoginGuard guard;
  Monotonic now{Seconds(1000)};
};

TEST(LoginGuard, CountsPerAddressWithinTheWindow) {
  for (unsigned i = 1; i < LoginGuard::kPerAddress; ++i) CHECK_FALSE(guard.failed(1, false, now));
  now += LoginGuard::kWindow + Seconds(1);
  CHECK_FALSE(guard.failed(1, false, now));   // a new window
  for (unsigned i = 2; i < LoginGuard::kPerAddress; ++i) CHECK_FALSE(guard.failed(1, false, now));
  CHECK(guard.failed(1, false, now));
  CHECK(guard.locked_for(1, false, now) > 0);
  LONGS_EQUAL(0, guard.locked_for(2, true, now));
}

TEST(LoginGuard, GuessingFromManyAddressesLocksTheUser) {
  bool locked = false;
  for (uint32_t ip = 1; ip <= LoginGuard::kPerUser; ++ip) locked = guard.failed(ip, true, now);
  CHECK(locked);
  CHECK(guard.locked_for(0x12345678, true, now) > 0);
  LONGS_EQUAL(0, guard.locked_for(0x12345678, false, now));
  now += LoginGuard::kLocked + Seconds(1);
  LONGS_EQUAL(0, guard.locked_for(0x12345678, true, now));
}

TEST(LoginGuard, AThousandAddressesTakeNoMoreRoomAndALockStays) {
  for (unsigned i = 0; i < LoginGuard::kPerAddress; ++i) (void)guard.failed(7, false, now);
  now += Seconds(1);
  for (uint32_t ip = 100; ip < 140; ++ip) (void)guard.failed(ip, false, now);
  CHECK(guard.locked_for(7, false, now) > 0);
  LONGS_EQUAL(1, guard.locked(now));
}
