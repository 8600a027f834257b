// CTL protocol: how one router asks another for its certificates. Pure functions over bytes (modules/credentials/README.md).
// SPDX-License-Identifier: GPL-3.0-or-later
//
//   0  43 54 4c 50     magic "CTLP"
//   4  vv cc           version, command
//   6  ll ll           length of the body
//   8  elements        u8 tag, u16 length, value; any order, unknown tags are skipped
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"

namespace parley::ctl_protocol {

constexpr uint8_t kVersion = 1;
constexpr uint16_t kPort = 2444;
constexpr size_t kHeaderSize = 8;
constexpr size_t kMaxFromClient = 256;     // bodies; longer ones are refused before memory is taken
constexpr size_t kMaxFromProvider = 8192;
constexpr size_t kNonceSize = 32, kSaltSize = 16, kProofSize = 32;
constexpr size_t kMaxUser = 32, kMaxServerName = 127, kMaxCertificate = 4096;
constexpr size_t kMaxRecords = 16;
constexpr uint32_t kMinRounds = 1'000, kMaxRounds = 200'000;

enum class Command : uint8_t { none, hello, challenge, proof, welcome, record, refused };

enum class Reason : uint8_t {
  none,
  malformed,        // not this protocol, or a message out of turn
  version,          // no version in common
  wrong_proof,      // user or secret; which of them is not told
  locked,           // too many wrong proofs; `wait_s` tells for how long
  nothing,          // this router has no certificate to hand over
  busy,             // not ready, ask again
};
const char* reason_text(Reason r);         // for the operator of the client

struct Head {
  uint8_t version = 0;
  Command command = Command::none;
  uint16_t body_size = 0;
};
// `bytes` has kHeaderSize bytes. Fault invalid: other magic, version 0, unknown command; full: the body is above max_body.
Result<Head> read_head(Bytes bytes, size_t max_body);

// One message; which members are there depends on the command. Views point into the body.
struct Message {
  Command command = Command::none;
  uint8_t oldest = 0, newest = 0;          // hello: versions the client speaks
  std::string_view user;                   // hello
  Bytes nonce;                             // hello, challenge
  Bytes salt;                              // challenge
  uint32_t rounds = 0;                     // challenge
  Bytes proof;                             // proof, welcome
  uint8_t count = 0;                       // welcome: records that follow
  uint16_t role = 0;                       // record: number of trust-files.md 2
  uint32_t address = 0;                    // record
  std::string_view name;                   // record: host name that phones know; empty: the dotted address
  Bytes certificate;                       // record: DER
  Reason reason = Reason::none;            // refused
  uint16_t wait_s = 0;                     // refused
};
// Fault invalid: an element runs past the end, has a wrong size, comes twice, or one that the command needs is missing.
Result<Message> read_body(Command command, Bytes body);
// The whole frame. Fault full: no memory; invalid: a member is longer than its limit.
Result<Blob> write_message(const Message& m, uint8_t version);

}  // namespace parley::ctl_protocol
