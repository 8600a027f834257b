// DER reading and writing.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/der.h"

#include <algorithm>
#include <cstring>

#include "platform/base/memory.h"

namespace parley::crypto_pki {

namespace {

struct Head {
  size_t size = 0;      // tag and length
  size_t length = 0;    // content
};

// False: cut, high tag number, indefinite, or longer than what is there.
bool read_head(Bytes b, Head& out) {
  if (b.size() < 2 || (b[0] & 0x1f) == 0x1f) return false;
  const uint8_t first = b[1];
  if (first < 0x80) {
    out = {2, first};
  } else {
    const size_t n = first & 0x7f;
    if (n == 0 || n > 4 || b.size() < 2 + n) return false;
    size_t length = 0;
    for (size_t i = 0; i < n; ++i) length = length << 8 | b[2 + i];
    out = {2 + n, length};
  }
  return out.length <= b.size() - out.size;
}

bool two_digits(Bytes b, size_t at, int& out) {
  if (at + 2 > b.size() || b[at] < '0' || b[at] > '9' || b[at + 1] < '0' || b[at + 1] > '9') return false;
  out = (b[at] - '0') * 10 + (b[at + 1] - '0');
  return true;
}

bool parse_time(Bytes b, bool generalized, UnixTime& out) {
  Calendar c;
  size_t at = 0;
  int high = 0, low = 0;
  if (generalized) {
    if (!two_digits(b, 0, high) || !two_digits(b, 2, low)) return false;
    c.year = high * 100 + low;
    at = 4;
  } else {
    if (!two_digits(b, 0, low)) return false;
    c.year = low < 50 ? 2000 + low : 1900 + low;   // RFC 5280 4.1.2.5.1
    at = 2;
  }
  if (!two_digits(b, at, c.month) || !two_digits(b, at + 2, c.day) || !two_digits(b, at + 4, c.hour) ||
      !two_digits(b, at + 6, c.minute))
    return false;
  at += 8;
  if (two_digits(b, at, c.second)) at += 2;        // seconds are missing in some old certificates
  constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > kDays[c.month - 1] || c.hour > 23 || c.minute > 59 ||
      c.second > 59)
    return false;
  int sign = 0, hours = 0, minutes = 0;
  if (at < b.size() && (b[at] == '+' || b[at] == '-')) {
    sign = b[at] == '+' ? -1 : 1;
    if (!two_digits(b, at + 1, hours) || !two_digits(b, at + 3, minutes)) return false;
    at += 5;
  } else if (at < b.size() && b[at] == 'Z') {
    ++at;
  } else {
    return false;
  }
  out = from_calendar(c) + sign * (hours * 3600 + minutes * 60);
  return at == b.size();
}

}  // namespace

DerValue DerReader::any() {
  Head h;
  if (!ok_ || !read_head(left_, h)) {
    fail();
    return {};
  }
  const DerValue v{left_[0], left_.subspan(h.size, h.length), left_.first(h.size + h.length)};
  left_ = left_.subspan(h.size + h.length);
  return v;
}

DerValue DerReader::expect(uint8_t tag) {
  if (next_is(tag)) return any();
  fail();
  return {};
}

bool DerReader::optional(uint8_t tag, DerValue& out) {
  if (!next_is(tag)) return false;
  out = any();
  return ok_;
}

DerReader DerReader::enter(uint8_t tag) {
  const DerValue v = expect(tag);
  DerReader inside(v.content);
  if (!ok_) inside.fail();
  return inside;
}

Bytes DerReader::integer() {
  const DerValue v = expect(tag::kInteger);
  if (ok_ && v.content.empty()) fail();
  return ok_ ? v.content : Bytes();
}

bool DerReader::unsigned_integer(uint64_t& out) {
  out = 0;
  Bytes b = integer();
  if (!ok_) return false;
  if ((b[0] & 0x80) != 0) {
    fail();
    return false;
  }
  if (b[0] == 0) b = b.subspan(1);
  if (b.size() > 8) {
    fail();
    return false;
  }
  for (const uint8_t v : b) out = out << 8 | v;
  return true;
}

Bytes DerReader::bits() {
  const DerValue v = expect(tag::kBitString);
  if (ok_ && (v.content.empty() || v.content[0] != 0)) fail();
  return ok_ ? v.content.subspan(1) : Bytes();
}

UnixTime DerReader::time() {
  const bool generalized = next_is(tag::kGeneralizedTime);
  const DerValue v = expect(generalized ? tag::kGeneralizedTime : tag::kUtcTime);
  UnixTime out = 0;
  if (ok_ && !parse_time(v.content, generalized, out)) fail();
  return ok_ ? out : 0;
}

void DerWriter::raw(Bytes der) {
  if (ok_ && !out_.append(der)) ok_ = false;
}

size_t DerWriter::begin(uint8_t tag) {
  const uint8_t head[2] = {tag, 0};
  raw(head);
  return out_.size();
}

// Lengths over 127 need more room than begin() left: the content moves up.
void DerWriter::end(size_t mark) {
  if (!ok_) return;
  const size_t length = out_.size() - mark;
  if (length < 0x80) {
    out_.data()[mark - 1] = static_cast<uint8_t>(length);
    return;
  }
  size_t extra = 0;
  for (size_t v = length; v != 0; v >>= 8) ++extra;
  if (!out_.resize(out_.size() + extra)) {
    ok_ = false;
    return;
  }
  std::memmove(out_.data() + mark + extra, out_.data() + mark, length);
  out_.data()[mark - 1] = static_cast<uint8_t>(0x80 | extra);
  for (size_t i = 0; i < extra; ++i) out_.data()[mark + i] = static_cast<uint8_t>(length >> (8 * (extra - 1 - i)));
}

size_t DerWriter::begin_bits() {
  const size_t mark = begin(tag::kBitString);
  const uint8_t unused = 0;
  raw(Bytes(&unused, 1));
  return mark;
}

void DerWriter::value(uint8_t tag, Bytes content) {
  const size_t mark = begin(tag);
  raw(content);
  end(mark);
}

void DerWriter::boolean(bool v) {
  const uint8_t b = v ? 0xff : 0;
  value(tag::kBoolean, Bytes(&b, 1));
}

void DerWriter::integer(uint64_t v) {
  uint8_t b[8];
  for (size_t i = 0; i < 8; ++i) b[i] = static_cast<uint8_t>(v >> (8 * (7 - i)));
  unsigned_integer(b);
}

void DerWriter::unsigned_integer(Bytes magnitude) {
  while (magnitude.size() > 1 && magnitude[0] == 0) magnitude = magnitude.subspan(1);
  const uint8_t zero = 0;
  const size_t mark = begin(tag::kInteger);
  if (magnitude.empty() || (magnitude[0] & 0x80) != 0) raw(Bytes(&zero, 1));
  raw(magnitude);
  end(mark);
}

void DerWriter::bits(Bytes whole_bytes) {
  const size_t mark = begin_bits();
  raw(whole_bytes);
  end(mark);
}

void DerWriter::named_bits(uint32_t bits, unsigned count) {
  uint8_t b[5] = {};
  unsigned used = 0;
  for (unsigned i = 0; i < count && i < 32; ++i) {
    if ((bits >> i & 1) == 0) continue;
    b[1 + i / 8] = static_cast<uint8_t>(b[1 + i / 8] | 0x80 >> (i % 8));
    used = i + 1;
  }
  const unsigned bytes = (used + 7) / 8;
  b[0] = static_cast<uint8_t>(bytes * 8 - used);
  value(tag::kBitString, Bytes(b, 1 + bytes));
}

void DerWriter::time(UnixTime t) {
  const Calendar c = to_calendar(t);
  char text[24];
  FixedWriter w(text);
  const bool utc = c.year >= 1950 && c.year < 2050;
  w.dec(utc ? c.year % 100 : c.year, utc ? 2 : 4, '0').dec(c.month, 2, '0').dec(c.day, 2, '0');
  w.dec(c.hour, 2, '0').dec(c.minute, 2, '0').dec(c.second, 2, '0').put('Z');
  this->text(utc ? tag::kUtcTime : tag::kGeneralizedTime, w.view());
}

void DerWriter::algorithm(Bytes oid_content, bool with_null) {
  const size_t s = begin(tag::kSequence);
  oid(oid_content);
  if (with_null) null();
  end(s);
}

Status DerWriter::status() const {
  if (!ok_) return Fault{Code::full, "no memory for DER", 0};
  return {};
}

void write_set_of(DerWriter& w, uint8_t set_tag, const Bytes* values, size_t count) {
  List<Bytes> sorted(general_arena());
  for (size_t i = 0; i < count; ++i) {
    if (sorted.push(values[i])) continue;
    w.fail();
    return;
  }
  std::sort(sorted.begin(), sorted.end(), [](Bytes a, Bytes b) {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  });
  const size_t mark = w.begin(set_tag);
  for (const Bytes& b : sorted) w.raw(b);
  w.end(mark);
}

Result<Blob> oid_from_text(std::string_view dotted) {
  Blob out;
  uint64_t first = 0;
  for (size_t arc = 0;; ++arc) {
    const size_t dot = dotted.find('.');
    uint64_t v = 0;
    if (!parse_dec(dotted.substr(0, dot), UINT32_MAX, v)) return Fault{Code::invalid, "broken object identifier", 0};
    if ((arc == 0 && v > 2) || (arc == 1 && first < 2 && v > 39))
      return Fault{Code::invalid, "broken object identifier", 0};
    if (arc == 0) {
      first = v;
    } else {
      if (arc == 1) v += first * 40;
      uint8_t b[6];
      size_t n = 0;
      do b[n++] = static_cast<uint8_t>(v & 0x7f); while ((v >>= 7) != 0);
      while (n-- > 0) {
        const uint8_t octet = static_cast<uint8_t>(b[n] | (n > 0 ? 0x80 : 0));
        TRY(out.append(Bytes(&octet, 1)));
      }
    }
    if (dot == std::string_view::npos) {
      if (arc == 0) return Fault{Code::invalid, "broken object identifier", 0};
      return out;
    }
    dotted.remove_prefix(dot + 1);
  }
}

void print_oid(Bytes oid, Writer& out) {
  uint64_t v = 0;
  bool first = true;
  for (const uint8_t b : oid) {
    v = v << 7 | (b & 0x7fu);
    if ((b & 0x80) != 0) continue;
    if (first) {
      const uint64_t root = v < 80 ? v / 40 : 2;
      out.dec(static_cast<int64_t>(root)).put('.').dec(static_cast<int64_t>(v - root * 40));
      first = false;
    } else {
      out.put('.').dec(static_cast<int64_t>(v));
    }
    v = 0;
  }
}

}  // namespace parley::crypto_pki
