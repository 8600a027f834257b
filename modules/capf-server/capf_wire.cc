// Wire form of CAPF.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_wire.h"

namespace parley::capf_server {
namespace {

constexpr uint8_t kMagic = 0x55;
constexpr size_t kCertificateHead = 5;

}  // namespace

const char* command_name(Command c) {
  switch (c) {
    case Command::auth_request: return "AUTH-REQUEST";
    case Command::auth_response: return "AUTH-RESPONSE";
    case Command::key_request: return "KEYGEN-REQUEST";
    case Command::key_response: return "KEYGEN-RESPONSE";
    case Command::store_request: return "STORE-CERT-REQUEST";
    case Command::store_response: return "STORE-CERT-RESPONSE";
    case Command::fetch_request: return "FETCH-CERT-REQUEST";
    case Command::fetch_response: return "FETCH-CERT-RESPONSE";
    case Command::delete_request: return "DELETE-CERT-REQUEST";
    case Command::delete_response: return "DELETE-CERT-RESPONSE";
    case Command::end_session: return "END-SESSION";
    case Command::retry_later: return "RETRY-LATER";
    case Command::in_progress: return "REQ-IN-PROGRESS";
  }
  return "?";
}

Result<FrameHead> read_head(Bytes bytes) {
  ByteReader r(bytes);
  const uint8_t magic = r.u8();
  FrameHead h;
  h.command = static_cast<Command>(r.u8());
  h.session = r.u32();
  h.body_size = r.u16();
  if (!r.ok() || magic != kMagic) return Fault{Code::invalid, "not a CAPF message", 0};
  if (h.body_size > kMaxBody) return Fault{Code::invalid, "message is too large", 1};
  return h;
}

Result<Elements> Elements::read(Bytes body) {
  Elements e;
  ByteReader r(body);
  while (r.left() > 0) {
    const uint8_t tag = r.u8();
    const Bytes value = r.take(r.u16());
    if (!r.ok()) return Fault{Code::invalid, "an element runs past the end of the message", tag};
    if (tag == 0 || tag >= kTagEnd || e.has(static_cast<Tag>(tag))) continue;
    e.present_ |= 1u << tag;
    e.values_[tag] = value;
  }
  return e;
}

uint8_t Elements::byte(Tag tag, uint8_t missing) const {
  const Bytes v = value(tag);
  return v.size() == 1 ? v[0] : missing;
}

std::string_view Elements::text(Tag tag) const {
  std::string_view s = as_text(value(tag));
  if (!s.empty() && s.back() == '\0') s.remove_suffix(1);
  return s;
}

bool is_device_name(std::string_view name) {
  if (name.empty() || name.size() > kMaxDevice) return false;
  for (const char c : name) {
    const bool good = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    if (!good) return false;
  }
  return true;
}

Result<CertificateValue> read_certificate(Bytes value) {
  ByteReader r(value);
  const uint8_t first = r.u8();
  const uint16_t length = r.u16();
  const uint8_t zero = r.u8(), kind = r.u8();
  if (!r.ok() || first != 1 || zero != 0 || size_t{length} != r.left() + 2 || (kind != 1 && kind != 2))
    return Fault{Code::invalid, "certificate element is damaged", 0};
  return CertificateValue{static_cast<CertificateKind>(kind), r.rest()};
}

Message::Message(Command command, uint32_t session) {
  uint8_t head[kHeaderSize];
  ByteWriter w{MutBytes(head)};
  w.u8(kMagic);
  w.u8(static_cast<uint8_t>(command));
  w.u32(session);
  w.u16(0);
  status_ = out_.append(w.view());
}

void Message::head(Tag tag, size_t length) {
  uint8_t bytes[3];
  ByteWriter w{MutBytes(bytes)};
  w.u8(tag);
  w.u16(static_cast<uint16_t>(length));
  if (length > 0xFFFF) status_ = Fault{Code::full, "element is too long", 0};
  if (status_) status_ = out_.append(w.view());
}

Message& Message::bytes(Tag tag, Bytes v) {
  head(tag, v.size());
  if (status_) status_ = out_.append(v);
  return *this;
}

Message& Message::byte(Tag tag, uint8_t v) { return bytes(tag, Bytes(&v, 1)); }

Message& Message::word(Tag tag, uint16_t v) {
  const uint8_t b[2] = {static_cast<uint8_t>(v >> 8), static_cast<uint8_t>(v)};
  return bytes(tag, Bytes(b));
}

Message& Message::certificate(CertificateKind kind, Bytes der) {
  head(kCertificate, der.size() + kCertificateHead);
  uint8_t bytes[kCertificateHead];
  ByteWriter w{MutBytes(bytes)};
  w.u8(1);
  w.u16(static_cast<uint16_t>(der.size() + 2));
  w.u8(0);
  w.u8(static_cast<uint8_t>(kind));
  if (status_) status_ = out_.append(w.view());
  if (status_) status_ = out_.append(der);
  return *this;
}

Result<Blob> Message::finish() {
  if (!status_) return status_.error();
  const size_t body = out_.size() - kHeaderSize;
  if (body > kMaxBody) return Fault{Code::full, "message is too long", 0};
  out_.data()[6] = static_cast<uint8_t>(body >> 8);
  out_.data()[7] = static_cast<uint8_t>(body);
  return std::move(out_);
}

}  // namespace parley::capf_server
