// ICMP echo messages and the errors about them.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/icmp_wire.h"

namespace parley {
namespace {

constexpr uint8_t kEchoReply = 0, kUnreachable = 3, kEcho = 8, kExpired = 11, kIcmp = 1;

// Reads an IPv4 header; what follows it is left in the reader. False: not IPv4 with ICMP.
bool take_ip(ByteReader& r, uint32_t& from) {
  const uint8_t first = r.u8();
  const size_t length = size_t{first & 0x0Fu} * 4;
  r.skip(8);
  const uint8_t protocol = r.u8();
  r.skip(2);
  from = r.u32();
  r.skip(4);
  if (!r.ok() || first >> 4 != 4 || length < kIpHeader || protocol != kIcmp) return false;
  r.skip(length - kIpHeader);
  return r.ok();
}

bool take_echo(ByteReader& r, uint8_t type, uint16_t id, uint16_t& sequence) {
  const uint8_t t = r.u8();
  r.skip(3);
  const uint16_t i = r.u16();
  sequence = r.u16();
  return r.ok() && t == type && i == id;
}

EchoReply::Kind unreachable_kind(uint8_t code) {
  constexpr uint8_t kFragmentation = 4;
  if (code == kFragmentation) return EchoReply::Kind::too_big;
  const bool prohibited = code == 9 || code == 10 || code == 13;   // RFC 1812 5.2.7.1
  return prohibited ? EchoReply::Kind::prohibited : EchoReply::Kind::unreachable;
}

}  // namespace

uint16_t internet_checksum(Bytes data) {
  uint32_t sum = 0;
  for (size_t i = 0; i < data.size(); i += 2) {
    sum += static_cast<uint32_t>(data[i]) << 8;
    if (i + 1 < data.size()) sum += data[i + 1];
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<uint16_t>(~sum & 0xFFFF);
}

void write_echo(ByteWriter& w, uint16_t id, uint16_t sequence, size_t size) {
  const size_t begin = w.size();
  w.u8(kEcho);
  w.u8(0);
  w.u16(0);
  w.u16(id);
  w.u16(sequence);
  for (size_t i = 8; i < size; ++i) w.u8(i % 2 == 0 ? 0xAB : 0xCD);
  if (w.ok()) w.patch_u16(begin + 2, internet_checksum(w.view().subspan(begin)));
}

bool parse_icmp(Bytes packet, uint16_t id, EchoReply& out) {
  ByteReader r(packet);
  if (!take_ip(r, out.from)) return false;
  const Bytes message = r.rest();
  if (message.size() < 8 || internet_checksum(message) != 0) return false;
  ByteReader m(message);
  const uint8_t type = message[0];
  if (type == kEchoReply) {
    out.kind = EchoReply::Kind::answer;
    return take_echo(m, kEchoReply, id, out.sequence);
  }
  if (type != kExpired && type != kUnreachable) return false;
  out.kind = type == kExpired ? EchoReply::Kind::expired : unreachable_kind(message[1]);
  m.skip(8);                                  // the message it is about follows (RFC 792)
  uint32_t ours = 0;
  return take_ip(m, ours) && take_echo(m, kEcho, id, out.sequence);
}

}  // namespace parley
