// One rtnetlink exchange: build a request, send it, read the answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "platform/base/bytes.h"
#include "platform/posix/fd.h"

namespace parley::posix {

// A request under construction. Host byte order: it never leaves the machine.
class NetlinkRequest {
 public:
  NetlinkRequest(uint16_t type, uint16_t flags);
  template <class Body>
  void body(const Body& b) { append(&b, sizeof b); }
  void attribute(uint16_t type, Bytes value);
  void attribute(uint16_t type, std::string_view text);      // with its NUL
  void attribute_u8(uint16_t type, uint8_t v) { attribute(type, Bytes(&v, 1)); }
  void attribute_u16(uint16_t type, uint16_t v) { attribute_raw(type, &v, sizeof v); }
  void attribute_u32(uint16_t type, uint32_t v) { attribute_raw(type, &v, sizeof v); }
  void attribute_ip(uint16_t type, uint32_t host_order);
  size_t begin(uint16_t type);                               // nested attribute; give the result to end()
  void end(size_t begun);
  Bytes finish(uint32_t sequence);

 private:
  void attribute_raw(uint16_t type, const void* value, size_t size);
  void append(const void* data, size_t size);                // padded to 4 bytes
  alignas(nlmsghdr) uint8_t data_[1024] = {};
  size_t size_ = 0;
};

// Finds one attribute in the tail of a message; empty: not there.
Bytes find_attribute(Bytes tail, uint16_t type);
uint32_t attribute_u32(Bytes value);                         // 0 when the size is wrong

class Netlink {
 public:
  static Result<Netlink> open();
  // Waits for the kernel's acknowledgement. The fault carries the kernel's errno.
  Status execute(NetlinkRequest& request);
  // One answer (body and attributes) per object; `each` gets the type and the payload of the message.
  using Each = void (*)(void* context, uint16_t type, Bytes payload);
  Status query(NetlinkRequest& request, Each each, void* context);

 private:
  Fd fd_;
  uint32_t sequence_ = 0;
};

}  // namespace parley::posix
