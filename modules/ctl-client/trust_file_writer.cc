// Writes headers and records of signed phone files in the field order of genuine servers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/trust_file_wire.h"

namespace parley::ctl_client {
namespace {

constexpr size_t kMaxHeader = 3 * (kMaxName + 4) + 2048;
constexpr uint8_t kHashSha1 = 1, kHashSha512 = 3;

void put_head(ByteWriter& w, uint8_t tag, size_t length) {
  w.u8(tag);
  w.u16(static_cast<uint16_t>(length));
}
void put_bytes(ByteWriter& w, uint8_t tag, Bytes value) {
  put_head(w, tag, value.size());
  w.bytes(value);
}
void put_text(ByteWriter& w, uint8_t tag, std::string_view s) {
  put_head(w, tag, s.size() + 1);
  w.text(s);
  w.u8(0);
}
void put_u8(ByteWriter& w, uint8_t tag, uint8_t v) {
  put_head(w, tag, 1);
  w.u8(v);
}

bool good_name(std::string_view s) { return s.size() <= kMaxName && s.find('\0') == std::string_view::npos; }

Status check(const Header& h) {
  if (h.hash != Hash::sha1 && h.hash != Hash::sha512)
    return Fault{Code::unsupported, "phone files are signed with SHA-1 or SHA-512", 0};
  if (h.serial.empty() || h.serial.size() > 64 || !good_name(h.subject) || !good_name(h.issuer) ||
      !good_name(h.file_name) || h.file_name.empty())
    return Fault{Code::invalid, "a name does not fit into a signed phone file", 0};
  return {};
}

void put_signer(ByteWriter& w, const Header& h, uint8_t code) {
  if (h.has_signer_version) {
    put_head(w, 28, 2);
    w.u8(h.signer_version.major);
    w.u8(h.signer_version.minor);
  }
  put_head(w, 3, 3 + h.subject.size() + 1 + 3 + h.serial.size() + 3 + h.issuer.size() + 1);
  put_text(w, 4, h.subject);
  put_bytes(w, 5, h.serial);
  put_text(w, 6, h.issuer);
  put_head(w, 7, 15);
  put_u8(w, 8, h.hash == Hash::sha1 ? kHashSha1 : kHashSha512);
  put_head(w, 9, 8);
  put_u8(w, 10, 0);  // RSA PKCS#1 v1.5
  put_u8(w, 11, code);
}

void put_encryption(ByteWriter& w, const Encryption& e) {
  const size_t iv_info = (3 + 1) + (3 + e.iv.size()) + (3 + 2);
  const size_t key_info = (3 + 1) + (3 + 2) + (3 + 1) + (3 + e.wrapped_key.size());
  put_head(w, 16, 3 + iv_info + 3 + key_info);
  put_head(w, 17, iv_info);
  put_u8(w, 18, 0);
  put_bytes(w, 19, e.iv);
  put_head(w, 20, 2);
  w.u16(e.pad_count);
  put_head(w, 21, key_info);
  put_u8(w, 22, 0);
  put_head(w, 23, 2);
  w.u16(e.wrapped_bits);
  put_u8(w, 24, 1);  // RSAES-PKCS1-v1_5
  put_bytes(w, 25, e.wrapped_key);
  put_u8(w, 26, e.hash == Hash::sha1 ? kHashSha1 : kHashSha512);
  put_bytes(w, 27, e.digest);
}

}  // namespace

Result<uint8_t> modulus_code(uint16_t bits) {
  switch (bits) {
    case 512: return uint8_t{0};
    case 1024: return uint8_t{1};
    case 2048: return uint8_t{2};
    case 4096: return uint8_t{3};
    default: return Fault{Code::unsupported, "phone files are signed by RSA keys of 1024, 2048 or 4096 bits", bits};
  }
}

Result<Draft> draft_file(const Header& h, Bytes body, const Encryption* encryption) {
  TRY(check(h));
  if ((h.version == kEncryptedFile) != (encryption != nullptr))
    return Fault{Code::invalid, "only an encrypted file tells how it was encrypted", 0};
  TRY_ASSIGN(const uint8_t code, modulus_code(h.key_bits));
  if (h.key_bits < 1024) return Fault{Code::unsupported, "a key of less than 1024 bits cannot sign", h.key_bits};
  Blob head;
  TRY(head.resize(kMaxHeader));
  ByteWriter w(head.mut());
  put_head(w, 1, 2);
  w.u8(h.version.major);
  w.u8(h.version.minor);
  put_head(w, 2, 2);
  const size_t length_at = w.size();
  w.u16(0);
  put_signer(w, h, code);
  Draft draft;
  draft.signature_at = w.size();
  draft.signature_size = h.key_bits / 8u;
  put_text(w, 14, h.file_name);
  put_head(w, 15, 4);
  w.u32(h.timestamp);
  if (encryption != nullptr) put_encryption(w, *encryption);
  const size_t with_signature = w.size() + 3 + draft.signature_size;
  w.fill((4 - with_signature % 4) % 4, 13);
  w.patch_u16(length_at, static_cast<uint16_t>(w.size() + 3 + draft.signature_size));
  if (!w.ok()) return Fault{Code::invalid, "the header of a signed phone file is too long", 0};
  TRY(draft.bytes.reserve(w.size() + body.size()));
  TRY(draft.bytes.append(w.view()));
  TRY(draft.bytes.append(body));
  return draft;
}

Result<Blob> finish_file(const Draft& draft, Bytes signature) {
  if (signature.size() != draft.signature_size)
    return Fault{Code::invalid, "the signature has another size than the key", static_cast<uint32_t>(signature.size())};
  const Bytes all = draft.bytes.view();
  uint8_t head[3];
  ByteWriter w(head);
  put_head(w, 12, signature.size());
  Blob file;
  TRY(file.reserve(all.size() + 3 + signature.size()));
  TRY(file.append(all.first(draft.signature_at)));
  TRY(file.append(w.view()));
  TRY(file.append(signature));
  TRY(file.append(all.subspan(draft.signature_at)));
  return file;
}

Status append_record(Blob& body, const Record& r) {
  const size_t size = 64 + r.dns_name.size() + r.subject.size() + r.issuer.size() + r.serial.size() +
                      r.public_key.size() + r.signature.size() + r.certificate.size() + r.address.size();
  if (!r.has(kRole) || !good_name(r.dns_name) || !good_name(r.subject) || !good_name(r.issuer) || size > 0xffff)
    return Fault{Code::invalid, "a record does not fit into a trust list", 0};
  Blob record;
  TRY(record.resize(size));
  ByteWriter w(record.mut());
  put_head(w, kLength, 2);
  const size_t length_at = w.size();
  w.u16(0);
  if (r.has(kDnsName)) put_text(w, kDnsName, r.dns_name);
  if (r.has(kSubject)) put_text(w, kSubject, r.subject);
  put_head(w, kRole, 2);
  w.u16(static_cast<uint16_t>(r.role));
  if (r.has(kIssuer)) put_text(w, kIssuer, r.issuer);
  if (r.has(kSerial)) put_bytes(w, kSerial, r.serial);
  if (r.has(kPublicKey)) put_bytes(w, kPublicKey, r.public_key);
  if (r.has(kSignature)) put_bytes(w, kSignature, r.signature);
  if (r.has(kCertificate)) put_bytes(w, kCertificate, r.certificate);
  if (r.has(kAddress)) put_bytes(w, kAddress, r.address);
  PARLEY_CHECK(w.ok());
  w.patch_u16(length_at, static_cast<uint16_t>(w.size()));
  return body.append(w.view());
}

}  // namespace parley::ctl_client
