// Distinguished names: text of the operator to DER.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/name_keys.h"
#include "platform/base/memory.h"

namespace parley::crypto_pki {

namespace {

constexpr uint8_t kCn[] = {0x55, 4, 3}, kSn[] = {0x55, 4, 4}, kSerial[] = {0x55, 4, 5}, kC[] = {0x55, 4, 6},
                  kL[] = {0x55, 4, 7}, kSt[] = {0x55, 4, 8}, kStreet[] = {0x55, 4, 9}, kO[] = {0x55, 4, 10},
                  kOu[] = {0x55, 4, 11}, kTitle[] = {0x55, 4, 12}, kGn[] = {0x55, 4, 42}, kDnq[] = {0x55, 4, 46};
constexpr uint8_t kEmail[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 1},
                  kHost[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2},
                  kAddress[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 8};
constexpr uint8_t kDc[] = {0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 0x19},
                  kUid[] = {0x09, 0x92, 0x26, 0x89, 0x93, 0xf2, 0x2c, 0x64, 1, 1};

constexpr AttributeKey kKeys[] = {
    {"cn", "CN", NameKey::common_name, kCn, 0, true},
    {"ou", "OU", NameKey::organizational_unit, kOu, 0, true},
    {"o", "O", NameKey::organization, kO, 0, true},
    {"l", "L", NameKey::locality, kL, 0, true},
    {"st", "ST", NameKey::state, kSt, 0, true},
    {"c", "C", NameKey::country, kC, tag::kPrintable, true},
    {"serialNumber", "serialNumber", NameKey::serial_number, kSerial, tag::kPrintable},
    {"hostname", "unstructuredName", NameKey::unstructured_name, kHost, tag::kIa5},
    {"ipaddress", "unstructuredAddress", NameKey::unstructured_address, kAddress, 0},
    {"e", "emailAddress", NameKey::email, kEmail, tag::kIa5},
    {"dc", "DC", kNoNameKey, kDc, tag::kIa5, true},
    {"uid", "UID", kNoNameKey, kUid, 0, true},
    {"sn", "SN", kNoNameKey, kSn, 0},
    {"street", "street", kNoNameKey, kStreet, 0},
    {"t", "title", kNoNameKey, kTitle, 0},
    {"gn", "GN", kNoNameKey, kGn, 0},
    {"dnQualifier", "dnQualifier", kNoNameKey, kDnq, tag::kPrintable},
};

struct Alias {
  std::string_view text, ios;
};
constexpr Alias kAliases[] = {{"s", "st"}, {"email", "e"}, {"unstructuredAddress", "ipaddress"}, {"givenName", "gn"}};

bool printable(std::string_view s) {
  for (const char c : s) {
    const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!alnum && std::string_view(" '()+,-./:=?").find(c) == std::string_view::npos) return false;
  }
  return true;
}

bool ascii(std::string_view s) {
  for (const char c : s)
    if ((c & 0x80) != 0) return false;
  return true;
}

bool utf8(std::string_view s) {
  for (size_t i = 0; i < s.size();) {
    const auto c = static_cast<uint8_t>(s[i++]);
    const int more = c < 0x80 ? 0 : (c & 0xe0) == 0xc0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : (c & 0xf8) == 0xf0 ? 3 : -1;
    if (more < 0 || i + static_cast<size_t>(more) > s.size()) return false;
    for (int k = 0; k < more; ++k)
      if ((static_cast<uint8_t>(s[i++]) & 0xc0) != 0x80) return false;
  }
  return true;
}

constexpr size_t kMaxValue = 256;   // longest of RFC 5280 A.1 upper bounds
constexpr size_t kMaxParts = 64;

const char* write_attribute(DerWriter& w, Bytes oid, uint8_t string_tag, std::string_view value) {
  uint8_t t = string_tag;
  if (t == 0 || t == tag::kPrintable) t = directory_string_tag(value);
  if (t == tag::kIa5 && !ascii(value)) t = tag::kUtf8;
  if (!utf8(value)) return "text in a name must be UTF-8";
  if (equal_bytes(oid, kC) && value.size() != 2) return "a country has two letters";
  const size_t s = w.begin(tag::kSequence);
  w.oid(oid);
  w.text(t, value);
  w.end(s);
  return nullptr;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}
  Result<Blob> run();

 private:
  Fault fault(const char* what) const { return Fault{Code::invalid, what, static_cast<uint32_t>(at_)}; }
  void blanks() { while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_; }
  Status key(Blob& oid, uint8_t& string_tag);
  Status value(char (&out)[kMaxValue], size_t& size);
  Status quoted(char (&out)[kMaxValue], size_t& size);
  Status escaped(char& c);
  Status rdn(Blob& out);

  std::string_view text_;
  size_t at_ = 0;
};

Status Parser::key(Blob& oid, uint8_t& string_tag) {
  blanks();
  const size_t start = at_;
  while (at_ < text_.size() && text_[at_] != '=') ++at_;
  if (at_ == text_.size()) { at_ = start; return fault("a name is made of KEY=value"); }
  const std::string_view word = trim(text_.substr(start, at_ - start));
  ++at_;
  if (const AttributeKey* k = find_attribute(word)) {
    string_tag = k->string_tag;
    return oid.append(k->oid);
  }
  Result<Blob> dotted = oid_from_text(word);
  if (!dotted || word.find('.') == std::string_view::npos) {
    at_ = start;
    return fault("unknown key in a name");
  }
  string_tag = 0;
  oid = std::move(dotted).value();
  return {};
}

Status Parser::escaped(char& c) {
  if (at_ == text_.size()) return fault("a name ends with a backslash");
  const int hi = hex_digit(text_[at_]);
  if (hi >= 0 && at_ + 1 < text_.size() && hex_digit(text_[at_ + 1]) >= 0) {
    c = static_cast<char>(hi << 4 | hex_digit(text_[at_ + 1]));
    at_ += 2;
    if (c == '\0') return fault("a name holds no NUL");
    return {};
  }
  c = text_[at_++];
  return {};
}

Status Parser::quoted(char (&out)[kMaxValue], size_t& size) {
  ++at_;
  for (;;) {
    if (at_ == text_.size()) return fault("a quote in a name is not closed");
    char c = text_[at_++];
    if (c == '"') break;
    if (c == '\\') TRY(escaped(c));
    if (size == kMaxValue) return fault("a part of a name is too long");
    out[size++] = c;
  }
  blanks();
  if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '+') return fault("text after a quoted value");
  return {};
}

Status Parser::value(char (&out)[kMaxValue], size_t& size) {
  size = 0;
  blanks();
  if (at_ < text_.size() && text_[at_] == '"') return quoted(out, size);
  size_t kept = 0;   // trailing blanks fall away unless escaped
  while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '+') {
    char c = text_[at_++];
    const bool escape = c == '\\';
    if (escape) TRY(escaped(c));
    if (size == kMaxValue) return fault("a part of a name is too long");
    out[size++] = c;
    if (escape || c != ' ') kept = size;
  }
  size = kept;
  if (size == 0) return fault("a value in a name is empty");
  return {};
}

Status Parser::rdn(Blob& out) {
  Blob parts[8];
  Bytes views[8];
  size_t count = 0;
  for (;;) {
    if (count == 8) return fault("too many parts joined by +");
    Blob oid;
    uint8_t string_tag = 0;
    char text[kMaxValue];
    size_t size = 0;
    TRY(key(oid, string_tag));
    TRY(value(text, size));
    DerWriter w(parts[count]);
    const char* wrong = write_attribute(w, oid, string_tag, std::string_view(text, size));
    if (wrong != nullptr) return fault(wrong);
    TRY(w.status());
    views[count] = parts[count].view();
    ++count;
    if (at_ == text_.size() || text_[at_] != '+') break;
    ++at_;
  }
  DerWriter w(out);
  write_set_of(w, tag::kSet, views, count);
  return w.status();
}

Result<Blob> Parser::run() {
  List<Blob> rdns(general_arena());
  blanks();
  while (at_ < text_.size()) {
    if (rdns.size() == kMaxParts) return fault("too many parts in a name");
    Blob one;
    TRY(rdn(one));
    TRY(rdns.push(std::move(one)));
    if (at_ == text_.size()) break;
    ++at_;
    blanks();
    if (at_ == text_.size()) return fault("a name ends with a comma");
  }
  Blob out;
  DerWriter w(out);
  const size_t s = w.begin(tag::kSequence);
  for (size_t i = rdns.size(); i-- > 0;) w.raw(rdns[i]);
  w.end(s);
  TRY(w.status());
  return out;
}

}  // namespace

const AttributeKey* find_attribute(Bytes oid) {
  for (const AttributeKey& k : kKeys)
    if (equal_bytes(k.oid, oid)) return &k;
  return nullptr;
}

const AttributeKey* find_attribute(std::string_view text) {
  for (const Alias& a : kAliases)
    if (equal_nocase(a.text, text)) text = a.ios;
  for (const AttributeKey& k : kKeys)
    if (equal_nocase(k.ios, text) || equal_nocase(k.upper, text)) return &k;
  return nullptr;
}

uint8_t directory_string_tag(std::string_view text) { return printable(text) ? tag::kPrintable : tag::kUtf8; }

Result<Blob> parse_name(std::string_view text) { return Parser(trim(text)).run(); }

Result<Blob> device_name(Bytes base, std::string_view serial_number, std::string_view host_name, std::string_view address) {
  Blob parts[3];
  Bytes views[3];
  size_t count = 0;
  const struct { Bytes oid; uint8_t string_tag; std::string_view value; } wanted[] = {
      {kSerial, tag::kPrintable, serial_number}, {kHost, tag::kIa5, host_name}, {kAddress, 0, address}};
  for (const auto& w : wanted) {
    if (w.value.empty()) continue;
    DerWriter d(parts[count]);
    const char* wrong = write_attribute(d, w.oid, w.string_tag, w.value);
    if (wrong != nullptr) return Fault{Code::invalid, wrong, 0};
    TRY(d.status());
    views[count] = parts[count].view();
    ++count;
  }
  Blob out;
  DerWriter w(out);
  const size_t s = w.begin(tag::kSequence);
  if (!base.empty()) {
    DerReader r(base);
    w.raw(r.expect(tag::kSequence).content);
    if (!r.done()) return Fault{Code::invalid, "not a distinguished name", 0};
  }
  if (count > 0) write_set_of(w, tag::kSet, views, count);
  w.end(s);
  TRY(w.status());
  return out;
}

}  // namespace parley::crypto_pki
