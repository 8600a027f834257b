// DER: a bounds-checked reader of nested values and a writer that closes lengths by itself (X.690).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/time.h"

namespace parley::crypto_pki {

namespace tag {
constexpr uint8_t kBoolean = 0x01, kInteger = 0x02, kBitString = 0x03, kOctetString = 0x04, kNull = 0x05, kOid = 0x06,
                  kEnumerated = 0x0a, kUtf8 = 0x0c, kSequence = 0x30, kSet = 0x31, kPrintable = 0x13, kT61 = 0x14,
                  kIa5 = 0x16, kUtcTime = 0x17, kGeneralizedTime = 0x18, kUniversal = 0x1c, kBmp = 0x1e;
constexpr uint8_t context(unsigned n) { return static_cast<uint8_t>(0x80 | n); }               // [n] IMPLICIT primitive
constexpr uint8_t constructed(unsigned n) { return static_cast<uint8_t>(0xa0 | n); }           // [n] constructed
}  // namespace tag

struct DerValue {
  uint8_t tag = 0;
  Bytes content;
  Bytes whole;      // with tag and length
  bool operator==(uint8_t t) const { return tag == t && whole.data() != nullptr; }
};

// One level of values. After an error ok() is false and every further value is empty.
// Low tag numbers and definite lengths only; a length in more bytes than needed is accepted (old certificates).
class DerReader {
 public:
  explicit DerReader(Bytes b) : left_(b) {}
  DerValue any();                               // error at the end
  DerValue expect(uint8_t tag);                 // error when the next value is another
  bool optional(uint8_t tag, DerValue& out);    // false, and nothing taken, when the next value is another
  bool next_is(uint8_t tag) const { return ok_ && !left_.empty() && left_[0] == tag; }
  DerReader enter(uint8_t tag);                 // reader of the content; carries the error
  Bytes integer();                              // content octets of an INTEGER, at least one
  bool unsigned_integer(uint64_t& out);         // false: negative or too large (an error)
  Bytes oid() { return expect(tag::kOid).content; }
  Bytes bits();                                 // BIT STRING of whole bytes
  UnixTime time();                              // UTCTime or GeneralizedTime, to the second; Z or offset
  bool empty() const { return left_.empty(); }
  bool ok() const { return ok_; }
  bool done() const { return ok_ && left_.empty(); }
  Bytes left() const { return left_; }
  void fail() { ok_ = false; left_ = {}; }

 private:
  Bytes left_;
  bool ok_ = true;
};

// Appends to a Blob. Nesting: `auto s = w.begin(tag::kSequence); ...; w.end(s);`
class DerWriter {
 public:
  explicit DerWriter(Blob& out) : out_(out) {}
  size_t begin(uint8_t tag);
  void end(size_t mark);
  size_t begin_bits();                                 // BIT STRING around DER; close with end()
  void value(uint8_t tag, Bytes content);
  void text(uint8_t tag, std::string_view s) { value(tag, as_bytes(s)); }
  void raw(Bytes der);                                 // ready DER
  void oid(Bytes content) { value(tag::kOid, content); }
  void null() { value(tag::kNull, {}); }
  void boolean(bool v);
  void integer(uint64_t v);
  void unsigned_integer(Bytes magnitude);              // big-endian; leading zeros dropped, sign byte added
  void bits(Bytes whole_bytes);
  void named_bits(uint32_t bits, unsigned count);      // bit 0 = first; trailing zeros dropped (KeyUsage, reasons)
  void octets(Bytes b) { value(tag::kOctetString, b); }
  void time(UnixTime t);                               // UTCTime until 2049, then GeneralizedTime (RFC 5280 4.1.2.5)
  void algorithm(Bytes oid, bool with_null);           // AlgorithmIdentifier without, or with NULL, parameters
  void fail() { ok_ = false; }
  bool ok() const { return ok_; }
  Status status() const;                               // Fault full: no memory

 private:
  Blob& out_;
  bool ok_ = true;
};

// SET OF: sorts ready DER values and writes them into one SET (X.690 11.6).
void write_set_of(DerWriter& w, uint8_t set_tag, const Bytes* values, size_t count);

// "1.2.840.113549" -> content octets. Fault invalid.
Result<Blob> oid_from_text(std::string_view dotted);
void print_oid(Bytes oid, Writer& out);

// Rewrites BER (indefinite lengths, constructed strings: CMS of streaming writers) as DER lengths. Already DER: a copy.
// Fault invalid: broken or nested deeper than 16; full: larger than max_bytes.
Result<Blob> der_from_ber(Bytes ber, size_t max_bytes);

}  // namespace parley::crypto_pki
