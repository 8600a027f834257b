// Tests of the TFTP packets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/tftp_wire.h"

#include <string>

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::tftp;
using namespace std::string_literals;

namespace {

struct Parsed {
  TftpRequest request;
  TftpRefusal refusal;
  bool silent = false, ok = false;
};
Parsed parse(const std::string& packet) {
  Parsed p;
  p.ok = parse_request(as_bytes(packet), p.request, p.refusal, p.silent);
  return p;
}
std::string rrq(const std::string& rest) { return "\0\1"s + rest; }

}  // namespace

TEST_GROUP(TftpWire){};

TEST(TftpWire, ReadsAPlainRequest) {
  const std::string packet = rrq("CTLFile.tlv\0OcTet\0"s);
  const Parsed p = parse(packet);
  CHECK(p.ok);
  CHECK(p.request.name == "CTLFile.tlv");
  CHECK_FALSE(p.request.netascii);
  CHECK_FALSE(p.request.any_option());
  LONGS_EQUAL(512, p.request.blksize);
}

TEST(TftpWire, GrantsOptionsWithinLimits) {
  const std::string packet = rrq("a\0octet\0blksize\0" "1428\0TSIZE\0" "0\0timeout\0" "2\0windowsize\0" "16\0multicast\0\0"s);
  const Parsed p = parse(packet);
  CHECK(p.ok);
  LONGS_EQUAL(1428, p.request.blksize);
  LONGS_EQUAL(16, p.request.windowsize);
  LONGS_EQUAL(2, p.request.timeout_s);
  uint8_t bytes[128];
  ByteWriter w(bytes);
  write_oack(w, p.request, 70000);
  CHECK(as_text(w.view()) == "\0\6blksize\0" "1428\0timeout\0" "2\0tsize\0" "70000\0windowsize\0" "16\0"s);
}

TEST(TftpWire, KeepsBlockAndWindowSmall) {
  const std::string big = rrq("a\0octet\0blksize\0" "65464\0windowsize\0" "65535\0"s);
  const Parsed p = parse(big);
  LONGS_EQUAL(kMaxBlock, p.request.blksize);
  LONGS_EQUAL(4, p.request.windowsize);
  const std::string odd = rrq("a\0octet\0blksize\0" "7\0windowsize\0" "0\0timeout\0" "256\0"s);
  const Parsed q = parse(odd);
  CHECK(q.ok);
  CHECK_FALSE(q.request.any_option());
}

TEST(TftpWire, RefusesOptionAbuse) {
  for (const std::string& bad : {rrq("a\0octet\0blksize\0" "512\0blksize\0" "512\0"s), rrq("a\0octet\0blksize\0x\0"s),
                                 rrq("a\0octet\0blksize\0"s), rrq("a\0octet\0blksize"s), rrq("a\0octet\0tsize\0-1\0"s)}) {
    const Parsed p = parse(bad);
    CHECK_FALSE(p.ok);
    CHECK(p.refusal.code == TftpError::options);
  }
  CHECK_FALSE(parse(rrq("a\0octet\0"s + std::string(600, 'x') + "\0")).ok);
}

TEST(TftpWire, RefusesPathEscapes) {
  for (const char* name : {"../nvram/startup-config", "a/../../b", "..", "/../x", "a\\b", "//etc/passwd", ".", "a/./b", "x\n"}) {
    const std::string packet = rrq(name + "\0octet\0"s);
    const Parsed p = parse(packet);
    CHECK_FALSE(p.ok);
    CHECK(p.refusal.code == TftpError::access);
  }
  const std::string fine = rrq("/Vectorland/g3-tones.xml.sgn\0octet\0"s);
  const Parsed p = parse(fine);
  CHECK(p.ok);
  CHECK(p.request.name == "Vectorland/g3-tones.xml.sgn");
}

TEST(TftpWire, NeverAnswersWhatIsNoRequest) {
  for (const std::string& packet : {""s, "\0"s, "\0\3\0\1data"s, "\0\4\0\1"s, "\0\5\0\1x\0"s, "\0\6x"s, "\xff\xff"s}) {
    const Parsed p = parse(packet);
    CHECK_FALSE(p.ok);
    CHECK(p.silent);
  }
  const Parsed p = parse(rrq("a\0mail\0"s));
  CHECK_FALSE(p.silent);
  CHECK(p.refusal.code == TftpError::illegal);
}

TEST(TftpWire, SurvivesEveryTruncation) {
  const std::string packet = rrq("SEP001122334455.cnf.xml.sgn\0octet\0blksize\0" "1428\0tsize\0" "0\0"s);
  for (size_t n = 0; n < packet.size(); ++n) (void)parse(packet.substr(0, n));
  CHECK(parse(packet).ok);
}

TEST(TftpWire, ReadsAnswers) {
  TftpAnswer a = parse_answer(as_bytes("\0\4\xff\xfe"s));
  CHECK(a.kind == TftpAnswer::Kind::ack);
  LONGS_EQUAL(0xfffe, a.number);
  CHECK(parse_answer(as_bytes("\0\5\0\0x\0"s)).kind == TftpAnswer::Kind::error);
  CHECK(parse_answer(as_bytes("\0\4\0"s)).kind == TftpAnswer::Kind::other);
  CHECK(parse_answer(as_bytes("\0\4\0\1x"s)).kind == TftpAnswer::Kind::other);
}
