// Tests of the byte reader and writer, Blob, and the secret functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/bytes.h"

#include <cstring>
#include <string>

#include <CppUTest/TestHarness.h>

#include "platform/base/memory.h"
#include "platform/base/secret.h"

using namespace parley;

TEST_GROUP(WireBytes){};

TEST(WireBytes, WriteAndReadBack) {
  uint8_t memory[64];
  ByteWriter w(memory);
  w.u8(1);
  w.u16(0x0203);
  w.u24(0x040506);
  w.u32(0x0708090a);
  w.u64(0x0b0c0d0e0f101112);
  w.u16le(0x1413);
  w.u32le(0x18171615);
  w.text("ab");
  w.fill(2, 0xff);
  CHECK(w.ok());
  for (size_t i = 0; i < 24; ++i) CHECK_EQUAL(static_cast<int>(i + 1), static_cast<int>(memory[i]));
  w.patch_u16(0, 0xfffe);
  w.patch_u32(2, 0xfdfcfbfa);

  ByteReader r(w.view());
  CHECK_EQUAL(0xfffe, r.u16());
  CHECK_EQUAL(0xfdfcfbfau, r.u32());
  r.skip(12);
  CHECK_EQUAL(0x1413, r.u16le());
  CHECK_EQUAL(0x18171615u, r.u32le());
  CHECK(as_text(r.take(2)) == "ab");
  CHECK_EQUAL(size_t{2}, r.rest().size());
  CHECK(r.done());
}

TEST(WireBytes, ShortReadNeverPassesTheEnd) {
  const uint8_t memory[] = {1, 2, 3};
  ByteReader r(memory);
  CHECK_EQUAL(0u, r.u32());
  CHECK_FALSE(r.ok());
  CHECK_EQUAL(size_t{0}, r.left());
  CHECK_EQUAL(0, r.u8());
  CHECK_FALSE(r.done());
}

TEST(WireBytes, OverflowStopsWriting) {
  uint8_t memory[4] = {9, 9, 9, 9};
  ByteWriter w(MutBytes(memory, 3));
  w.u16(0x0102);
  w.u16(0x0304);
  w.u8(5);
  CHECK_FALSE(w.ok());
  CHECK_EQUAL(size_t{2}, w.size());
  CHECK_EQUAL(9, memory[2]);
  ByteWriter p(memory);
  p.u8(1);
  p.patch_u16(0, 1);
  CHECK_FALSE(p.ok());
}

TEST(WireBytes, Comparison) {
  CHECK(equal_bytes(as_bytes("abc"), as_bytes("abc")));
  CHECK_FALSE(equal_bytes(as_bytes("abc"), as_bytes("abd")));
  CHECK_FALSE(equal_bytes(as_bytes("abc"), as_bytes("ab")));
  CHECK(equal_bytes({}, {}));
  CHECK(equal_constant_time(as_bytes("key"), as_bytes("key")));
  CHECK_FALSE(equal_constant_time(as_bytes("key"), as_bytes("kez")));
  uint8_t secret[3] = {1, 2, 3};
  wipe(secret, sizeof secret);
  CHECK_EQUAL(0, secret[0] | secret[1] | secret[2]);
}

TEST_GROUP(Blob){};

TEST(Blob, GrowsMovesAndClears) {
  Arena arena("test", 4096);
  {
    Blob b(arena);
    for (int i = 0; i < 300; ++i) CHECK(b.append("x").has_value());
    b.put("tail").dec(7);
    CHECK(b.ok());
    CHECK_EQUAL(size_t{305}, b.size());
    CHECK(b.text().ends_with("tail7"));
    Blob c = std::move(b);
    CHECK_EQUAL(size_t{305}, c.size());
    CHECK(b.empty());
    b = std::move(c);
    CHECK_EQUAL(size_t{305}, b.size());
    CHECK(b.resize(2).has_value());
    CHECK(b.resize(4).has_value());
    CHECK(equal_bytes(b, as_bytes(std::string_view("xx\0\0", 4))));
  }
  CHECK_EQUAL(size_t{0}, arena.used());
}

TEST(Blob, LimitLeavesTheContent) {
  Arena arena("test", 100);
  Blob b(arena);
  CHECK(b.append(std::string(40, 'a')).has_value());
  CHECK(b.append(std::string(200, 'b')).error().code == Code::full);
  CHECK_EQUAL(size_t{40}, b.size());
  b.write(std::string(200, 'b'));
  CHECK_FALSE(b.ok());
  CHECK(arena.refused() > 0);
}

TEST(Blob, EmptyCopy) {
  auto b = Blob::copy_of(Bytes{});
  CHECK(b.has_value());
  CHECK(b->empty());
}
