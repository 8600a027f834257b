// Messages of a head with a length and a body.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/frame.h"

namespace parley::test_phone {

void FrameReader::reset() {
  bytes_.clear();
  have_ = 0;
  whole_ = false;
}

Status FrameReader::poll(SecureLink& link) {
  if (whole_) reset();
  if (bytes_.empty()) TRY(bytes_.resize(head_size_));
  for (;;) {
    while (have_ < bytes_.size()) {
      const auto got = link.read(bytes_.mut().subspan(have_));
      if (!got) return got.error();
      have_ += *got;
    }
    if (have_ == head_size_) {
      TRY_ASSIGN(const size_t body, body_size_(head()));
      if (body > 0) {
        TRY(bytes_.resize(head_size_ + body));
        continue;
      }
    }
    whole_ = true;
    return {};
  }
}

ElementWriter& ElementWriter::element(uint8_t tag, Bytes value) {
  const uint8_t head[] = {tag, static_cast<uint8_t>(value.size() >> 8), static_cast<uint8_t>(value.size())};
  good_ = good_ && value.size() <= 0xFFFF && out_.append(Bytes(head)) && out_.append(value);
  return *this;
}

ElementWriter& ElementWriter::text(uint8_t tag, std::string_view value) {
  const auto size = static_cast<uint16_t>(value.size() + 1);
  const uint8_t head[] = {tag, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
  good_ = good_ && out_.append(Bytes(head)) && out_.append(value) && out_.append(std::string_view("\0", 1));
  return *this;
}

Result<Blob> ElementWriter::take() {
  if (!good_) return Fault{Code::full, "no memory for a message", 0};
  return std::move(out_);
}

bool find_element(Bytes body, uint8_t tag, Bytes& value) {
  ByteReader r(body);
  while (r.left() > 0) {
    const uint8_t t = r.u8();
    const Bytes v = r.take(r.u16());
    if (!r.ok()) return false;
    if (t != tag) continue;
    value = v;
    return true;
  }
  return false;
}

}  // namespace parley::test_phone
