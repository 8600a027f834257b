// Tests of the TFTP client: the test plays the server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/tftp_client.h"

#include <deque>
#include <string>

#include <CppUTest/TestHarness.h>

#include "platform/fake/fake_net.h"
#include "platform/fake/fake_time.h"

using namespace parley;
using namespace parley::tftp;
using namespace std::string_literals;

namespace {

class Owner final : public Task {
 public:
  explicit Owner(Scheduler& s) : Task(s, "owner") {}
  Poll step() override { ++steps; return Poll::pending; }
  int steps = 0;
};
std::string data(uint16_t block, const std::string& bytes) {
  return "\0\3"s + static_cast<char>(block >> 8) + static_cast<char>(block & 0xff) + bytes;
}
std::string ack(uint16_t block) { return "\0\4"s + static_cast<char>(block >> 8) + static_cast<char>(block & 0xff); }

}  // namespace

TEST_GROUP(TftpClient) {
  static constexpr uint32_t kServer = 0xC0000209;
  fake::World world;
  fake::FakeNet net;
  Owner owner{world.scheduler};
  std::unique_ptr<TftpClient> client;
  std::deque<std::string> sent;
  Endpoint from, to;

  void setup() override {
    net.on_datagram = [this](Endpoint a, Endpoint b, Bytes d) {
      from = a;
      to = b;
      sent.emplace_back(as_text(d));
      return false;
    };
  }
  void teardown() override { client.reset(); }
  void begin(std::unique_ptr<TftpClient> c) {
    client = std::move(c);
    world.settle();
  }
  void get(size_t limit = 100000) { begin(TftpClient::get(world.scheduler, net, owner, {kServer, 69}, "a.cfg", limit)); }
  void put(const std::string& content) {
    Blob b;
    CHECK(b.append(content).has_value());
    begin(TftpClient::put(world.scheduler, net, owner, {kServer, 69}, "b.cfg", std::move(b)));
  }
  std::string next() {
    if (sent.empty()) return "(nothing)";
    std::string s = sent.front();
    sent.pop_front();
    return s;
  }
  void answer(const std::string& packet, uint16_t port = 1069, uint32_t ip = kServer) {
    net.inject({ip, port}, {net.own_ip, from.port}, as_bytes(packet));
    world.settle();
  }
  void sees(const std::string& expected) {
    const std::string got = next();
    CHECK_EQUAL(expected.size(), got.size());
    CHECK(expected == got);
  }
  std::string content() {
    const Blob b = client->take();
    return std::string(b.text());
  }
};

TEST(TftpClient, ReadsWithOptions) {
  get();
  LONGS_EQUAL(69, to.port);
  sees("\0\1a.cfg\0octet\0blksize\0001428\0tsize\0000\0"s);
  answer("\0\6blksize\0001428\0tsize\0001430\0"s);
  sees(ack(0));
  LONGS_EQUAL(1069, to.port);
  answer(data(1, std::string(1428, 'x')));
  sees(ack(1));
  answer(data(2, "yz"));
  sees(ack(2));
  CHECK(client->ended());
  CHECK(client->result().has_value());
  CHECK(std::string(1428, 'x') + "yz" == content());
  answer(data(2, "yz"));            // our last ACK was lost
  sees(ack(2));
}

TEST(TftpClient, ReadsFromAServerWithoutOptions) {
  get();
  (void)next();
  answer(data(1, std::string(512, 'a')));
  sees(ack(1));
  answer(data(1, std::string(512, 'a')));   // repeated
  sees(ack(1));
  answer(data(2, ""));
  sees(ack(2));
  CHECK(client->result().has_value());
  LONGS_EQUAL(512, client->bytes());
}

TEST(TftpClient, AsksAgainWithoutOptionsWhenTheyAreRefused) {
  get();
  (void)next();
  answer("\0\5\0\x08no\0"s);
  sees("\0\1a.cfg\0octet\0"s);
  CHECK_FALSE(client->ended());
  answer("\0\6blksize\00064\0"s);       // an option that was not asked for now
  sees("(nothing)");
  answer(data(1, "q"));
  CHECK(client->ended());
}

TEST(TftpClient, WritesAFileOfWholeBlocks) {
  put(std::string(512, 'w'));
  sees("\0\2b.cfg\0octet\0blksize\0001428\0tsize\000512\0"s);
  answer(ack(0));
  sees(data(1, std::string(512, 'w')));
  answer(ack(0));                       // late: no second copy
  sees("(nothing)");
  answer(ack(1));
  sees(data(2, ""));
  CHECK_FALSE(client->ended());
  answer(ack(2));
  CHECK(client->ended());
  CHECK(client->result().has_value());
  LONGS_EQUAL(512, client->bytes());
}

TEST(TftpClient, WritesWithGrantedBlocksInParts) {
  TftpClient::Plan plan;
  plan.server = {kServer, 69};
  CHECK(plan.name.set("p"));
  plan.write = true;
  begin(std::make_unique<TftpClient>(world.scheduler, net, owner, plan));
  sees("\0\2p\0octet\0blksize\0001428\0"s);
  answer("\0\6blksize\000600\0"s);
  CHECK(client->hungry());
  Blob one, two;
  CHECK(one.append(std::string(700, '1')).has_value());
  CHECK(two.append(std::string(100, '2')).has_value());
  client->supply(std::move(one), false);
  world.settle();
  sees(data(1, std::string(600, '1')));
  answer(ack(1));
  CHECK(client->hungry());
  client->supply(std::move(two), true);
  world.settle();
  sees(data(2, std::string(100, '1') + std::string(100, '2')));
  answer(ack(2));
  CHECK(client->ended());
  LONGS_EQUAL(800, client->bytes());
}

TEST(TftpClient, SilenceEndsInTimeoutAfterAllTries) {
  get();
  world.run_for(Seconds(60));
  LONGS_EQUAL(TftpClient::kTries, sent.size());
  CHECK(client->ended());
  CHECK(client->result().error().code == Code::timeout);
  CHECK_FALSE(client->started());
}

TEST(TftpClient, ALostPacketIsRepeated) {
  get();
  (void)next();
  answer("\0\6tsize\0003\0"s);
  sees(ack(0));
  world.run_for(Millis(1100));
  sees(ack(0));
  LONGS_EQUAL(1, client->timeouts());
  answer(data(1, "abc"));
  CHECK(client->result().has_value());
}

TEST(TftpClient, WhatTheServerRefuses) {
  get();
  answer("\0\5\0\1File \x1b[2J not found\0"s);
  CHECK(client->ended());
  CHECK(client->result().error().code == Code::missing);
  STRCMP_EQUAL("File .[2J not found", std::string(client->peer_text()).c_str());
}

TEST(TftpClient, LimitsHoldBeforeAndDuringTheTransfer) {
  get(1000);
  (void)next();
  answer("\0\6blksize\0001428\0tsize\0001001\0"s);
  CHECK(client->result().error().code == Code::full);
  sees("\0\5\0\3File is too large\0"s);
  sent.clear();
  get(1000);
  (void)next();
  answer(data(1, std::string(512, 'a')));
  answer(data(2, std::string(512, 'a')));
  CHECK(client->result().error().code == Code::full);
}

TEST(TftpClient, StrangersDoNotDisturb) {
  get();
  (void)next();
  answer(data(1, "evil"), 1069, 0xC000020A);   // another address
  CHECK_FALSE(client->ended());
  answer(data(1, std::string(512, 'a')));
  sees(ack(1));
  answer(data(2, "evil"), 2000);               // another port: error 5 to that one only
  sees("\0\5\0\5Unknown transfer ID\0"s);
  LONGS_EQUAL(2000, to.port);
  CHECK_FALSE(client->ended());
  answer(data(2, "b"));
  CHECK(client->ended());
  LONGS_EQUAL(513, content().size());
}

TEST(TftpClient, TheServerWaitsWhileNobodyTakesTheBytes) {
  TftpClient::Plan plan;
  plan.server = {kServer, 69};
  CHECK(plan.name.set("big"));
  plan.limit = 1000000;
  plan.part = 1000;
  begin(std::make_unique<TftpClient>(world.scheduler, net, owner, plan));
  (void)next();
  answer(data(1, std::string(512, 'a')));
  sees(ack(1));
  answer(data(2, std::string(512, 'b')));
  sees("(nothing)");
  world.run_for(Seconds(20));
  CHECK_FALSE(client->ended());
  LONGS_EQUAL(1024, content().size());
  world.settle();
  sees(ack(2));
}

TEST(TftpClient, Urls) {
  Url u;
  CHECK(parse_url("tftp://10.1.1.1/a/b.cfg", u));
  CHECK(u.host == "10.1.1.1" && u.name == "a/b.cfg");
  CHECK(parse_url("TFTP:", u));
  CHECK(u.host.empty() && u.name.empty());
  CHECK(parse_url("tftp:x", u));
  CHECK(u.host.empty() && u.name == "x");
  CHECK(parse_url("tftp://host", u));
  CHECK(u.host == "host" && u.name.empty());
  CHECK_FALSE(parse_url("flash:x", u));
}
