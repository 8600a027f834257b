// Tests of the TFTP service with hand-made datagrams and fake time.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/file-service/tftp_server.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "tests/support/test_env.h"

using namespace parley;
using namespace parley::file_service;
using namespace std::string_literals;

namespace {

std::string pattern(size_t n) {
  std::string s(n, ' ');
  for (size_t i = 0; i < n; ++i) s[i] = static_cast<char>(i * 31 + i / 511);
  return s;
}
uint16_t u16(const std::string& s, size_t at) {
  return static_cast<uint16_t>(static_cast<uint8_t>(s[at]) << 8 | static_cast<uint8_t>(s[at + 1]));
}

class Files final : public FileLookup {
 public:
  FileTable table;
  std::shared_ptr<Entry> find(std::string_view name) override { return table.find(name, false); }
  void fetched(const Entry& file, const Content& content, uint32_t peer_ip) override {
    sent = content.bytes.size();
    LONGS_EQUAL(0x0A000001, peer_ip);
    taken += std::string(file.name.view()) + " ";
  }
  std::string taken;
  size_t sent = 0;         // bytes of the last one
  void memory(std::string_view name, const std::string& data) {
    auto c = std::make_shared<Content>();
    CHECK_OK(c->bytes.append(data));
    CHECK_OK(table.stage(name, c));
    table.commit();
  }
  void path(std::string_view name, std::string_view where) {
    auto c = std::make_shared<Content>();
    c->path = where;
    CHECK_OK(table.stage(name, c));
    table.commit();
  }
};

}  // namespace

TEST_GROUP(Tftp) {
  test::TestEnv t;
  Files files;
  std::unique_ptr<TftpServer> server;
  Endpoint client{0x0A000001, 5000};
  uint16_t port = 0;   // of the transfer
  bool verbose = false;

  void setup() override {
    server = std::make_unique<TftpServer>(t.env, files);
    CHECK_OK(server->reserve(8));
    server->set_enabled(true);
  }
  void teardown() override {
    server->close();
    LONGS_EQUAL(0, t.net.sockets());
    LONGS_EQUAL(0, server->active());
    server = nullptr;
  }
  void ask(const std::string& packet, Endpoint from) {
    CHECK(t.net.deliver(from, 69, packet));
    t.world.settle();
  }
  void rrq(const std::string& name, const std::string& options = "") { ask("\0\1"s + name + "\0octet\0"s + options, client); }
  std::string next() {
    if (t.net.sent.empty()) return "";
    const test::Packet p = t.net.sent.front();
    t.net.sent.pop_front();
    CHECK(p.to == client);
    LONGS_EQUAL(test::UdpNet::kRouter, p.from.ip);
    port = p.from.port;
    return p.data;
  }
  void ack(uint16_t block) {
    const char bytes[4] = {0, 4, static_cast<char>(block >> 8), static_cast<char>(block)};
    (void)t.net.deliver(client, port, std::string(bytes, 4));
    t.world.settle();
  }
  // Plays an honest client up to the end.
  std::string fetch(size_t block, size_t window) {
    std::string got;
    for (uint64_t expected = 1;; ) {
      size_t n = 0, in_window = 0;
      bool last = false;
      do {
        const std::string p = next();
        if (p.size() < 4 || p[1] != 3) return "no data: " + p;
        LONGS_EQUAL(static_cast<uint16_t>(expected), u16(p, 2));
        ++expected;
        n = p.size() - 4;
        got += p.substr(4);
        last = n < block;
      } while (++in_window < window && !last);
      ack(static_cast<uint16_t>(expected - 1));
      if (last) return got;
    }
  }
};

TEST(Tftp, SendsFilesOfAwkwardSizes) {
  for (const size_t size : {size_t{0}, size_t{511}, size_t{512}, size_t{513}, size_t{20000}}) {
    files.memory("f", pattern(size));
    rrq("f");
    CHECK(fetch(512, 1) == pattern(size));
    t.world.settle();
  }
  LONGS_EQUAL(5, server->stats().completed);
  LONGS_EQUAL(5, files.table.find("f", true)->counters.completed);
  STRCMP_EQUAL("f f f f f ", files.taken.c_str());
}

TEST(Tftp, NegotiatesOptions) {
  files.memory("f", pattern(5000));
  rrq("f", "blksize\0" "1024\0tsize\0" "0\0windowsize\0" "3\0"s);
  CHECK(next() == "\0\6blksize\0" "1024\0tsize\0" "5000\0windowsize\0" "3\0"s);
  CHECK(t.net.sent.empty());   // nothing before ACK 0
  ack(0);
  CHECK(fetch(1024, 3) == pattern(5000));
}

TEST(Tftp, AnEmptyFileHasNoSizeOption) {
  files.memory("f", "");
  rrq("f", "tsize\0" "0\0"s);
  CHECK(fetch(512, 1) == "");
  rrq("f", "blksize\0" "1024\0tsize\0" "0\0"s);
  CHECK(next() == "\0\6blksize\0" "1024\0"s);
}

TEST(Tftp, ReadsAFileOfTheStoreAhead) {
  t.store.files["flash:big"] = pattern(200000);
  files.path("big", "flash:big");
  rrq("big", "blksize\0" "1428\0tsize\0" "0\0"s);
  CHECK(next() == "\0\6blksize\0" "1428\0tsize\0" "200000\0"s);
  ack(0);
  CHECK(fetch(1428, 1) == pattern(200000));
}

TEST(Tftp, BlockNumbersRollOver) {
  files.memory("f", pattern(70000 * 8 + 3));
  rrq("f", "blksize\0" "8\0windowsize\0" "64\0"s);
  (void)next();
  ack(0);
  CHECK(fetch(8, 64) == pattern(70000 * 8 + 3));
}

TEST(Tftp, MissingFileIsToldAtOnceAndSignedNeverFallsBack) {
  files.memory("SEP1.cnf.xml", "plain");
  rrq("SEP1.cnf.xml.sgn");
  CHECK(next() == "\0\5\0\1File not found\0"s);
  files.path("gone", "flash:gone");
  rrq("gone");
  CHECK(next() == "\0\5\0\1File not found\0"s);
  LONGS_EQUAL(0, server->active());
}

TEST(Tftp, IsReadOnlyAndRefusesEscapes) {
  ask("\0\2x\0octet\0"s, client);
  CHECK(next() == "\0\5\0\2This server is read-only\0"s);
  rrq("../startup-config");
  CHECK(next() == "\0\5\0\2Access violation\0"s);
  LONGS_EQUAL(2, server->stats().refused);
  LONGS_EQUAL(1, t.log.lines.size());   // one message a minute
}

TEST(Tftp, RepeatsWithBackOffThenGivesUp) {
  files.memory("f", pattern(100));
  rrq("f");
  const std::string first = next();
  t.world.run_for(Millis(1001));
  CHECK(next() == first);
  t.world.run_for(Millis(1500));
  CHECK(t.net.sent.empty());           // the second wait is twice as long
  t.world.run_for(Millis(501));
  CHECK(next() == first);
  t.world.run_for(Seconds(30));
  CHECK(t.net.sent.empty());           // an address that never answered gets no more
  LONGS_EQUAL(1, server->stats().failed);
  LONGS_EQUAL(0, server->active());
}

TEST(Tftp, LostBlockIsRepeated) {
  files.memory("f", pattern(1000));
  rrq("f");
  (void)next();
  ack(1);
  const std::string second = next();
  LONGS_EQUAL(2, u16(second, 2));
  t.world.run_for(Millis(1001));
  CHECK(next() == second);
  ack(2);
  LONGS_EQUAL(1, server->stats().completed);
}

TEST(Tftp, DuplicateAckSendsNothingTwice) {
  files.memory("f", pattern(2000));
  rrq("f");
  (void)next();
  ack(1);
  (void)next();
  ack(1);
  CHECK(t.net.sent.empty());
  ack(7);
  CHECK(t.net.sent.empty());
}

TEST(Tftp, GapInAWindowGoesBack) {
  files.memory("f", pattern(5000));
  rrq("f", "windowsize\0" "4\0"s);
  (void)next();
  ack(0);
  t.net.sent.clear();
  ack(2);                              // 3 was lost
  LONGS_EQUAL(3, u16(next(), 2));
  LONGS_EQUAL(4, t.net.sent.size() + 1);
  t.net.sent.clear();
  ack(2);                              // and again: the first of the window
  LONGS_EQUAL(3, u16(next(), 2));
  t.net.sent.clear();
  ack(2);
  CHECK(t.net.sent.empty());           // once per window
}

TEST(Tftp, StrangerGetsErrorFiveAndDisturbsNothing) {
  files.memory("f", pattern(1000));
  rrq("f");
  (void)next();
  const Endpoint stranger{0x0A000009, 5000};
  CHECK(t.net.deliver(stranger, port, "\0\4\0\1"s));
  t.world.settle();
  LONGS_EQUAL(1, t.net.sent.size());
  CHECK(t.net.sent.front().to == stranger);
  CHECK(t.net.sent.front().data == "\0\5\0\5Unknown transfer ID\0"s);
  t.net.sent.clear();
  ack(1);
  LONGS_EQUAL(2, u16(next(), 2));
}

TEST(Tftp, RepeatedRequestStartsNoSecondTransfer) {
  files.memory("f", pattern(1000));
  rrq("f");
  rrq("f");
  LONGS_EQUAL(1, t.net.sent.size());
  LONGS_EQUAL(1, server->active());
}

TEST(Tftp, OneAddressGetsHalfOfThePool) {
  files.memory("f", pattern(1000));
  for (uint16_t i = 0; i < 10; ++i) ask("\0\1f\0octet\0"s, {0x0A000001, static_cast<uint16_t>(6000 + i)});
  LONGS_EQUAL(4, server->active());
  for (uint16_t i = 0; i < 10; ++i) ask("\0\1f\0octet\0"s, {0x0A000010u + i, 6000});
  LONGS_EQUAL(8, server->active());
  LONGS_EQUAL(12, server->stats().dropped);
  t.world.run_for(Seconds(90));
  CHECK(t.log.has("TFTP-4-BUSY"));
}

TEST(Tftp, ATransferKeepsTheContentItBeganWith) {
  files.memory("f", pattern(1000));
  rrq("f");
  files.memory("f", "new");
  CHECK(fetch(512, 1) == pattern(1000));
  t.world.settle();
  LONGS_EQUAL(1000, files.sent);   // what went out, not what is published now
}

TEST(Tftp, NetasciiMakesLineEnds) {
  files.memory("f", "a\nb\rc" + std::string(505, 'x') + "\n\n");
  ask("\0\1f\0netascii\0tsize\0"s + "0\0"s, client);
  CHECK(fetch(512, 1) == "a\r\nb\r\0c"s + std::string(505, 'x') + "\r\n\r\n");
}

TEST(Tftp, ClientErrorEndsTheTransfer) {
  files.memory("f", pattern(1000));
  rrq("f");
  (void)next();
  (void)t.net.deliver(client, port, "\0\5\0\0stop\0"s);
  t.world.settle();
  LONGS_EQUAL(0, server->active());
  LONGS_EQUAL(1, server->stats().failed);
}

TEST(Tftp, PortThatIsTakenIsTriedAgain) {
  server->set_enabled(false);
  t.net.refuse_bind = true;
  server->set_enabled(true);
  CHECK_FALSE(server->listening());
  CHECK(t.log.has("TFTP-3-NOSOCKET"));
  t.net.refuse_bind = false;
  t.world.run_for(Seconds(11));
  CHECK(server->listening());
}

TEST(Tftp, StartsAndStopsTwice) {
  files.memory("f", pattern(1000));
  for (int i = 0; i < 2; ++i) {
    server->set_enabled(true);
    rrq("f");
    LONGS_EQUAL(1, server->active());
    server->set_enabled(false);
    LONGS_EQUAL(0, t.net.sockets());
    LONGS_EQUAL(0, server->active());
    t.net.sent.clear();
  }
}
