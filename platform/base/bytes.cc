// Big-endian reader and writer over wire bytes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/base/bytes.h"

#include <cstring>

namespace parley {
namespace {

uint64_t big_endian(Bytes b) {
  uint64_t v = 0;
  for (const uint8_t byte : b) v = v << 8 | byte;
  return v;
}

void big_endian(MutBytes to, uint64_t v) {
  for (size_t i = to.size(); i-- > 0; v >>= 8) to[i] = static_cast<uint8_t>(v);
}

}  // namespace

bool equal_bytes(Bytes a, Bytes b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// After a short read the position is the end, so that `while (r.left() > 0)` ends.
Bytes ByteReader::take(size_t n) {
  if (n > left()) {
    ok_ = false;
    at_ = all_.size();
    return {};
  }
  const Bytes part = all_.subspan(at_, n);
  at_ += n;
  return part;
}

uint8_t ByteReader::u8() { return static_cast<uint8_t>(big_endian(take(1))); }
uint16_t ByteReader::u16() { return static_cast<uint16_t>(big_endian(take(2))); }
uint32_t ByteReader::u24() { return static_cast<uint32_t>(big_endian(take(3))); }
uint32_t ByteReader::u32() { return static_cast<uint32_t>(big_endian(take(4))); }
uint64_t ByteReader::u64() { return big_endian(take(8)); }

uint16_t ByteReader::u16le() {
  const Bytes b = take(2);
  return b.empty() ? uint16_t{0} : static_cast<uint16_t>(b[0] | b[1] << 8);
}

uint32_t ByteReader::u32le() {
  const uint32_t low = u16le();
  return low | static_cast<uint32_t>(u16le()) << 16;
}

MutBytes ByteWriter::grab(size_t n) {
  if (!ok_ || n > room()) {
    ok_ = false;
    return {};
  }
  const MutBytes part = all_.subspan(at_, n);
  at_ += n;
  return part;
}

void ByteWriter::u8(uint8_t v) { big_endian(grab(1), v); }
void ByteWriter::u16(uint16_t v) { big_endian(grab(2), v); }
void ByteWriter::u24(uint32_t v) { big_endian(grab(3), v); }
void ByteWriter::u32(uint32_t v) { big_endian(grab(4), v); }
void ByteWriter::u64(uint64_t v) { big_endian(grab(8), v); }

void ByteWriter::u16le(uint16_t v) {
  const MutBytes to = grab(2);
  if (to.empty()) return;
  to[0] = static_cast<uint8_t>(v);
  to[1] = static_cast<uint8_t>(v >> 8);
}

void ByteWriter::u32le(uint32_t v) {
  const MutBytes to = grab(4);
  for (uint8_t& byte : to) {
    byte = static_cast<uint8_t>(v);
    v >>= 8;
  }
}

void ByteWriter::bytes(Bytes b) {
  const MutBytes to = grab(b.size());
  if (!to.empty()) std::memcpy(to.data(), b.data(), b.size());
}

void ByteWriter::fill(size_t n, uint8_t v) {
  for (uint8_t& byte : grab(n)) byte = v;
}

void ByteWriter::patch_u16(size_t offset, uint16_t v) {
  if (offset + 2 > at_) { ok_ = false; return; }
  big_endian(all_.subspan(offset, 2), v);
}

void ByteWriter::patch_u32(size_t offset, uint32_t v) {
  if (offset + 4 > at_) { ok_ = false; return; }
  big_endian(all_.subspan(offset, 4), v);
}

}  // namespace parley
