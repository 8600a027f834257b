// Wire form of the trust verification service. Pure functions over bytes (spec: tvs.md 2).
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   0  57 01 cc 00     magic, version 1, command, reserved (ignored)
//   4  ss ss ss ss     session id, chosen by the phone, echoed
//   8  ll ll           length of the body
//   10 elements        u8 tag, u16 length, value
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "platform/base/bytes.h"

namespace parley::trust_verification {

constexpr size_t kHeaderSize = 10;
constexpr size_t kMaxBody = 16384;

enum class Command : uint8_t { none, verify_request, verify_response, query_request, query_response };

struct FrameHead {
  Command command = Command::none;   // unknown numbers are kept
  uint32_t session = 0;
  uint16_t body_size = 0;
};
// Fault invalid: another protocol, another version, or a body above kMaxBody. `bytes` has kHeaderSize bytes.
Result<FrameHead> read_head(Bytes bytes);

struct VerifyRequest {
  std::string_view device;   // as sent, without its leading byte; untrusted text
  Bytes certificate;         // DER; empty: none was sent
};
// Views into `body`. Fault invalid: an element runs past the end.
Result<VerifyRequest> read_verify(Bytes body);
// `CP-<model>-SEP<mac>` as phones write it?
bool known_device_form(std::string_view device);

constexpr size_t kMaxRoles = 8;
struct Verdict {
  bool valid = false;
  uint8_t roles[kMaxRoles] = {};   // numbers of trust-files.md 2
  uint8_t role_count = 0;
  uint32_t ttl_s = 0;              // not 0 when valid
};
constexpr size_t kMaxResponse = kHeaderSize + 4 + 3 + kMaxRoles + 7;
// Writes the whole message; the caller sends it with one write (phones stall otherwise).
Bytes write_response(uint32_t session, const Verdict& verdict, MutBytes to);

}  // namespace parley::trust_verification
