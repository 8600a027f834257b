// Wire form of CAPF. Pure functions over bytes (spec: capf.md 2).
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   0  55 cc           magic, command
//   2  ss ss ss ss     session id, chosen by the server
//   6  ll ll           length of the body
//   8  elements        u8 tag, u16 length, value; any order
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"

namespace parley::capf_server {

constexpr size_t kHeaderSize = 8;
constexpr size_t kMaxBody = 16384;
constexpr size_t kMaxDevice = 64;

enum class Command : uint8_t {
  auth_request = 1, auth_response, key_request, key_response,
  store_request = 9, store_response, fetch_request, fetch_response, delete_request, delete_response, end_session,
  retry_later, in_progress,
};
const char* command_name(Command c);   // "AUTH-RESPONSE"; "?" for others

enum class Reason : uint8_t { nothing = 0, done = 1, refused = 7, unknown_device = 9 };

enum Tag : uint8_t {
  kReason = 1, kReasonInfo, kCertificateType, kCertificate, kCertificateId, kSignedData, kVersion, kAuthType, kPublicKey,
  kKeySize, kPassword, kRetryDelay, kDeviceName, kSudi = 16, kKeyType, kCurve, kDigestType, kSha2SignedData, kTagEnd
};

enum class CertificateKind : uint8_t { lsc = 1, mic = 2 };
enum class WireKey : uint8_t { rsa = 0, ec = 1 };

struct FrameHead {
  Command command{};                   // unknown numbers are kept
  uint32_t session = 0;
  uint16_t body_size = 0;
};
// Fault invalid: wrong magic (detail 0: close silently) or a body above kMaxBody (detail 1: end the session). kHeaderSize bytes.
Result<FrameHead> read_head(Bytes bytes);

// Views into the body. Of two equal tags the first counts; unknown tags are skipped.
class Elements {
 public:
  // Fault invalid: an element runs past the end.
  static Result<Elements> read(Bytes body);
  bool has(Tag tag) const { return (present_ >> tag & 1) != 0; }
  Bytes value(Tag tag) const { return values_[tag]; }
  // Value of a one-byte element; `missing` when it is not there or has another size.
  uint8_t byte(Tag tag, uint8_t missing = 0) const;
  // Text with or without its NUL at the end; empty: not there.
  std::string_view text(Tag tag) const;

 private:
  uint32_t present_ = 0;
  Bytes values_[kTagEnd];
};

// `^[A-Za-z0-9_-]{1,64}$`: only such a name is looked up.
bool is_device_name(std::string_view name);

// Element 4: 01, u16 length, 00, kind, DER. Fault invalid.
struct CertificateValue {
  CertificateKind kind = CertificateKind::lsc;
  Bytes der;
};
Result<CertificateValue> read_certificate(Bytes value);

// One message; phones stall when header and body come in two records, so it is sent with one write.
class Message {
 public:
  Message(Command command, uint32_t session);
  Message& byte(Tag tag, uint8_t v);
  Message& word(Tag tag, uint16_t v);
  Message& bytes(Tag tag, Bytes v);
  Message& certificate(CertificateKind kind, Bytes der);
  // Fault full: no memory, or longer than a message can be.
  Result<Blob> finish();

 private:
  void head(Tag tag, size_t length);
  Blob out_;
  Status status_;
};

}  // namespace parley::capf_server
