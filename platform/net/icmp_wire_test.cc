// Tests of the ICMP messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/icmp_wire.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace std::string_literals;

namespace {

// An IP packet of 192.0.2.9 with this ICMP message (checksum made right).
std::string ip(std::string icmp, uint8_t words = 5) {
  std::string s(size_t{words} * 4, '\0');
  s[0] = static_cast<char>(0x40 | words);
  s[9] = 1;
  s.replace(12, 4, "\xC0\x00\x02\x09"s);
  icmp[2] = icmp[3] = 0;
  const uint16_t sum = internet_checksum(as_bytes(icmp));
  icmp[2] = static_cast<char>(sum >> 8);
  icmp[3] = static_cast<char>(sum & 0xff);
  return s + icmp;
}
std::string echo(char type, const std::string& id_and_sequence) { return std::string(1, type) + "\0\0\0"s + id_and_sequence + "\xAB\xCD"s; }

}  // namespace

TEST_GROUP(IcmpWire) {
  EchoReply reply;
  bool parse(const std::string& packet) { return parse_icmp(as_bytes(packet), 0x1234, reply); }
};

TEST(IcmpWire, WritesAnEchoWithItsChecksum) {
  uint8_t bytes[16];
  ByteWriter w(bytes);
  write_echo(w, 0x1234, 1, 16);
  LONGS_EQUAL(16, w.size());
  LONGS_EQUAL(8, bytes[0]);
  LONGS_EQUAL(0x12, bytes[4]);
  LONGS_EQUAL(1, bytes[7]);
  LONGS_EQUAL(0xAB, bytes[8]);
  LONGS_EQUAL(0xCD, bytes[15]);
  LONGS_EQUAL(0, internet_checksum(w.view()));
}

TEST(IcmpWire, ChecksumIsThatOfRfc1071) {
  LONGS_EQUAL(0x220D, internet_checksum(as_bytes("\x00\x01\xf2\x03\xf4\xf5\xf6\xf7"s)));   // RFC 1071 3: sum ddf2
}

TEST(IcmpWire, ReadsAReplyOfOurOwn) {
  CHECK(parse(ip(echo(0, "\x12\x34\0\x07"s))));
  CHECK(reply.kind == EchoReply::Kind::answer);
  LONGS_EQUAL(0xC0000209, reply.from);
  LONGS_EQUAL(7, reply.sequence);
  CHECK(parse(ip(echo(0, "\x12\x34\0\x07"s), 6)));        // with IP options
  CHECK_FALSE(parse(ip(echo(0, "\x12\x35\0\x07"s))));     // somebody else's
  CHECK_FALSE(parse(ip(echo(8, "\x12\x34\0\x07"s))));     // a request
}

TEST(IcmpWire, ReadsErrorsAboutOurMessages) {
  const std::string about = ip(echo(8, "\x12\x34\0\x09"s));
  CHECK(parse(ip("\x0b\0\0\0\0\0\0\0"s + about)));
  CHECK(reply.kind == EchoReply::Kind::expired);
  LONGS_EQUAL(9, reply.sequence);
  CHECK(parse(ip("\3\1\0\0\0\0\0\0"s + about)));
  CHECK(reply.kind == EchoReply::Kind::unreachable);
  CHECK(parse(ip("\3\x0d\0\0\0\0\0\0"s + about)));
  CHECK(reply.kind == EchoReply::Kind::prohibited);
  CHECK(parse(ip("\3\4\0\0\0\0\0\0"s + about)));
  CHECK(reply.kind == EchoReply::Kind::too_big);
  CHECK_FALSE(parse(ip("\3\1\0\0\0\0\0\0"s + ip(echo(8, "\x12\x35\0\x09"s)))));
}

TEST(IcmpWire, ShortAndDamagedPacketsAreNothing) {
  const std::string good = ip("\x0b\0\0\0\0\0\0\0"s + ip(echo(8, "\x12\x34\0\x09"s)));
  for (size_t n = 0; n < 20 + 8 + 20 + 8; ++n) CHECK_FALSE(parse(good.substr(0, n)));
  std::string damaged = good;
  damaged[40] = static_cast<char>(damaged[40] ^ 1);
  CHECK_FALSE(parse(damaged));
}
