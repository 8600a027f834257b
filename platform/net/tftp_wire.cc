// TFTP packets.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/tftp_wire.h"

#include <algorithm>

namespace parley::tftp {
namespace {

constexpr uint16_t kRead = 1, kWrite = 2, kData = 3, kAck = 4, kError = 5, kOack = 6;

// The next string ended by NUL.
bool take_text(ByteReader& r, std::string_view& out) {
  const std::string_view rest = as_text(r.rest());
  const size_t end = rest.find('\0');
  if (end == std::string_view::npos) return false;
  out = rest.substr(0, end);
  r = ByteReader(as_bytes(rest.substr(end + 1)));
  return true;
}

// One option of a request. False: refused.
bool take_option(std::string_view name, std::string_view value, TftpRequest& out) {
  bool* seen = nullptr;
  uint64_t lo = 0, hi = 0;
  if (equal_nocase(name, "blksize")) { seen = &out.has_blksize; lo = 8; hi = 65464; }
  if (equal_nocase(name, "timeout")) { seen = &out.has_timeout; lo = 1; hi = 255; }
  if (equal_nocase(name, "tsize")) { seen = &out.has_tsize; hi = UINT64_MAX; }
  if (equal_nocase(name, "windowsize")) { seen = &out.has_windowsize; lo = 1; hi = 65535; }
  if (seen == nullptr) return true;
  uint64_t number = 0;
  if (*seen || !parse_dec(value, UINT64_MAX, number)) return false;
  if (number < lo || number > hi) return true;
  *seen = true;
  if (seen == &out.has_blksize) out.blksize = static_cast<uint32_t>(std::min<uint64_t>(number, kMaxBlock));
  if (seen == &out.has_timeout) out.timeout_s = static_cast<uint32_t>(number);
  if (seen == &out.has_windowsize) out.windowsize = static_cast<uint32_t>(std::min<uint64_t>(number, kMaxWindow));
  return true;
}

void put_option(ByteWriter& w, std::string_view name, uint64_t value) {
  char digits[24];
  FixedWriter text(digits);
  text.dec(static_cast<int64_t>(value));
  w.text(name);
  w.u8(0);
  w.text(text.view());
  w.u8(0);
}

}  // namespace

bool parse_request(Bytes packet, TftpRequest& out, TftpRefusal& refusal, bool& silent) {
  out = {};
  silent = true;
  ByteReader r(packet);
  const uint16_t operation = r.u16();
  if (!r.ok() || (operation != kRead && operation != kWrite)) return false;
  silent = false;
  refusal = {TftpError::illegal, "Illegal TFTP operation"};
  std::string_view mode;
  if (packet.size() > kMaxRequest || !take_text(r, out.name) || !take_text(r, mode)) return false;
  out.write = operation == kWrite;
  out.netascii = equal_nocase(mode, "netascii");
  if (!out.netascii && !equal_nocase(mode, "octet")) return false;
  if (out.name.size() > kMaxFileName || !plain_name(out.name)) {
    refusal = {TftpError::access, "Access violation"};
    return false;
  }
  while (r.left() > 0) {
    std::string_view name, value;
    if (!take_text(r, name) || !take_text(r, value) || !take_option(name, value, out)) {
      refusal = {TftpError::options, "Bad options"};
      return false;
    }
  }
  out.windowsize = std::clamp<uint32_t>(kWindowBytes / out.blksize, 1, out.windowsize);
  return true;
}

bool plain_name(std::string_view& name) {
  if (!name.empty() && name.front() == '/') name.remove_prefix(1);
  if (name.empty() || name.front() == '/') return false;
  for (const char c : name)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == '\\') return false;
  for (size_t at = 0; at <= name.size();) {
    const size_t end = std::min(name.find('/', at), name.size());
    const std::string_view part = name.substr(at, end - at);
    if (part == ".." || part == ".") return false;
    at = end + 1;
  }
  return true;
}

TftpAnswer parse_answer(Bytes packet) {
  ByteReader r(packet);
  const uint16_t operation = r.u16();
  TftpAnswer a;
  a.number = r.u16();
  if (!r.ok()) return {};
  if (operation == kAck && r.left() == 0) a.kind = TftpAnswer::Kind::ack;
  if (operation == kError) a.kind = TftpAnswer::Kind::error;
  return a;
}

namespace {

bool take_grants(ByteReader& r, TftpPacket& out) {
  while (r.left() > 0) {
    std::string_view name, value;
    uint64_t number = 0;
    if (!take_text(r, name) || !take_text(r, value) || !parse_dec(value, UINT64_MAX, number)) return false;
    if (equal_nocase(name, "blksize") && !out.has_blksize && number >= 8 && number <= kClientBlock) {
      out.has_blksize = true;
      out.blksize = static_cast<uint32_t>(number);
    } else if (equal_nocase(name, "tsize") && !out.has_tsize) {
      out.has_tsize = true;
      out.tsize = number;
    } else {
      return false;
    }
  }
  return true;
}

}  // namespace

TftpPacket parse_packet(Bytes packet) {
  using Kind = TftpPacket::Kind;
  ByteReader r(packet);
  TftpPacket p;
  const uint16_t operation = r.u16();
  if (r.ok() && operation == kOack) {
    if (take_grants(r, p)) p.kind = Kind::oack;
    return p;
  }
  p.number = r.u16();
  if (!r.ok()) return p;
  if (operation == kData) {
    p.kind = Kind::data;
    p.data = r.rest();
  } else if (operation == kAck && r.left() == 0) {
    p.kind = Kind::ack;
  } else if (operation == kError) {
    p.kind = Kind::error;
    if (!take_text(r, p.text)) p.text = {};
  }
  return p;
}

void write_request(ByteWriter& w, const TftpAsk& ask) {
  w.u16(ask.write ? kWrite : kRead);
  w.text(ask.name);
  w.u8(0);
  w.text("octet");
  w.u8(0);
  if (!ask.options) return;
  put_option(w, "blksize", kClientBlock);
  if (!ask.write || ask.has_size) put_option(w, "tsize", ask.write ? ask.size : 0);
}

void write_ack(ByteWriter& w, uint16_t block) {
  w.u16(kAck);
  w.u16(block);
}

void write_error(ByteWriter& w, TftpError code, std::string_view text) {
  w.u16(kError);
  w.u16(static_cast<uint16_t>(code));
  w.text(text);
  w.u8(0);
}

void write_data_head(ByteWriter& w, uint16_t block) {
  w.u16(kData);
  w.u16(block);
}

void write_oack(ByteWriter& w, const TftpRequest& granted, uint64_t size) {
  w.u16(kOack);
  if (granted.has_blksize) put_option(w, "blksize", granted.blksize);
  if (granted.has_timeout) put_option(w, "timeout", granted.timeout_s);
  if (granted.has_tsize) put_option(w, "tsize", size);
  if (granted.has_windowsize) put_option(w, "windowsize", granted.windowsize);
}

}  // namespace parley::tftp
