// What a phone reads in the files it is given.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/tlv_file.h"

namespace parley::test_phone {
namespace {

constexpr size_t kSmallestHead = 10;
constexpr size_t kLongestText = 4096;

enum Tag : uint8_t {
  kVersion = 1, kHeadLength, kSigner, kSignerName, kSerial, kIssuer, kSignatureInfo, kHash, kAlgorithmInfo, kAlgorithm, kModulus,
  kSignature, kPadding, kName, kTime, kEncryption, kIvInfo, kIvUnknown, kIv, kPad, kKeyInfo, kKeyUnknown, kKeySize, kKeyAlgorithm,
  kWrappedKey, kDigestHash, kDigest, kSignerVersion
};

bool holds_others(uint8_t tag) {
  switch (tag) {
    case kSigner:
    case kSignatureInfo:
    case kAlgorithmInfo:
    case kEncryption:
    case kIvInfo:
    case kKeyInfo: return true;
    default: return false;
  }
}

// One NUL, at the end.
bool text_of(Bytes value, std::string_view& out) {
  if (value.empty() || value.size() > kLongestText || value.back() != 0) return false;
  out = as_text(value.first(value.size() - 1));
  return out.find('\0') == std::string_view::npos;
}

bool hash_of(Bytes value, Hash& out) {
  if (value.size() != 1 || (value[0] != 1 && value[0] != 3)) return false;
  out = value[0] == 1 ? Hash::sha1 : Hash::sha512;
  return true;
}

bool number_of(Bytes value, uint16_t& out) {
  out = value.size() == 2 ? ByteReader(value).u16() : uint16_t{0};
  return value.size() == 2;
}

class HeadReader {
 public:
  HeadReader(Bytes file, FileHead& out) : file_(file), out_(out) {}

  Status run() {
    TRY(begin());
    while (at_ < end_) {
      if (file_[at_] == kPadding) {
        TRY(padding());
        break;
      }
      TRY(element());
    }
    if (depth_ != 0) return bad("an element runs past its parent");
    return complete();
  }

 private:
  Fault bad(const char* what) const { return {Code::invalid, what, static_cast<uint32_t>(at_)}; }

  Status begin() {
    ByteReader r(file_);
    const bool version = r.u8() == kVersion && r.u16() == 2;
    const uint8_t major = r.u8(), minor = r.u8();
    const bool length = r.u8() == kHeadLength && r.u16() == 2;
    end_ = r.u16();
    if (!r.ok() || !version || !length) return bad("the file has no header");
    if (major == 1 && minor == 2) out_.kind = FileKind::list;
    else if (major == 1 && minor == 0) out_.kind = FileKind::signed_file;
    else if (major == 2 && minor == 0) out_.kind = FileKind::encrypted_file;
    else return bad("unknown version of the file");
    if (end_ < kSmallestHead || end_ > file_.size()) return bad("the header length is wrong");
    out_.body_at = end_;
    at_ = kSmallestHead;
    return {};
  }

  Status padding() {
    if (end_ - at_ > 3) return bad("too much padding");
    for (; at_ < end_; ++at_)
      if (file_[at_] != kPadding) return bad("something follows the padding");
    return {};
  }

  Status element() {
    while (depth_ > 0 && at_ == parents_[depth_ - 1]) --depth_;
    const size_t limit = depth_ == 0 ? end_ : parents_[depth_ - 1];
    if (limit - at_ < 3) return bad("an element is cut");
    const uint8_t tag = file_[at_];
    const size_t length = size_t{file_[at_ + 1]} << 8 | file_[at_ + 2];
    if (length > limit - at_ - 3) return bad("an element runs past its parent");
    if (tag <= kHeadLength || tag > kSignerVersion || tag == kPadding) return bad("unknown element in the header");
    if (seen_ >> tag & 1) return bad("an element stands there twice");
    seen_ |= 1u << tag;
    if (tag == kSignature) out_.signature_tlv = at_;
    at_ += 3;
    if (holds_others(tag)) {
      if (depth_ == kDeepest) return bad("elements are nested too deep");
      parents_[depth_++] = at_ + length;
      while (depth_ > 0 && at_ == parents_[depth_ - 1]) --depth_;
      return {};
    }
    TRY(take(tag, file_.subspan(at_, length)));
    at_ += length;
    while (depth_ > 0 && at_ == parents_[depth_ - 1]) --depth_;
    return {};
  }

  Status take(uint8_t tag, Bytes v) {
    bool good = true;
    switch (tag) {
      case kSignerName: good = text_of(v, out_.signer); break;
      case kSerial: good = !v.empty() && v.size() <= 32; out_.serial = v; break;
      case kIssuer: good = text_of(v, out_.issuer); break;
      case kHash:
        if (!hash_of(v, out_.hash)) return bad("the hash algorithm is neither SHA-1 nor SHA-512");
        break;
      case kAlgorithm: good = v.size() == 1 && v[0] == 0; break;
      case kModulus:
        good = v.size() == 1 && v[0] <= 3;
        if (good) out_.signer_bits = static_cast<uint16_t>(512u << v[0]);
        break;
      case kSignature: out_.signature = v; break;
      case kName: good = text_of(v, out_.name); break;
      case kTime: good = v.size() == 4; out_.time = ByteReader(v).u32(); break;
      case kIv: good = v.size() == 16; out_.iv = v; break;
      case kPad:
        if (!number_of(v, out_.pad) || out_.pad < 1 || out_.pad > 16) return bad("the count of padding bytes is wrong");
        break;
      case kKeySize: good = number_of(v, out_.wrap_bits); break;
      case kKeyAlgorithm: good = v.size() == 1 && v[0] == 1; break;
      case kWrappedKey: out_.wrapped_key = v; break;
      case kDigestHash: good = hash_of(v, out_.digest_hash); break;
      case kDigest: out_.digest = v; break;
      default: break;              // 18, 22: meaning unknown; 28: signer version
    }
    return good ? Status{} : Status(bad("an element of the header is damaged"));
  }

  bool has(uint8_t tag) const { return (seen_ >> tag & 1) != 0; }
  Status complete() const {
    for (const uint8_t tag : {kSignerName, kSerial, kIssuer, kHash, kModulus, kSignature, kName, kTime})
      if (!has(tag)) return bad("an element is missing in the header");
    if (out_.signature.size() * 8 != out_.signer_bits) return bad("the signature is as long as no key of the header");
    if (out_.kind != FileKind::encrypted_file) {
      for (uint8_t tag = kEncryption; tag <= kDigest; ++tag)
        if (has(tag)) return bad("unknown element in the header");
      return {};
    }
    for (const uint8_t tag : {kIv, kPad, kKeySize, kWrappedKey, kDigestHash, kDigest})
      if (!has(tag)) return bad("an element is missing in the header");
    if (out_.wrapped_key.size() * 8 != out_.wrap_bits) return bad("the wrapped key has another size than the header says");
    if (out_.digest.size() != hash_size(out_.digest_hash)) return bad("the digest has a wrong size");
    return {};
  }

  static constexpr size_t kDeepest = 4;
  Bytes file_;
  FileHead& out_;
  size_t at_ = 0, end_ = 0;
  size_t parents_[kDeepest] = {};
  size_t depth_ = 0;
  uint32_t seen_ = 0;
};

}  // namespace

Result<FileHead> read_head(Bytes file) {
  FileHead out;
  if (file.size() > kMaxFile) return Fault{Code::invalid, "the file is too long", static_cast<uint32_t>(file.size())};
  TRY(HeadReader(file, out).run());
  return out;
}

SignedParts signed_parts(Bytes file, const FileHead& head) {
  return {file.first(head.signature_tlv), file.subspan(head.signature_tlv + 3 + head.signature.size())};
}

bool Records::fail(const char* what) {
  status_ = Fault{Code::invalid, what, 0};
  rest_ = {};
  return false;
}

bool Records::next(Record& out) {
  if (rest_.empty()) return false;
  ByteReader head(rest_);
  const bool begins = head.u8() == 1 && head.u16() == 2;
  const size_t size = head.u16();
  if (!head.ok() || !begins || size < 5 || size > rest_.size()) return fail("a record has a wrong length");
  ByteReader r(rest_.subspan(5, size - 5));
  rest_ = rest_.subspan(size);
  out = Record{};
  uint32_t seen = 0;
  while (r.left() > 0) {
    const uint8_t tag = r.u8();
    const Bytes v = r.take(r.u16());
    if (!r.ok()) return fail("a field runs past its record");
    if (tag > 1 && tag < 32) {
      if (seen >> tag & 1) return fail("a field stands twice in a record");
      seen |= 1u << tag;
    }
    bool good = true;
    switch (tag) {
      case 2: good = text_of(v, out.dns); break;
      case 3: good = text_of(v, out.subject); break;
      case 4: good = number_of(v, out.role); break;
      case 5: good = text_of(v, out.issuer); break;
      case 6: good = v.size() <= 32; out.serial = v; break;
      case 7: out.key = v; break;
      case 8: out.signature = v; break;
      case 9: out.certificate = v; break;
      case 10: out.ip = v.size() == 4 ? ByteReader(v).u32() : 0; break;
      default: break;              // 11, 12 and what newer servers write
    }
    if (!good) return fail("a field of a record is damaged");
  }
  if ((seen >> 4 & 1) == 0) return fail("a record has no role");
  return true;
}

}  // namespace parley::test_phone
