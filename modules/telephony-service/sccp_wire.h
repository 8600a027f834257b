// Wire form of SCCP: frames, and the messages that are answered while no call control is in the image. Pure (spec: sccp.md 1, 5, 6).
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   0  length of what follows offset 8, little-endian as all numbers
//   4  header version; never judged
//   8  message id
//  12  payload; fields behind its end are 0
#pragma once

#include <cstdint>

#include "platform/base/bytes.h"

namespace parley::telephony_service {

constexpr size_t kSccpHead = 8;
constexpr size_t kMinSccpBody = 4, kMaxSccpBody = 8192;

enum class SccpId : uint32_t {
  keep_alive = 0x0000, register_request = 0x0001, alarm = 0x0020, unregister = 0x0027, token_request = 0x0029,
  register_reject = 0x009D, reset = 0x009F, keep_alive_ack = 0x0100, unregister_ack = 0x0118, token_reject = 0x011B,
};

// Bytes that follow the head. Fault invalid: the length is none that a phone sends.
Result<uint16_t> read_sccp_head(Bytes head);

struct SccpMessage {
  SccpId id{};                   // unknown numbers are kept
  Bytes payload;
};
SccpMessage read_sccp_body(Bytes body);   // of the length that read_sccp_head() gave

struct RegisterRequest {
  Text<16> device;               // "SEP001122334455"
  uint32_t ip = 0;               // as the phone tells it
  uint32_t device_type = 0;
  uint8_t version = 0;           // highest protocol version it knows; 0: not told
  Text<32> load;
};
// Fault invalid: a required field is missing, or the name is no text.
Result<RegisterRequest> read_register(Bytes payload);

// Whole messages. Text is cut at 31 bytes, so that it ends with a NUL.
constexpr size_t kMaxSccpAnswer = 12 + 32, kSccpWord = 12 + 4;
using RejectText = Text<31>;
Bytes write_register_reject(const RejectText& text, MutBytes to);
Bytes write_sccp_word(SccpId id, uint32_t value, MutBytes to);   // unregister_ack, token_reject, reset
Bytes write_keep_alive_ack(MutBytes to);

}  // namespace parley::telephony_service
