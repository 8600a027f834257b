// Reading and writing the frames of the CTL protocol.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/ctl_protocol.h"

namespace parley::ctl_protocol {
namespace {

constexpr uint32_t kMagic = 0x43544C50;

enum class Tag : uint8_t { versions = 1, user, nonce, salt, rounds, proof, count, role, address, name, certificate, reason, wait };
constexpr uint16_t bit(Tag t) { return static_cast<uint16_t>(1u << static_cast<unsigned>(t)); }

template <class... T>
constexpr uint16_t bits(T... t) { return static_cast<uint16_t>((bit(t) | ...)); }

// What must be there; everything else of the message may be missing.
uint16_t needed(Command c) {
  switch (c) {
    case Command::hello: return bits(Tag::versions, Tag::user, Tag::nonce);
    case Command::challenge: return bits(Tag::nonce, Tag::salt, Tag::rounds);
    case Command::proof: return bits(Tag::proof);
    case Command::welcome: return bits(Tag::proof, Tag::count);
    case Command::record: return bits(Tag::role, Tag::address, Tag::certificate);
    case Command::refused: return bits(Tag::reason);
    case Command::none: break;
  }
  return 0;
}

struct Size { size_t least, most; };
Size size_of(Tag t) {
  switch (t) {
    case Tag::versions: case Tag::role: case Tag::wait: return {2, 2};
    case Tag::user: return {1, kMaxUser};
    case Tag::nonce: return {kNonceSize, kNonceSize};
    case Tag::salt: return {kSaltSize, kSaltSize};
    case Tag::rounds: case Tag::address: return {4, 4};
    case Tag::proof: return {kProofSize, kProofSize};
    case Tag::count: case Tag::reason: return {1, 1};
    case Tag::name: return {0, kMaxServerName};
    case Tag::certificate: return {1, kMaxCertificate};
  }
  return {0, 0};
}

bool known(uint8_t tag) { return tag >= static_cast<uint8_t>(Tag::versions) && tag <= static_cast<uint8_t>(Tag::wait); }

void take(Message& m, Tag t, Bytes value) {
  ByteReader r(value);
  switch (t) {
    case Tag::versions: m.oldest = r.u8(), m.newest = r.u8(); break;
    case Tag::user: m.user = as_text(value); break;
    case Tag::nonce: m.nonce = value; break;
    case Tag::salt: m.salt = value; break;
    case Tag::rounds: m.rounds = r.u32(); break;
    case Tag::proof: m.proof = value; break;
    case Tag::count: m.count = r.u8(); break;
    case Tag::role: m.role = r.u16(); break;
    case Tag::address: m.address = r.u32(); break;
    case Tag::name: m.name = as_text(value); break;
    case Tag::certificate: m.certificate = value; break;
    case Tag::reason: m.reason = static_cast<Reason>(r.u8()); break;
    case Tag::wait: m.wait_s = r.u16(); break;
  }
}

bool printable(std::string_view s) {
  for (const char c : s)
    if (c <= ' ' || c > '~') return false;
  return true;
}

// Numbers become bytes of their own; the longest is an address.
struct Value {
  uint8_t bytes[4] = {};
  ByteWriter w{MutBytes(bytes)};
};

}  // namespace

const char* reason_text(Reason r) {
  switch (r) {
    case Reason::malformed: return "the provider does not understand this router";
    case Reason::version: return "no version of the CTL protocol in common";
    case Reason::wrong_proof: return "wrong user name or password";
    case Reason::locked: return "locked out after wrong passwords, try again later";
    case Reason::nothing: return "the provider has no certificate to hand over";
    case Reason::busy: return "the provider is not ready";
    case Reason::none: break;
  }
  return "refused by the provider";
}

Result<Head> read_head(Bytes bytes, size_t max_body) {
  ByteReader r(bytes);
  if (r.u32() != kMagic) return Fault{Code::invalid, "not the CTL protocol", 0};
  Head h;
  h.version = r.u8();
  const uint8_t command = r.u8();
  h.body_size = r.u16();
  if (!r.ok() || h.version == 0) return Fault{Code::invalid, "frame of the CTL protocol is broken", 0};
  if (command == 0 || command > static_cast<uint8_t>(Command::refused)) return Fault{Code::invalid, "unknown message", command};
  if (h.body_size > max_body) return Fault{Code::full, "frame is longer than allowed", h.body_size};
  h.command = static_cast<Command>(command);
  return h;
}

Result<Message> read_body(Command command, Bytes body) {
  Message m;
  m.command = command;
  uint16_t seen = 0;
  ByteReader r(body);
  while (r.left() > 0) {
    const uint8_t tag = r.u8();
    const Bytes value = r.take(r.u16());
    if (!r.ok()) return Fault{Code::invalid, "an element runs past the end", tag};
    if (!known(tag)) continue;
    const Tag t = static_cast<Tag>(tag);
    const Size size = size_of(t);
    if (value.size() < size.least || value.size() > size.most) return Fault{Code::invalid, "an element has a wrong size", tag};
    if ((seen & bit(t)) != 0) return Fault{Code::invalid, "an element comes twice", tag};
    seen = static_cast<uint16_t>(seen | bit(t));
    take(m, t, value);
  }
  if ((seen & needed(command)) != needed(command)) return Fault{Code::invalid, "an element is missing", 0};
  if (!printable(m.user) || !printable(m.name)) return Fault{Code::invalid, "a name has odd characters", 0};
  return m;
}

Result<Blob> write_message(const Message& m, uint8_t version) {
  Blob out;
  uint8_t head[kHeaderSize];
  TRY(out.append(Bytes(head)));
  const auto put = [&](Tag t, Bytes value) -> Status {
    const Size size = size_of(t);
    if (value.size() < size.least || value.size() > size.most) return Fault{Code::invalid, "a member of the message is too long", 0};
    uint8_t start[3];
    ByteWriter w{MutBytes(start)};
    w.u8(static_cast<uint8_t>(t));
    w.u16(static_cast<uint16_t>(value.size()));
    TRY(out.append(w.view()));
    return out.append(value);
  };
  const auto put8 = [&](Tag t, uint8_t a) { Value v; v.w.u8(a); return put(t, v.w.view()); };
  const auto put16 = [&](Tag t, uint16_t a) { Value v; v.w.u16(a); return put(t, v.w.view()); };
  const auto put32 = [&](Tag t, uint32_t a) { Value v; v.w.u32(a); return put(t, v.w.view()); };
  switch (m.command) {
    case Command::hello:
      TRY(put16(Tag::versions, static_cast<uint16_t>(m.oldest << 8 | m.newest)));
      TRY(put(Tag::user, as_bytes(m.user)));
      TRY(put(Tag::nonce, m.nonce));
      break;
    case Command::challenge:
      TRY(put(Tag::nonce, m.nonce));
      TRY(put(Tag::salt, m.salt));
      TRY(put32(Tag::rounds, m.rounds));
      break;
    case Command::proof: TRY(put(Tag::proof, m.proof)); break;
    case Command::welcome:
      TRY(put(Tag::proof, m.proof));
      TRY(put8(Tag::count, m.count));
      break;
    case Command::record:
      TRY(put16(Tag::role, m.role));
      TRY(put32(Tag::address, m.address));
      TRY(put(Tag::name, as_bytes(m.name)));
      TRY(put(Tag::certificate, m.certificate));
      break;
    case Command::refused:
      TRY(put8(Tag::reason, static_cast<uint8_t>(m.reason)));
      if (m.wait_s != 0) TRY(put16(Tag::wait, m.wait_s));
      break;
    case Command::none: return Fault{Code::invalid, "no message", 0};
  }
  ByteWriter w{out.mut().first(kHeaderSize)};
  w.u32(kMagic);
  w.u8(version);
  w.u8(static_cast<uint8_t>(m.command));
  w.u16(static_cast<uint16_t>(out.size() - kHeaderSize));
  return out;
}

}  // namespace parley::ctl_protocol
