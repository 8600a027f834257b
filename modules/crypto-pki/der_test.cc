// DER reader and writer, BER conversion.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include "modules/crypto-pki/der.h"
#include "platform/base/memory.h"

#include <CppUTest/TestHarness.h>

using namespace parley;
using namespace parley::crypto_pki;

namespace {

std::vector<uint8_t> hex(std::string_view s) {
  std::vector<uint8_t> out;
  int high = -1;
  for (const char c : s) {
    const int d = hex_digit(c);
    if (d < 0) continue;
    if (high < 0) { high = d; continue; }
    out.push_back(static_cast<uint8_t>(high << 4 | d));
    high = -1;
  }
  return out;
}

bool same(Bytes a, std::string_view expected) { return equal_bytes(a, hex(expected)); }

}  // namespace

TEST_GROUP(Der) {
  Blob out;
  DerWriter w{out};
};

TEST(Der, IntegersAndLengths) {
  w.integer(0);
  w.integer(127);
  w.integer(128);
  w.integer(0x1234567890abcdef);
  w.unsigned_integer(hex("0000ff"));
  w.unsigned_integer({});
  CHECK(same(out, "020100 02017f 02020080 02081234567890abcdef 020200ff 020100"));
  DerReader r(out);
  uint64_t v = 1;
  for (const uint64_t expected : {uint64_t{0}, uint64_t{127}, uint64_t{128}, uint64_t{0x1234567890abcdef}, uint64_t{255}, uint64_t{0}}) {
    CHECK(r.unsigned_integer(v));
    CHECK(v == expected);
  }
  CHECK(r.done());
}

TEST(Der, LongContentMovesUp) {
  for (const size_t n : {0, 127, 128, 255, 256, 65535, 65536, 70000}) {
    Blob b;
    DerWriter d(b);
    const size_t outer = d.begin(tag::kSequence);
    d.octets(std::vector<uint8_t>(n, 0xab));
    d.end(outer);
    DerReader all(b);
    DerReader inside = all.enter(tag::kSequence);
    const DerValue v = inside.expect(tag::kOctetString);
    CHECK(inside.done() && all.done());
    LONGS_EQUAL(n, v.content.size());
    CHECK(n == 0 || v.content[n - 1] == 0xab);
  }
}

TEST(Der, NamedBits) {
  w.named_bits(1 << 0 | 1 << 2, 9);   // digitalSignature, keyEncipherment
  w.named_bits(1 << 5 | 1 << 6, 9);
  w.named_bits(1 << 8, 9);
  w.named_bits(0, 9);
  CHECK(same(out, "030205a0 03020106 0303070080 030100"));
}

TEST(Der, Times) {
  w.time(1795262401);
  w.time(0);
  w.time(from_calendar({2049, 12, 31, 23, 59, 59, 0}));
  w.time(from_calendar({2050, 1, 1, 0, 0, 0, 0}));
  DerReader r(out);
  CHECK(r.next_is(tag::kUtcTime));
  CHECK(r.time() == 1795262401);
  CHECK(r.time() == 0);
  CHECK(r.next_is(tag::kUtcTime));
  (void)r.time();
  CHECK(r.next_is(tag::kGeneralizedTime));
  CHECK(r.time() == from_calendar({2050, 1, 1, 0, 0, 0, 0}));
  CHECK(r.done());
}

TEST(Der, OddTimes) {
  const auto read = [](std::string_view s, uint8_t t, bool& ok) {
    Blob b;
    DerWriter d(b);
    d.text(t, s);
    DerReader r(b);
    const UnixTime v = r.time();
    ok = r.ok();
    return v;
  };
  bool ok = false;
  CHECK(read("9912312359Z", tag::kUtcTime, ok) == from_calendar({1999, 12, 31, 23, 59, 0, 0}) && ok);
  CHECK(read("000101000000+0100", tag::kUtcTime, ok) == from_calendar({1999, 12, 31, 23, 0, 0, 0}) && ok);
  CHECK(read("20380119031408Z", tag::kGeneralizedTime, ok) == 2147483648 && ok);
  for (const char* bad : {"", "9913012359Z", "9902322359Z", "99010112", "991231235960Z", "9912312359", "9912312359ZZ", "99x231235900Z"}) {
    (void)read(bad, tag::kUtcTime, ok);
    CHECK_TEXT(!ok, bad);
  }
}

TEST(Der, RefusesWhatDoesNotFit) {
  for (const char* bad : {"30", "3002", "300205", "30800000", "3085010000000000", "1f8101", "3084ffffffff00", "30820005"}) {
    const auto b = hex(bad);
    DerReader r(b);
    (void)r.any();
    CHECK_TEXT(!r.ok(), bad);
    CHECK(r.any().content.empty());
  }
  const auto negative = hex("0201ff");
  DerReader r(negative);
  uint64_t v = 0;
  CHECK(!r.unsigned_integer(v));
}

TEST(Der, OidText) {
  const Result<Blob> rsa = oid_from_text("1.2.840.113549.1.1.1");
  CHECK(same(*rsa, "2a864886f70d010101"));
  char text[64];
  FixedWriter f(text);
  print_oid(*rsa, f);
  CHECK(f.view() == "1.2.840.113549.1.1.1");
  CHECK(same(*oid_from_text("2.999.3"), "883703"));
  for (const char* bad : {"", "1", "3.1", "1.40", "1..2", "1.2.", "a.b", "1.2.99999999999"}) CHECK_TEXT(!oid_from_text(bad), bad);
}

TEST(Der, SetOfIsSorted) {
  const auto a = hex("0201ff"), b = hex("020105"), c = hex("040100");
  const Bytes values[] = {c, a, b};
  write_set_of(w, tag::kSet, values, 3);
  CHECK(same(out, "3109 020105 0201ff 040100"));
}

TEST(Der, BerOfStreamingWriters) {
  // SEQUENCE (indefinite) { [0] (indefinite) { OCTET STRING (constructed, indefinite) { "ab", "c" } } }
  const auto ber = hex("3080 a080 2480 04026162 040163 0000 0000 0000");
  const Result<Blob> der = der_from_ber(ber, 1000);
  CHECK(der.has_value());
  CHECK(same(*der, "3007 a005 0403616263"));
  const auto definite = hex("3003 020105");
  CHECK(same(*der_from_ber(definite, 1000), "3003 020105"));
  CHECK(der_from_ber(definite, 4).error().code == Code::full);
  for (const char* bad : {"3080", "3080 0201", "bf80 020105 0000", "3080 bf80 0000 0000", "30800000 00", "2480 020105 0000", ""}) CHECK_TEXT(!der_from_ber(hex(bad), 1000), bad);
  std::vector<uint8_t> deep;
  for (int i = 0; i < 1000; ++i) deep.insert(deep.end(), {0x30, 0x80});
  CHECK(!der_from_ber(deep, 100000));
}

TEST(Der, SignedPartsKeepTheirBytes) {
  // Length of the inner SEQUENCE in more octets than needed: a signature may cover it as it is.
  const auto ber = hex("3080 308103 020105 0000");
  CHECK(same(*der_from_ber(ber, 1000), "3006 308103 020105"));
}

TEST(Der, FullMemoryIsAFault) {
  Arena tiny("tiny", 16);
  Blob small(tiny);
  DerWriter d(small);
  d.octets(std::vector<uint8_t>(100));
  CHECK(!d.ok());
  CHECK(d.status().error().code == Code::full);
}
