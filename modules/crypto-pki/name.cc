// Distinguished names: DER to text.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/name.h"

#include <algorithm>

#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/name_keys.h"

namespace parley::crypto_pki {

namespace {

// Reads one AttributeTypeAndValue.
bool next_attribute(DerReader& rdn, Bytes& oid, DerValue& value) {
  DerReader attribute = rdn.enter(tag::kSequence);
  oid = attribute.oid();
  value = attribute.any();
  if (!attribute.done()) rdn.fail();
  return rdn.ok();
}

void put_code_point(uint32_t c, Writer& out) {
  char b[4];
  size_t n = 0;
  if (c < 0x80) {
    b[n++] = static_cast<char>(c);
  } else if (c < 0x800) {
    b[n++] = static_cast<char>(0xc0 | c >> 6);
    b[n++] = static_cast<char>(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    b[n++] = static_cast<char>(0xe0 | c >> 12);
    b[n++] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
    b[n++] = static_cast<char>(0x80 | (c & 0x3f));
  } else {
    b[n++] = static_cast<char>(0xf0 | (c >> 18 & 7));
    b[n++] = static_cast<char>(0x80 | (c >> 12 & 0x3f));
    b[n++] = static_cast<char>(0x80 | (c >> 6 & 0x3f));
    b[n++] = static_cast<char>(0x80 | (c & 0x3f));
  }
  out.put(std::string_view(b, n));
}

// Control characters would break a terminal or a line of output.
char safe(uint8_t c) { return c < 0x20 || c == 0x7f ? '.' : static_cast<char>(c); }

constexpr std::string_view kSpecial = ",+\"\\<>;";

void put_character(uint8_t c, bool first, bool last, bool escape, Writer& out) {
  if (escape && c == 0) {
    out.put("\\00");
    return;
  }
  const char ch = safe(c);
  const bool edge = (first && (ch == ' ' || ch == '#')) || (last && ch == ' ');
  if (escape && (edge || kSpecial.find(ch) != std::string_view::npos)) out.put('\\');
  out.put(ch);
}

void put_value(const DerValue& v, bool escape, Writer& out) {
  if (v.tag == tag::kBmp || v.tag == tag::kUniversal) {
    const size_t width = v.tag == tag::kBmp ? 2 : 4;
    for (size_t i = 0; i + width <= v.content.size(); i += width) {
      uint32_t c = 0;
      for (size_t k = 0; k < width; ++k) c = c << 8 | v.content[i + k];
      if (c < 0x80) put_character(static_cast<uint8_t>(c), i == 0, i + width == v.content.size(), escape, out);
      else put_code_point(c, out);
    }
    return;
  }
  for (size_t i = 0; i < v.content.size(); ++i)
    put_character(v.content[i], i == 0, i + 1 == v.content.size(), escape, out);
}

void put_key(Bytes oid, NameStyle style, Writer& out) {
  const AttributeKey* k = find_attribute(oid);
  // RFC 4514 3 names few; the tools that write the comma style print the others as numbers.
  if (k == nullptr || (style == NameStyle::comma && !k->rfc4514)) print_oid(oid, out);
  else out.put(style == NameStyle::ios ? k->ios : k->upper);
}

bool put_rdn(Bytes content, NameStyle style, Writer& out) {
  DerReader rdn(content);
  bool first = true;
  while (!rdn.empty()) {
    Bytes oid;
    DerValue value;
    if (!next_attribute(rdn, oid, value)) return false;
    if (!first) out.put('+');
    first = false;
    put_key(oid, style, out);
    out.put('=');
    put_value(value, style == NameStyle::comma, out);
  }
  return rdn.ok();
}

constexpr size_t kMaxRdns = 64;

// RDN contents in order. False: not a Name.
bool split(Bytes name, Bytes (&rdns)[kMaxRdns], size_t& count) {
  DerReader all(name);
  DerReader r = all.enter(tag::kSequence);
  count = 0;
  while (!r.empty()) {
    if (count == kMaxRdns) return false;
    rdns[count++] = r.expect(tag::kSet).content;
  }
  return r.ok() && all.done();
}

// CN OU O L ST C, whatever the order in the certificate; several of one kind in certificate order.
Status put_cisco(const Bytes* rdns, size_t count, Writer& out) {
  constexpr NameKey kOrder[] = {NameKey::common_name, NameKey::organizational_unit, NameKey::organization,
                                NameKey::locality, NameKey::state, NameKey::country};
  bool first = true;
  for (const NameKey key : kOrder) {
    for (size_t i = 0; i < count; ++i) {
      DerReader rdn(rdns[i]);
      while (!rdn.empty()) {
        Bytes oid;
        DerValue value;
        if (!next_attribute(rdn, oid, value)) return Fault{Code::invalid, "not a distinguished name", 0};
        const AttributeKey* k = find_attribute(oid);
        if (k == nullptr || k->key != key) continue;
        if (!first) out.put(';');
        first = false;
        out.put(k->upper).put('=');
        put_value(value, false, out);
      }
    }
  }
  return {};
}

}  // namespace

Status print_name(Bytes name, NameStyle style, Writer& out) {
  Bytes rdns[kMaxRdns];
  size_t count = 0;
  if (!split(name, rdns, count)) return Fault{Code::invalid, "not a distinguished name", 0};
  if (style == NameStyle::cisco) return put_cisco(rdns, count, out);
  for (size_t i = 0; i < count; ++i) {
    if (i > 0) out.put(',');
    const size_t at = style == NameStyle::ios ? count - 1 - i : i;
    if (!put_rdn(rdns[at], style, out)) return Fault{Code::invalid, "not a distinguished name", 0};
  }
  return {};
}

Bytes name_value(Bytes name, NameKey key) {
  Bytes rdns[kMaxRdns];
  size_t count = 0;
  if (!split(name, rdns, count)) return {};
  for (size_t i = 0; i < count; ++i) {
    DerReader rdn(rdns[i]);
    while (!rdn.empty()) {
      Bytes oid;
      DerValue value;
      if (!next_attribute(rdn, oid, value)) return {};
      const AttributeKey* k = find_attribute(oid);
      if (k != nullptr && k->key == key) return value.content;
    }
  }
  return {};
}

namespace {

bool folds(uint8_t t) { return t == tag::kPrintable || t == tag::kUtf8 || t == tag::kIa5 || t == tag::kT61; }

// Next character with case and runs of blanks folded; -1 = end. Leading and trailing blanks do not count.
int next_folded(Bytes b, size_t& at) {
  const size_t start = at;
  while (at < b.size() && b[at] == ' ') ++at;
  if (at == b.size()) return -1;
  if (at > start && start > 0) return ' ';
  return static_cast<uint8_t>(ascii_lower(static_cast<char>(b[at++])));
}

bool equal_values(const DerValue& a, const DerValue& b) {
  if (!folds(a.tag) || !folds(b.tag)) return a.tag == b.tag && equal_bytes(a.content, b.content);
  size_t i = 0, k = 0;
  for (;;) {
    const int x = next_folded(a.content, i), y = next_folded(b.content, k);
    if (x != y) return false;
    if (x < 0) return true;
  }
}

bool same_rdn(Bytes a, Bytes b) {
  DerReader p(a), q(b);
  while (!p.empty() && !q.empty()) {
    Bytes oid_p, oid_q;
    DerValue value_p, value_q;
    if (!next_attribute(p, oid_p, value_p) || !next_attribute(q, oid_q, value_q)) return false;
    if (!equal_bytes(oid_p, oid_q) || !equal_values(value_p, value_q)) return false;
  }
  return p.done() && q.done();
}

}  // namespace

bool name_starts_with(Bytes name, Bytes beginning) {
  Bytes x[kMaxRdns], y[kMaxRdns];
  size_t nx = 0, ny = 0;
  if (!split(name, x, nx) || !split(beginning, y, ny) || nx < ny) return false;
  for (size_t i = 0; i < ny; ++i) {
    if (!same_rdn(x[i], y[i])) return false;
  }
  return true;
}

bool equal_names(Bytes a, Bytes b) {
  if (equal_bytes(a, b)) return true;
  Bytes x[kMaxRdns], y[kMaxRdns];
  size_t nx = 0, ny = 0;
  return split(a, x, nx) && split(b, y, ny) && nx == ny && name_starts_with(a, b);
}

Text<64> holder_name(Bytes subject, uint32_t peer_ip) {
  char text[64];
  FixedWriter w(text);
  const Bytes name = name_value(subject, NameKey::common_name);
  if (name.empty()) w.ipv4(peer_ip);
  for (const char c : as_text(name.first(std::min(name.size(), sizeof text)))) w.put(c < ' ' || c > '~' ? '.' : c);
  return Text<64>(w.view());
}

}  // namespace parley::crypto_pki
