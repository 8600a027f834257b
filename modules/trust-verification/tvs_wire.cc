// Wire form of the trust verification service.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/trust-verification/tvs_wire.h"

namespace parley::trust_verification {
namespace {

constexpr uint8_t kMagic = 0x57, kVersion = 1;
enum Tag : uint8_t { kDevice = 1, kCertificate = 2, kStatus = 7, kRoles = 8, kTtl = 9 };

bool upper_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); }
bool model_letter(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '+' || c == '-';
}

}  // namespace

Result<FrameHead> read_head(Bytes bytes) {
  ByteReader r(bytes);
  const uint8_t magic = r.u8(), version = r.u8(), command = r.u8();
  r.skip(1);
  FrameHead h;
  h.command = static_cast<Command>(command);
  h.session = r.u32();
  h.body_size = r.u16();
  if (!r.ok() || magic != kMagic) return Fault{Code::invalid, "not a message of the trust verification service", magic};
  if (version != kVersion) return Fault{Code::invalid, "version is not 1", version};
  if (h.body_size > kMaxBody) return Fault{Code::invalid, "message is too large", h.body_size};
  return h;
}

Result<VerifyRequest> read_verify(Bytes body) {
  ByteReader r(body);
  VerifyRequest out;
  bool device = false, certificate = false;
  while (r.left() > 0) {
    const uint8_t tag = r.u8();
    const Bytes value = r.take(r.u16());
    if (!r.ok()) return Fault{Code::invalid, "an element runs past the end", tag};
    if (tag == kDevice && !device) {
      device = true;
      out.device = value.empty() ? std::string_view() : as_text(value.subspan(1));
    }
    if (tag == kCertificate && !certificate) {
      certificate = true;
      out.certificate = value;
    }
  }
  return out;
}

bool known_device_form(std::string_view s) {
  constexpr size_t kTail = 16;   // -SEP001122334455
  if (s.size() < 3 + 1 + kTail || s.size() > 3 + 32 + kTail || s.substr(0, 3) != "CP-") return false;
  const std::string_view model = s.substr(3, s.size() - 3 - kTail), tail = s.substr(s.size() - kTail);
  for (char c : model)
    if (!model_letter(c)) return false;
  if (tail[0] != '-') return false;
  for (char c : tail.substr(1, 3))
    if (c < 'A' || c > 'Z') return false;
  for (char c : tail.substr(4))
    if (!upper_hex(c)) return false;
  return true;
}

Bytes write_response(uint32_t session, const Verdict& v, MutBytes to) {
  ByteWriter w(to);
  w.u8(kMagic);
  w.u8(kVersion);
  w.u8(static_cast<uint8_t>(Command::verify_response));
  w.u8(0);
  w.u32(session);
  w.u16(0);
  w.u8(kStatus);
  w.u16(1);
  w.u8(v.valid ? 0 : 1);
  if (v.valid) {
    w.u8(kRoles);
    w.u16(v.role_count);
    w.bytes(Bytes(v.roles, v.role_count));
    w.u8(kTtl);
    w.u16(4);
    w.u32(v.ttl_s);
  }
  w.patch_u16(8, static_cast<uint16_t>(w.size() - kHeaderSize));
  PARLEY_CHECK(w.ok());
  return w.view();
}

}  // namespace parley::trust_verification
