// Certificate maps: which certificates of peers a trustpoint takes (`match certificate`).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/certificate_map.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxName = 1024;

// The router prints "cn=a,o=b"; "CN=a, O = b" of an operator means the same.
void normalise(std::string_view text, Writer& out) {
  const auto mark = [](char c) { return c == ',' || c == '='; };
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ' ') {
      const size_t next = text.find_first_not_of(' ', i);
      if (next == std::string_view::npos || mark(text[next]) || i == 0 || mark(text[i - 1])) {
        i = (next == std::string_view::npos ? text.size() : next) - 1;
        continue;
      }
    }
    out.put(ascii_lower(c));
  }
}

bool number(std::string_view text, int lo, int hi, int& out) {
  if (text.empty() || text.size() > 4) return false;
  out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  return out >= lo && out <= hi;
}

bool clock_time(std::string_view text, Calendar& out) {
  return text.size() == 8 && text[2] == ':' && text[5] == ':' && number(text.substr(0, 2), 0, 23, out.hour) &&
         number(text.substr(3, 2), 0, 59, out.minute) && number(text.substr(6, 2), 0, 59, out.second);
}

bool dated(DateTest test, UnixTime is, UnixTime wanted) {
  switch (test) {
    case DateTest::eq: return is == wanted;
    case DateTest::ge: return is >= wanted;
    case DateTest::lt: return is < wanted;
    case DateTest::ne: return is != wanted;
  }
  return false;
}

}  // namespace

Result<UnixTime> map_date(std::string_view text) {
  const Fault bad{Code::invalid, "not a date", 0};
  std::string_view words[4];
  size_t count = 0;
  while (!text.empty()) {
    const size_t end = text.find(' ') == std::string_view::npos ? text.size() : text.find(' ');
    if (end > 0) {
      if (count == 4) return bad;
      words[count++] = text.substr(0, end);
    }
    text.remove_prefix(end < text.size() ? end + 1 : end);
  }
  if (count != 4) return bad;
  Calendar c;
  c.month = month_from_name(words[0]);
  const bool named = c.month != 0;
  if (!named && !number(words[1], 1, 12, c.month)) return bad;
  if (!number(words[named ? 1 : 0], 1, 31, c.day) || !number(words[2], 1970, 9999, c.year) || !clock_time(words[3], c)) return bad;
  const UnixTime t = from_calendar(c);
  if (to_calendar(t).day != c.day) return bad;   // February 30
  return t;
}

Status CertificateMaps::add_names(const cli::Table<NameRule>& rules, Field field, MapUse::How how) {
  for (const NameRule& r : rules) {
    Test t;
    t.group = groups_;
    t.how = how;
    t.field = field;
    t.name = r.test;
    char text[191];
    FixedWriter w(text);
    normalise(r.text, w);
    t.text = Text<191>(w.view());
    TRY(tests_.push(std::move(t)));
  }
  return {};
}

Status CertificateMaps::add_dates(const cli::Table<DateRule>& rules, Field field, MapUse::How how) {
  for (const DateRule& r : rules) {
    Test t;
    t.group = groups_;
    t.how = how;
    t.field = field;
    t.date = r.test;
    TRY_ASSIGN(t.when, map_date(r.text));
    TRY(tests_.push(std::move(t)));
  }
  return {};
}

Status CertificateMaps::add_entry(const Map& map, MapUse::How how) {
  ++groups_;
  TRY(add_names(map.subjects, Field::subject, how));
  TRY(add_names(map.issuers, Field::issuer, how));
  TRY(add_names(map.unstructured, Field::unstructured, how));
  TRY(add_names(map.alternatives, Field::alternative, how));
  TRY(add_dates(map.begins, Field::begin, how));
  return add_dates(map.ends, Field::end, how);
}

Status CertificateMaps::add(const Config& config, const Trustpoint& trustpoint) {
  for (const MapUse& use : trustpoint.matches) {
    restricted_ = restricted_ || use.how == MapUse::How::must;
    for (const Map& m : config.maps) {
      if (m.label.view() == use.map.view()) TRY(add_entry(m, use.how));
    }
  }
  return {};
}

bool CertificateMaps::fits(const Test& t, std::string_view value, bool& readable) {
  char text[kMaxName];
  FixedWriter w(text);
  normalise(value, w);
  readable = readable && w.ok();
  if (t.name == NameTest::co || t.name == NameTest::nc) return w.view().find(t.text.view()) != std::string_view::npos;
  return w.view() == t.text.view();
}

bool CertificateMaps::found(const Test& t, const Certificate& c, bool& readable) {
  if (t.field == Field::unstructured) {
    return fits(t, as_text(name_value(c.subject, NameKey::unstructured_name)), readable);
  }
  if (t.field != Field::alternative) {
    char text[kMaxName];
    FixedWriter w(text);
    const Status printed = print_name(t.field == Field::subject ? c.subject : c.issuer, NameStyle::ios, w);
    readable = printed && w.ok();
    return fits(t, w.view(), readable);
  }
  AltName name;
  for (size_t i = 0; alt_name_at(c.alt_names, i, name); ++i) {
    char text[16];
    FixedWriter w(text);
    if (name.kind == AltName::Kind::ip && name.value.size() == 4)
      w.ipv4(ByteReader(name.value).u32());
    if (fits(t, name.kind == AltName::Kind::ip ? w.view() : as_text(name.value), readable)) return true;
  }
  return false;
}

bool CertificateMaps::holds(const Test& t, const Certificate& c) {
  if (t.field == Field::begin) return dated(t.date, c.not_before, t.when);
  if (t.field == Field::end) return dated(t.date, c.not_after, t.when);
  const bool wanted = t.name == NameTest::co || t.name == NameTest::eq;
  bool readable = true;            // a name that is too long holds for nothing, `nc` too
  const bool is = found(t, c, readable);
  return readable && is == wanted;
}

bool CertificateMaps::holds(MapUse::How how, const Certificate& c) const {
  for (size_t i = 0; i < tests_.size();) {
    const uint32_t group = tests_[i].group;
    bool good = tests_[i].how == how;
    for (; i < tests_.size() && tests_[i].group == group; ++i) good = good && holds(tests_[i], c);
    if (good) return true;
  }
  return false;
}

}  // namespace parley::crypto_pki
