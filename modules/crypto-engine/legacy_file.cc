// The stored form of the legacy records.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-engine/legacy_list.h"

namespace parley::crypto_engine {

namespace {

constexpr size_t kFields = 9;

// A device name comes from a peer's certificate: nothing in it may look like our punctuation.
void put_field(std::string_view s, Writer& out) {
  for (const char c : s) out.put(c < ' ' || c > '~' || c == '|' ? '.' : c);
  out.put('|');
}

bool split(std::string_view line, std::string_view (&field)[kFields]) {
  for (size_t i = 0; i < kFields; ++i) {
    const size_t end = line.find('|');
    if (end == std::string_view::npos) return false;
    field[i] = line.substr(0, end);
    line.remove_prefix(end + 1);
  }
  return line.empty();
}

bool parse(std::string_view line, LegacyRecord& r) {
  std::string_view f[kFields];
  uint64_t port = 0, bits = 0, first = 0, last = 0, count = 0;
  if (!split(line, f) || f[0].empty()) return false;
  if (!r.use.device.set(f[0]) || !r.use.version.set(f[2]) || !r.use.suite.set(f[3]) || !r.use.hash.set(f[5])) return false;
  if (!parse_dec(f[1], UINT16_MAX, port) || !parse_dec(f[4], UINT16_MAX, bits) || !parse_dec(f[6], INT32_MAX * uint64_t{64}, first) ||
      !parse_dec(f[7], INT32_MAX * uint64_t{64}, last) || !parse_dec(f[8], UINT32_MAX, count))
    return false;
  r.use.port = static_cast<uint16_t>(port);
  r.use.key_bits = static_cast<uint16_t>(bits);
  r.first = static_cast<UnixTime>(first);
  r.last = static_cast<UnixTime>(last);
  r.count = static_cast<uint32_t>(count);
  return true;
}

}  // namespace

Blob write_legacy(const LegacyList& list) {
  Blob out;
  for (size_t i = 0; i < list.size(); ++i) {
    const LegacyRecord& r = list[i];
    put_field(r.use.device, out);
    out.dec(r.use.port).put('|');
    put_field(r.use.version, out);
    put_field(r.use.suite, out);
    out.dec(r.use.key_bits).put('|');
    put_field(r.use.hash, out);
    out.dec(r.first).put('|').dec(r.last).put('|').dec(r.count).put("|\n");
  }
  return out;
}

void read_legacy(std::string_view text, LegacyList& list) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    LegacyRecord r;
    if (parse(text.substr(0, end), r)) (void)list.add(r);
    if (end == std::string_view::npos) return;
    text.remove_prefix(end + 1);
  }
}

}  // namespace parley::crypto_engine
