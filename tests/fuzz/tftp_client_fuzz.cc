// Fuzz: what a TFTP server sends to our client, and ICMP messages.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/net/icmp_wire.h"
#include "platform/net/tftp_wire.h"

using namespace parley;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const tftp::TftpPacket p = tftp::parse_packet(Bytes(data, size));
  if (p.blksize < 8 || p.blksize > tftp::kClientBlock || p.data.size() > size || p.text.size() > size)
    PARLEY_PANIC("a packet outside of the limits was accepted");
  EchoReply reply;
  if (size > 2) (void)parse_icmp(Bytes(data + 2, size - 2), static_cast<uint16_t>(data[0] << 8 | data[1]), reply);
  return 0;
}
