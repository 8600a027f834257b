// Signed attributes: RFC 5652 11, RFC 8894 3.2.1.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/cms_attributes.h"

#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

// Last arc of 2.16.840.1.113733.1.9.x
constexpr uint8_t kMessageType = 2, kPkiStatus = 3, kFailInfo = 4, kSenderNonce = 5, kRecipientNonce = 6, kTransId = 7;

bool small_number(const DerValue& v, uint8_t& out) {
  uint64_t n = 0;
  if ((v.tag != tag::kPrintable && v.tag != tag::kUtf8) || !parse_dec(as_text(v.content), 99, n)) return false;
  out = static_cast<uint8_t>(n);
  return true;
}

bool read_message_type(const DerValue& v, ScepMessage& out) {
  uint8_t n = 0;
  if (!small_number(v, n)) return false;
  switch (n) {
    case 3: case 17: case 19: case 20: case 21: case 22: out = static_cast<ScepMessage>(n); return true;
    default: return false;
  }
}

bool read_scep(uint8_t arc, const DerValue& v, ScepAttributes& out) {
  uint8_t n = 0;
  switch (arc) {
    case kMessageType: return read_message_type(v, out.type);
    case kPkiStatus:
      if (!small_number(v, n) || (n != 0 && n != 2 && n != 3)) return false;
      out.status = static_cast<ScepStatus>(n);
      return true;
    case kFailInfo:
      if (!small_number(v, n) || n > 4) return false;
      out.fail = static_cast<ScepFail>(n);
      return true;
    case kSenderNonce: return v.tag == tag::kOctetString && out.sender.set(v.content);
    case kRecipientNonce: return v.tag == tag::kOctetString && out.recipient.set(v.content);
    case kTransId:
      return (v.tag == tag::kPrintable || v.tag == tag::kUtf8) && !v.content.empty() &&
             out.transaction_id.set(as_text(v.content));
    default: return true;   // extensionReq of old drafts and the like
  }
}

class SetBuilder {
 public:
  template <class F>
  void add(Bytes o, F value) {
    PARLEY_CHECK(count_ < kMax);
    DerWriter w(parts_[count_]);
    const size_t s = w.begin(tag::kSequence);
    w.oid(o);
    const size_t values = w.begin(tag::kSet);
    value(w);
    w.end(values);
    w.end(s);
    ok_ = ok_ && w.ok();
    views_[count_] = parts_[count_].view();
    ++count_;
  }
  template <class F>
  void add_scep(uint8_t arc, F value) {
    uint8_t o[sizeof oid::kScep + 1];
    ByteWriter b(o);
    b.bytes(oid::kScep);
    b.u8(arc);
    add(o, value);
  }
  void add_scep_number(uint8_t arc, uint8_t n) {
    char text[4];
    FixedWriter w(text);
    w.dec(n);
    add_scep(arc, [&](DerWriter& d) { d.text(tag::kPrintable, w.view()); });
  }
  Status write(DerWriter& w) {
    if (!ok_) w.fail();
    write_set_of(w, tag::kSet, views_, count_);
    return w.status();
  }

 private:
  static constexpr size_t kMax = 12;
  Blob parts_[kMax];
  Bytes views_[kMax];
  size_t count_ = 0;
  bool ok_ = true;
};

}  // namespace

bool Nonce::set(Bytes b) {
  if (b.size() > sizeof data) return false;
  for (size_t i = 0; i < b.size(); ++i) data[i] = b[i];
  size = static_cast<uint8_t>(b.size());
  return true;
}

bool read_signed_attributes(Bytes content, SignedAttributes& out) {
  DerReader r(content);
  while (!r.empty()) {
    DerReader attribute = r.enter(tag::kSequence);
    const Bytes o = attribute.oid();
    DerReader values = attribute.enter(tag::kSet);
    if (!attribute.done()) return false;
    const DerValue v = values.any();
    constexpr size_t kPrefix = sizeof oid::kScep;
    if (equal_bytes(o, oid::kMessageDigest)) {
      if (v.tag != tag::kOctetString || !values.done() || out.digest.data() != nullptr) return false;
      out.digest = v.content;
    } else if (equal_bytes(o, oid::kContentType)) {
      if (v.tag != tag::kOid || !values.done()) return false;
      out.content_type = v.content;
    } else if (o.size() == kPrefix + 1 && equal_bytes(o.first(kPrefix), oid::kScep)) {
      if (!values.done() || !read_scep(o[kPrefix], v, out.scep)) return false;
    }
  }
  return r.ok();
}

Status write_signed_attributes(DerWriter& w, const ScepAttributes& s, UnixTime signing_time, Bytes digest) {
  SetBuilder set;
  set.add(oid::kContentType, [](DerWriter& d) { d.oid(oid::kData); });
  set.add(oid::kMessageDigest, [&](DerWriter& d) { d.octets(digest); });
  if (signing_time != 0) set.add(oid::kSigningTime, [&](DerWriter& d) { d.time(signing_time); });
  if (s.type != ScepMessage::none) set.add_scep_number(kMessageType, static_cast<uint8_t>(s.type));
  if (s.status != ScepStatus::none) set.add_scep_number(kPkiStatus, static_cast<uint8_t>(s.status));
  if (s.fail != ScepFail::none) set.add_scep_number(kFailInfo, static_cast<uint8_t>(s.fail));
  if (s.sender.size != 0) set.add_scep(kSenderNonce, [&](DerWriter& d) { d.octets(s.sender.view()); });
  if (s.recipient.size != 0) set.add_scep(kRecipientNonce, [&](DerWriter& d) { d.octets(s.recipient.view()); });
  if (!s.transaction_id.empty())
    set.add_scep(kTransId, [&](DerWriter& d) { d.text(tag::kPrintable, s.transaction_id); });
  return set.write(w);
}

}  // namespace parley::crypto_pki
