// BER to DER: what streaming CMS writers send is brought into the form that DerReader takes.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/der.h"

namespace parley::crypto_pki {

namespace {

constexpr unsigned kMaxDepth = 16;
constexpr uint8_t kConstructed = 0x20;

struct Reader {
  Bytes left;
  bool end_mark() const { return left.size() >= 2 && left[0] == 0 && left[1] == 0; }
};

Fault broken() { return Fault{Code::invalid, "broken BER", 0}; }

constexpr uint8_t kConstructedString = tag::kOctetString | kConstructed;

// Nothing in it needs rewriting: then it is copied as it is, because signatures cover the bytes of the sender.
bool plain(Bytes content, unsigned depth) {
  DerReader r(content);
  while (!r.empty()) {
    const DerValue v = r.any();
    if (!r.ok() || v.tag == kConstructedString || depth > kMaxDepth) return false;
    if ((v.tag & kConstructed) != 0 && !plain(v.content, depth + 1)) return false;
  }
  return true;
}

Status copy_value(Reader& in, DerWriter& out, unsigned depth, size_t max_bytes, Blob& blob);

// Content of a value up to its end: definite (in holds just it) or up to the end mark.
Status copy_content(Reader& in, bool indefinite, DerWriter& out, unsigned depth, size_t max_bytes, Blob& blob) {
  for (;;) {
    if (indefinite && in.end_mark()) {
      in.left = in.left.subspan(2);
      return {};
    }
    if (in.left.empty()) {
      if (indefinite) return broken();
      return {};
    }
    TRY(copy_value(in, out, depth + 1, max_bytes, blob));
  }
}

// The pieces of a constructed OCTET STRING, joined.
Status join_pieces(Reader& in, bool indefinite, DerWriter& out, unsigned depth, size_t max_bytes, Blob& blob) {
  if (depth > kMaxDepth) return broken();
  for (;;) {
    if (indefinite && in.end_mark()) {
      in.left = in.left.subspan(2);
      return {};
    }
    if (in.left.empty()) {
      if (indefinite) return broken();
      return {};
    }
    DerReader piece(in.left);
    if (!piece.next_is(tag::kOctetString)) {
      if (in.left[0] != kConstructedString || in.left.size() < 2) return broken();
      const bool open = in.left[1] == 0x80;
      if (open) {
        in.left = in.left.subspan(2);
        TRY(join_pieces(in, true, out, depth + 1, max_bytes, blob));
        continue;
      }
      const DerValue v = piece.any();
      if (!piece.ok()) return broken();
      Reader inside{v.content};
      TRY(join_pieces(inside, false, out, depth + 1, max_bytes, blob));
      in.left = piece.left();
      continue;
    }
    const DerValue v = piece.any();
    if (!piece.ok()) return broken();
    out.raw(v.content);
    in.left = piece.left();
    if (blob.size() > max_bytes) return Fault{Code::full, "message is too large", 0};
  }
}

Status copy_value(Reader& in, DerWriter& out, unsigned depth, size_t max_bytes, Blob& blob) {
  if (depth > kMaxDepth || in.left.size() < 2 || (in.left[0] & 0x1f) == 0x1f) return broken();
  const uint8_t tag = in.left[0];
  const bool constructed = (tag & kConstructed) != 0;
  const bool indefinite = in.left[1] == 0x80;
  if (blob.size() > max_bytes) return Fault{Code::full, "message is too large", 0};
  if (!constructed) {
    DerReader r(in.left);
    const DerValue v = r.any();
    if (!r.ok()) return broken();
    out.value(tag, v.content);
    in.left = r.left();
    return {};
  }
  Reader inside;
  Bytes after;
  if (indefinite) {
    inside.left = in.left.subspan(2);
  } else {
    DerReader r(in.left);
    const DerValue v = r.any();
    if (!r.ok()) return broken();
    if (tag != kConstructedString && plain(v.content, depth)) {
      out.raw(v.whole);
      in.left = r.left();
      return {};
    }
    inside.left = v.content;
    after = r.left();
  }
  if (tag == kConstructedString) {
    const size_t mark = out.begin(tag::kOctetString);
    TRY(join_pieces(inside, indefinite, out, depth + 1, max_bytes, blob));
    out.end(mark);
  } else {
    const size_t mark = out.begin(tag);
    TRY(copy_content(inside, indefinite, out, depth, max_bytes, blob));
    out.end(mark);
  }
  in.left = indefinite ? inside.left : after;
  return {};
}

}  // namespace

Result<Blob> der_from_ber(Bytes ber, size_t max_bytes) {
  if (ber.size() > max_bytes) return Fault{Code::full, "message is too large", static_cast<uint32_t>(ber.size())};
  Blob out;
  DerWriter w(out);
  Reader in{ber};
  TRY(copy_value(in, w, 0, max_bytes, out));
  if (!in.left.empty()) return Fault{Code::invalid, "bytes after the end of the message", 0};
  TRY(w.status());
  return out;
}

}  // namespace parley::crypto_pki
