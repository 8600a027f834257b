// TFTP packets: RFC 1350 with options 2347, blksize 2348, timeout and tsize 2349, windowsize 7440. Pure functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string_view>

#include "platform/base/bytes.h"

namespace parley::tftp {

enum class TftpError : uint16_t {
  other = 0, not_found = 1, access = 2, disk_full = 3, illegal = 4, unknown_transfer = 5, exists = 6, no_user = 7, options = 8,
};

constexpr size_t kMaxRequest = 512;       // RFC 2347: a request with all its options
constexpr size_t kMaxFileName = 128;
constexpr uint32_t kDefaultBlock = 512;
constexpr uint32_t kMaxBlock = 8192;      // ours; a client that asks for more gets this
constexpr uint32_t kMaxWindow = 64;       // ours, in blocks
constexpr uint32_t kWindowBytes = 32768;  // ours: blocks x size of one window stay below

struct TftpRequest {
  bool write = false;
  bool netascii = false;
  std::string_view name;                  // points into the packet
  bool has_blksize = false, has_timeout = false, has_tsize = false, has_windowsize = false;
  uint32_t blksize = kDefaultBlock;       // already within our limits
  uint32_t windowsize = 1;                // the same
  uint32_t timeout_s = 1;
  bool any_option() const { return has_blksize || has_timeout || has_tsize || has_windowsize; }
};

// What goes back for a request that cannot be served.
struct TftpRefusal {
  TftpError code = TftpError::illegal;
  const char* text = "";
};

// False: `refusal` says why; `silent` then means that the packet is no request at all (never answer those).
// Unknown options and numbers out of range are passed over, as RFC 2347 wants; garbage and repeated options are refused.
bool parse_request(Bytes packet, TftpRequest& out, TftpRefusal& refusal, bool& silent);

// File names are plain: no "..", no backslash, no control characters. One leading '/' is dropped.
bool plain_name(std::string_view& name);

struct TftpAnswer {                       // what a reading client sends to the server's transfer
  enum class Kind : uint8_t { ack, error, other } kind = Kind::other;
  uint16_t number = 0;                    // block, or error code
};
TftpAnswer parse_answer(Bytes packet);

// What a server sends to its client: the answers to our requests.
struct TftpPacket {
  enum class Kind : uint8_t { data, ack, oack, error, other } kind = Kind::other;
  uint16_t number = 0;                    // block, or error code
  Bytes data;                             // of DATA; points into the packet
  std::string_view text;                  // of ERROR, as sent: not for a terminal without a check
  bool has_blksize = false, has_tsize = false;   // of OACK
  uint32_t blksize = kDefaultBlock;
  uint64_t tsize = 0;
};
// Kind other: garbage. An OACK that grants what write_request() never asks for, or more than it asks for, is garbage too.
TftpPacket parse_packet(Bytes packet);

constexpr uint32_t kClientBlock = 1428;   // ours: a DATA packet fits an Ethernet frame
struct TftpAsk {
  bool write = false;
  std::string_view name;
  bool options = true;                    // ask for blocks of kClientBlock and for the size
  bool has_size = true;                   // writing: the size is known
  uint64_t size = 0;                      // writing; 0 when reading
};
void write_request(ByteWriter& w, const TftpAsk& ask);
void write_ack(ByteWriter& w, uint16_t block);

void write_error(ByteWriter& w, TftpError code, std::string_view text);
void write_data_head(ByteWriter& w, uint16_t block);
// Exactly the options that were asked for and are granted. size: for tsize.
void write_oack(ByteWriter& w, const TftpRequest& granted, uint64_t size);

}  // namespace parley::tftp
