// Messages of a head with a length and a body, as CAPF, TVS and SCCP have them.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/test-phone/secure_link.h"

namespace parley::test_phone {

class FrameReader {
 public:
  // Size of the body by its head. Fault: not such a message.
  using BodySize = Result<size_t> (*)(Bytes head);
  FrameReader(size_t head_size, BodySize body_size) : head_size_(head_size), body_size_(body_size) {}
  // Fault busy: not whole yet. After ok, head() and body() are valid until the next call.
  Status poll(SecureLink& link);
  Bytes head() const { return bytes_.view().first(head_size_); }
  Bytes body() const { return bytes_.view().subspan(head_size_); }
  void reset();

 private:
  const size_t head_size_;
  const BodySize body_size_;
  Blob bytes_;
  size_t have_ = 0;
  bool whole_ = false;
};

// u8 tag, u16 length, value, as CAPF and TVS write them. Missing memory shows at the end.
class ElementWriter {
 public:
  ElementWriter& element(uint8_t tag, Bytes value);
  ElementWriter& byte(uint8_t tag, uint8_t value) { return element(tag, Bytes(&value, 1)); }
  ElementWriter& text(uint8_t tag, std::string_view value);   // with its NUL
  Result<Blob> take();
  size_t size() const { return out_.size(); }

 private:
  Blob out_;
  bool good_ = true;
};

// First element of this tag; false: not there, or the body is damaged.
bool find_element(Bytes body, uint8_t tag, Bytes& value);

}  // namespace parley::test_phone
