// Bounds-checked reading and writing of wire bytes (big-endian), and the owned byte buffer Blob.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "platform/base/result.h"
#include "platform/base/text.h"

namespace parley {

using Bytes = std::span<const uint8_t>;
using MutBytes = std::span<uint8_t>;

inline Bytes as_bytes(std::string_view s) {
  return Bytes(reinterpret_cast<const uint8_t*>(s.data()), s.size());
}
inline std::string_view as_text(Bytes b) {
  return std::string_view(reinterpret_cast<const char*>(b.data()), b.size());
}
bool equal_bytes(Bytes a, Bytes b);

// Reads never go past the end: after a short read ok() is false and every further value is 0 / empty.
class ByteReader {
 public:
  explicit ByteReader(Bytes b) : all_(b) {}
  uint8_t u8();
  uint16_t u16();
  uint32_t u24();
  uint32_t u32();
  uint64_t u64();
  uint16_t u16le();
  uint32_t u32le();
  Bytes take(size_t n);
  Bytes rest() { return take(left()); }
  void skip(size_t n) { (void)take(n); }
  size_t left() const { return all_.size() - at_; }
  size_t offset() const { return at_; }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && left() == 0; }

 private:
  Bytes all_;
  size_t at_ = 0;
  bool ok_ = true;
};

// Writes into memory of the caller; after an overflow ok() is false.
class ByteWriter {
 public:
  explicit ByteWriter(MutBytes b) : all_(b) {}
  void u8(uint8_t v);
  void u16(uint16_t v);
  void u24(uint32_t v);
  void u32(uint32_t v);
  void u64(uint64_t v);
  void u16le(uint16_t v);
  void u32le(uint32_t v);
  void bytes(Bytes b);
  void text(std::string_view s) { bytes(as_bytes(s)); }
  void fill(size_t n, uint8_t v);
  void patch_u16(size_t offset, uint16_t v);
  void patch_u32(size_t offset, uint32_t v);
  size_t size() const { return at_; }
  size_t room() const { return all_.size() - at_; }
  bool ok() const { return ok_; }
  Bytes view() const { return Bytes(all_.data(), at_); }

 private:
  MutBytes grab(size_t n);
  MutBytes all_;
  size_t at_ = 0;
  bool ok_ = true;
};

// A named heap account: what may allocate says who it is and how much it may hold.
// Thread-safe counters. Registered with MemoryReport (base/memory.h) for `show memory`.
class Arena;
Arena& general_arena();  // configuration, show output, start-up

// Owned bytes on the heap, charged to an Arena. Move only. Freed memory of a Blob marked secret is wiped.
class Blob final : public Writer {
 public:
  Blob() : Blob(general_arena()) {}
  explicit Blob(Arena& arena) : arena_(&arena) {}
  Blob(Blob&& o) noexcept;
  Blob& operator=(Blob&& o) noexcept;
  Blob(const Blob&) = delete;
  Blob& operator=(const Blob&) = delete;
  ~Blob() override;

  static Result<Blob> copy_of(Bytes b);
  static Result<Blob> copy_of(std::string_view s) { return copy_of(as_bytes(s)); }

  // Fault full: the arena's limit or the memory is used up; the content is unchanged.
  Status append(Bytes b);
  Status append(std::string_view s) { return append(as_bytes(s)); }
  Status resize(size_t n);   // new bytes are zero
  Status reserve(size_t n);
  // Writer: a failed append sets ok() to false.
  void write(std::string_view s) override;
  bool ok() const { return ok_; }

  uint8_t* data() { return data_; }
  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Bytes view() const { return Bytes(data_, size_); }
  MutBytes mut() { return MutBytes(data_, size_); }
  std::string_view text() const { return as_text(view()); }
  operator Bytes() const { return view(); }
  void clear();              // keeps the arena, frees the memory
  void mark_secret() { secret_ = true; }

 private:
  Arena* arena_;
  uint8_t* data_ = nullptr;
  size_t size_ = 0;
  size_t capacity_ = 0;
  bool ok_ = true;
  bool secret_ = false;
};

}  // namespace parley
