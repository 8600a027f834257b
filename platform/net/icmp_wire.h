// ICMP echo messages and the errors about them (RFC 792). Pure functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"
#include "platform/net/echo.h"

namespace parley {

constexpr size_t kIpHeader = 20;
constexpr size_t kSmallestEcho = 36;         // IP packet: header, ICMP header, 8 bytes
constexpr size_t kLargestEcho = 18024;

// type 8, code 0; `size` bytes of ICMP (8 or more), filled as the vendor's router does: 0xABCD.
void write_echo(ByteWriter& w, uint16_t id, uint16_t sequence, size_t size);

// An IP packet from a raw socket. True: about an echo message with this id.
bool parse_icmp(Bytes packet, uint16_t id, EchoReply& out);

uint16_t internet_checksum(Bytes data);      // RFC 1071; 0 over data that holds its right checksum

}  // namespace parley
