// Reads headers and records of signed phone files in any field order; refuses everything that is ambiguous.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/trust_file_wire.h"

namespace parley::ctl_client {
namespace {

constexpr Fault bad(const char* what, size_t at = 0) { return Fault{Code::invalid, what, static_cast<uint32_t>(at)}; }

struct Tlv {
  uint8_t tag = 0;
  Bytes value;
};

Result<Tlv> take_tlv(ByteReader& r) {
  Tlv t;
  t.tag = r.u8();
  const uint16_t length = r.u16();
  t.value = r.take(length);
  if (!r.ok()) return bad("a field runs past the end of what holds it", r.offset());
  return t;
}

// Text of a field: one NUL, at its end.
Result<std::string_view> text_of(Bytes value) {
  const std::string_view s = as_text(value);
  if (s.empty() || s.size() > kMaxName + 1 || s.find('\0') != s.size() - 1) return bad("a name is not ended by one NUL");
  return s.substr(0, s.size() - 1);
}
Result<uint8_t> u8_of(Bytes value) {
  if (value.size() != 1) return bad("a number has the wrong size");
  return value[0];
}
Result<uint16_t> u16_of(Bytes value) {
  if (value.size() != 2) return bad("a number has the wrong size");
  return ByteReader(value).u16();
}

// The header, container by container. `seen` catches a field that stands twice.
class HeaderReader {
 public:
  explicit HeaderReader(TrustFile& out) : out_(out) {}

  Status read() {
    ByteReader r(out_.file);
    TRY(read_start(r));
    ByteReader head(out_.file.first(out_.header_length));
    head.skip(10);
    while (head.left() > 0) {
      if (out_.file[head.offset()] == 13) return padding(head.rest());
      TRY_ASSIGN(const Tlv t, take_tlv(head));
      TRY(top(t));
    }
    return finish();
  }

 private:
  Status read_start(ByteReader& r) {
    if (r.u8() != 1 || r.u16() != 2) return bad("the file does not begin with its version");
    out_.header.version = {r.u8(), r.u8()};
    if (r.u8() != 2 || r.u16() != 2) return bad("the header length is not at its place");
    out_.header_length = r.u16();
    if (!r.ok()) return bad("the file is too short");
    const Version v = out_.header.version;
    if (v != kTrustList && v != kSignedFile && v != kEncryptedFile) return bad("unknown version");
    if (out_.header_length < 10 || out_.header_length > out_.file.size()) return bad("wrong header length");
    return {};
  }

  Status once(uint8_t tag) {
    if (seen_ >> tag & 1) return bad("a header field stands twice", tag);
    seen_ |= uint64_t{1} << tag;
    return {};
  }

  Status top(const Tlv& t) {
    if (t.tag > 28) return bad("unknown header field", t.tag);
    TRY(once(t.tag));
    const bool encrypted = out_.header.version == kEncryptedFile;
    Header& h = out_.header;
    switch (t.tag) {
      case 28:
        if (h.version != kTrustList || t.value.size() != 2) return bad("signer version at a wrong place");
        h.has_signer_version = true;
        h.signer_version = {t.value[0], t.value[1]};
        return {};
      case 3: return descend(t.value, &HeaderReader::signer);
      case 7: return descend(t.value, &HeaderReader::algorithm);
      case 12:
        out_.signature = t.value;
        out_.signature_at = static_cast<size_t>(t.value.data() - out_.file.data()) - 3;
        return {};
      case 14: return set(h.file_name, text_of(t.value));
      case 15:
        if (t.value.size() != 4) return bad("a number has the wrong size");
        h.timestamp = ByteReader(t.value).u32();
        return {};
      case 16: return encrypted ? descend(t.value, &HeaderReader::encryption) : bad("unknown header field", 16);
      case 26: return encrypted ? set_hash(out_.encryption.hash, t.value) : bad("unknown header field", 26);
      case 27:
        out_.encryption.digest = t.value;
        return encrypted ? Status{} : bad("unknown header field", 27);
      default: return bad("unknown header field", t.tag);
    }
  }

  Status signer(const Tlv& t) {
    switch (t.tag) {
      case 4: return set(out_.header.subject, text_of(t.value));
      case 5: out_.header.serial = t.value; return {};
      case 6: return set(out_.header.issuer, text_of(t.value));
      default: return bad("unknown header field", t.tag);
    }
  }

  Status algorithm(const Tlv& t) {
    switch (t.tag) {
      case 8: return set_hash(out_.header.hash, t.value);
      case 9: return descend(t.value, &HeaderReader::algorithm);
      case 10: {
        TRY_ASSIGN(const uint8_t algorithm, u8_of(t.value));
        return algorithm == 0 ? Status{} : Fault{Code::unsupported, "unknown signature algorithm", algorithm};
      }
      case 11: {
        TRY_ASSIGN(const uint8_t code, u8_of(t.value));
        if (code > 3) return Fault{Code::unsupported, "unknown modulus code", code};
        out_.header.key_bits = static_cast<uint16_t>(code == 3 ? 4096 : 512u << code);
        return {};
      }
      default: return bad("unknown header field", t.tag);
    }
  }

  Status encryption(const Tlv& t) {
    Encryption& e = out_.encryption;
    switch (t.tag) {
      case 17:
      case 21: return descend(t.value, &HeaderReader::encryption);
      case 18:
      case 22:
      case 24: return t.value.size() == 1 ? Status{} : bad("a number has the wrong size");
      case 19: e.iv = t.value; return t.value.size() == 16 ? Status{} : bad("wrong size of the initial vector");
      case 20: return set(e.pad_count, u16_of(t.value));
      case 23: return set(e.wrapped_bits, u16_of(t.value));
      case 25: e.wrapped_key = t.value; return {};
      default: return bad("unknown header field", t.tag);
    }
  }

  Status descend(Bytes value, Status (HeaderReader::*field)(const Tlv&)) {
    ByteReader r(value);
    while (r.left() > 0) {
      TRY_ASSIGN(const Tlv t, take_tlv(r));
      if (t.tag > 28) return bad("unknown header field", t.tag);
      TRY(once(t.tag));
      TRY((this->*field)(t));
    }
    return {};
  }

  template <class T>
  Status set(T& to, Result<T> value) {
    if (!value) return value.error();
    to = *value;
    return {};
  }

  Status set_hash(Hash& to, Bytes value) {
    TRY_ASSIGN(const uint8_t number, u8_of(value));
    if (number != 1 && number != 3) return Fault{Code::unsupported, "unknown digest algorithm", number};
    to = number == 1 ? Hash::sha1 : Hash::sha512;
    return {};
  }

  Status padding(Bytes run) {
    if (run.size() > 3) return bad("too much padding");
    for (const uint8_t b : run) if (b != 13) return bad("padding inside the header");
    return finish();
  }

  Status finish() const {
    for (const int tag : {3, 4, 5, 6, 7, 8, 10, 11, 12, 14, 15})
      if ((seen_ >> tag & 1) == 0) return bad("a header field is missing", static_cast<size_t>(tag));
    const Header& h = out_.header;
    if (h.serial.empty()) return bad("empty serial number");
    if (out_.signature.size() != h.key_bits / 8u) return bad("the signature has another size than the key");
    return h.version == kEncryptedFile ? finish_encrypted() : Status{};
  }

  Status finish_encrypted() const {
    const Encryption& e = out_.encryption;
    for (const int tag : {19, 20, 23, 24, 25, 26, 27})
      if ((seen_ >> tag & 1) == 0) return bad("a header field is missing", static_cast<size_t>(tag));
    if (e.pad_count < 1 || e.pad_count > 16) return bad("wrong padding count", e.pad_count);
    const size_t body = out_.file.size() - out_.header_length;
    if (body == 0 || body % 16 != 0) return bad("the cipher text is not made of whole blocks", body);
    if (e.wrapped_key.size() * 8 != e.wrapped_bits) return bad("the wrapped key has another size than it says");
    if (e.digest.size() != hash_size(e.hash)) return bad("the digest has the wrong size");
    return {};
  }

  TrustFile& out_;
  uint64_t seen_ = 0;
};

Status read_field(Record& record, const Tlv& t) {
  auto text = [&t](std::string_view& to) -> Status {
    TRY_ASSIGN(to, text_of(t.value));
    return {};
  };
  switch (t.tag) {
    case kDnsName: return text(record.dns_name);
    case kSubject: return text(record.subject);
    case kIssuer: return text(record.issuer);
    case kRole: {
      TRY_ASSIGN(const uint16_t role, u16_of(t.value));
      record.role = static_cast<Role>(role);
      return {};
    }
    case kSerial: record.serial = t.value; return {};
    case kPublicKey: record.public_key = t.value; return {};
    case kSignature: record.signature = t.value; return {};
    case kCertificate: record.certificate = t.value; return {};
    case kAddress:
      record.address = t.value;
      return t.value.size() == 4 || t.value.size() == 16 ? Status{} : bad("an address has the wrong size");
    default: return {};  // certificate hash and what later servers may add
  }
}

}  // namespace

Result<TrustFile> read_file(Bytes file) {
  if (file.size() > kMaxTrustFile) return bad("the file is too long");
  TrustFile out;
  out.file = file;
  TRY(HeaderReader(out).read());
  return out;
}

Result<Record> RecordReader::next() {
  ByteReader head(left_);
  const Bytes all = left_;
  left_ = {};  // a damaged record ends the reading
  if (head.u8() != kLength || head.u16() != 2) return bad("a record does not begin with its length");
  const uint16_t length = head.u16();
  if (!head.ok() || length < 5 || length > all.size()) return bad("wrong record length", length);
  Record record;
  ByteReader r(all.subspan(5, length - 5u));
  while (r.left() > 0) {
    TRY_ASSIGN(const Tlv t, take_tlv(r));
    if (t.tag < 16) {
      const auto tag = static_cast<RecordTag>(t.tag);
      if (record.has(tag)) return bad("a record field stands twice", t.tag);
      record.add(tag);
    }
    TRY(read_field(record, t));
  }
  if (record.has(kLength) || !record.has(kRole)) return bad("a record without role");
  left_ = all.subspan(length);
  return record;
}

}  // namespace parley::ctl_client
