// Writes the XML of phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/xml_writer.h"

namespace parley::telephony_service {
namespace {

// Length of the well-formed UTF-8 sequence at the begin of s (RFC 3629), 0 = none.
size_t utf8_length(std::string_view s) {
  auto byte = [&s](size_t i) { return i < s.size() ? static_cast<uint8_t>(s[i]) : 0u; };
  auto follows = [&byte](size_t i, unsigned lo = 0x80, unsigned hi = 0xbf) { return byte(i) >= lo && byte(i) <= hi; };
  const unsigned b = byte(0);
  if (b < 0x80) return 1;
  if (b >= 0xc2 && b <= 0xdf) return follows(1) ? 2 : 0;
  if (b >= 0xe0 && b <= 0xef) return follows(1, b == 0xe0 ? 0xa0 : 0x80, b == 0xed ? 0x9f : 0xbf) && follows(2) ? 3 : 0;
  if (b >= 0xf0 && b <= 0xf4) return follows(1, b == 0xf0 ? 0x90 : 0x80, b == 0xf4 ? 0x8f : 0xbf) && follows(2) && follows(3) ? 4 : 0;
  return 0;
}

std::string_view entity(char c) {
  switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&apos;";
    default: return {};
  }
}

}  // namespace

void escape_xml(Writer& out, std::string_view text) {
  while (!text.empty()) {
    const size_t n = utf8_length(text);
    const char c = text.front();
    const bool control = static_cast<uint8_t>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    if (n == 0 || control) out.put('?');
    else if (!entity(c).empty()) out.put(entity(c));
    else out.put(text.substr(0, n));
    text.remove_prefix(n == 0 ? 1 : n);
  }
}

bool xml_name(std::string_view name) {
  auto letter = [](char c) { return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || c == '_'; };
  if (name.empty() || !letter(name.front()) || starts_nocase(name, "xml")) return false;
  for (const char c : name)
    if (!letter(c) && !(c >= '0' && c <= '9') && c != '-' && c != '.') return false;
  return true;
}

void XmlWriter::indent() { out_.pad(2u * depth_); }

void XmlWriter::open(std::string_view name) {
  indent();
  out_.put('<').put(name).put(">\n");
  ++depth_;
}

void XmlWriter::open(std::string_view name, std::string_view attribute, std::string_view value) {
  indent();
  out_.put('<').put(name).put(' ').put(attribute).put("=\"");
  escape_xml(out_, value);
  out_.put("\">\n");
  ++depth_;
}

void XmlWriter::close(std::string_view name) {
  --depth_;
  indent();
  out_.put("</").put(name).put(">\n");
}

void XmlWriter::element(std::string_view name, std::string_view text) {
  indent();
  out_.put('<').put(name).put('>');
  escape_xml(out_, text);
  out_.put("</").put(name).put(">\n");
}

void XmlWriter::element(std::string_view name, int64_t number) {
  char digits[24];
  FixedWriter w(digits);
  w.dec(number);
  element(name, w.view());
}

}  // namespace parley::telephony_service
