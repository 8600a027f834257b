// Wire form of SCCP.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/sccp_wire.h"

#include <algorithm>

namespace parley::telephony_service {
namespace {

constexpr size_t kRegisterNeeds = 32;   // up to the device type (sccp.md 5)

// A field of fixed size: up to its first NUL, printable ASCII. False: something else stands there.
template <size_t N>
bool read_text(Bytes field, Text<N>& out) {
  const auto end = std::find(field.begin(), field.end(), uint8_t{0});
  const std::string_view text = as_text(Bytes(field.begin(), end));
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
  return plain && out.set(text);
}

void head(ByteWriter& w, SccpId id, size_t payload) {
  w.u32le(static_cast<uint32_t>(4 + payload));
  w.u32le(0);
  w.u32le(static_cast<uint32_t>(id));
}

}  // namespace

Result<uint16_t> read_sccp_head(Bytes bytes) {
  const uint32_t length = ByteReader(bytes).u32le();
  if (bytes.size() < kSccpHead || length < kMinSccpBody || length > kMaxSccpBody)
    return Fault{Code::invalid, "not SCCP: impossible length of a message", length};
  return static_cast<uint16_t>(length);
}

SccpMessage read_sccp_body(Bytes body) {
  ByteReader r(body);
  SccpMessage m;
  m.id = static_cast<SccpId>(r.u32le());
  m.payload = r.rest();
  return m;
}

Result<RegisterRequest> read_register(Bytes payload) {
  if (payload.size() < kRegisterNeeds) return Fault{Code::invalid, "a register message is too short", static_cast<uint32_t>(payload.size())};
  ByteReader r(payload);
  RegisterRequest out;
  if (!read_text(r.take(16), out.device) || out.device.empty())
    return Fault{Code::invalid, "a register message names no device", 0};
  r.skip(8);                     // user id, instance
  out.ip = r.u32();              // network order
  out.device_type = r.u32le();
  r.skip(8);                     // streams
  out.version = r.u8();
  constexpr size_t kLoadAt = 92;
  if (payload.size() > kLoadAt) {
    const Bytes rest = payload.subspan(kLoadAt);
    if (!read_text(rest.first(std::min<size_t>(rest.size(), 32)), out.load)) out.load.clear();
  }
  return out;
}

Bytes write_register_reject(const RejectText& text, MutBytes to) {
  ByteWriter w(to);
  head(w, SccpId::register_reject, 32);
  w.text(text.view());
  w.fill(32 - text.size(), 0);
  return w.ok() ? w.view() : Bytes();
}

Bytes write_sccp_word(SccpId id, uint32_t value, MutBytes to) {
  ByteWriter w(to);
  head(w, id, 4);
  w.u32le(value);
  return w.ok() ? w.view() : Bytes();
}

Bytes write_keep_alive_ack(MutBytes to) {
  ByteWriter w(to);
  head(w, SccpId::keep_alive_ack, 0);
  return w.ok() ? w.view() : Bytes();
}

}  // namespace parley::telephony_service
