// Judges signed phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/trust_file_verify.h"

#include "modules/crypto-pki/certificate.h"

namespace parley::ctl_client {
namespace {

constexpr Fault untrusted(const char* what) { return Fault{Code::untrusted, what, 0}; }

bool names_signer(const Record& r, const Header& h) {
  return r.has(kIssuer) && r.has(kSerial) && r.issuer == h.issuer && equal_bytes(r.serial, h.serial);
}

Status verify_with(const TrustFile& f, const Record& signer) {
  if (f.header.key_bits < 1024) return untrusted("the signing key is too short");
  if (!signer.has(kPublicKey)) return untrusted("the record of the signer has no key");
  if (signer.has(kCertificate)) {
    TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(signer.certificate));
    if (c.key.algorithm != crypto_pki::KeyAlgorithm::rsa || c.key.bits != f.header.key_bits)
      return untrusted("the signature does not fit the key of the signer");
  }
  Blob message;
  TRY(message.reserve(f.file.size()));
  TRY(message.append(f.before_signature()));
  TRY(message.append(f.after_signature()));
  if (!verify_signature(signer.public_key, f.header.hash, message.view(), f.signature))
    return untrusted("the signature does not hold");
  return {};
}

// Checks every record; the SAST that header `h` names is returned.
Result<Record> find_sast(Bytes body, const Header& h) {
  Record found;
  bool any = false;
  size_t sasts = 0;
  RecordReader records(body);
  while (records.more()) {
    TRY_ASSIGN(const Record r, records.next());
    TRY(check_record(r));
    if (r.role != Role::sast) continue;
    ++sasts;
    if (names_signer(r, h)) {
      found = r;
      any = true;
    }
  }
  if (sasts == 0 || sasts > 2) return Fault{Code::invalid, "a list holds one or two SAST records", static_cast<uint32_t>(sasts)};
  if (!any) return untrusted("the signer is not a SAST of the list");
  return found;
}

Result<TrustFile> read_list(Bytes file) {
  TRY_ASSIGN(const TrustFile f, read_file(file));
  if (f.header.version != kTrustList) return Fault{Code::invalid, "not a trust list", 0};
  return f;
}

}  // namespace

Status check_record(const Record& r) {
  if (!r.has(kCertificate)) return {};
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(r.certificate));
  if (r.has(kSerial) && !equal_bytes(r.serial, crypto_pki::serial_magnitude(c.serial)))
    return untrusted("a record and its certificate have different serial numbers");
  if (r.has(kPublicKey) && !equal_bytes(r.public_key, c.key.key))
    return untrusted("a record and its certificate have different keys");
  if (r.has(kSignature) && !equal_bytes(r.signature, c.signature))
    return untrusted("a record and its certificate have different signatures");
  return {};
}

Result<TrustFile> verify_ctl(Bytes file) {
  TRY_ASSIGN(const TrustFile f, read_list(file));
  TRY_ASSIGN(const Record signer, find_sast(f.body(), f.header));
  TRY(verify_with(f, signer));
  return f;
}

Status verify_successor(Bytes file, Bytes stored) {
  TRY_ASSIGN(const TrustFile f, read_list(file));
  TRY_ASSIGN(const TrustFile old, read_list(stored));
  TRY_ASSIGN(const Record signer, find_sast(old.body(), f.header));
  return verify_with(f, signer);
}

Result<Record> find_file_signer(Bytes list_body, const Header& header) {
  RecordReader records(list_body);
  while (records.more()) {
    TRY_ASSIGN(const Record r, records.next());
    if ((r.role == Role::tftp || r.role == Role::ccm_tftp) && names_signer(r, header)) return r;
  }
  return untrusted("the signer has no TFTP record in the list");
}

Result<TrustFile> verify_signed(Bytes file, std::string_view requested_name, const Record& signer) {
  TRY_ASSIGN(const TrustFile f, read_file(file));
  if (f.header.version == kTrustList) return Fault{Code::invalid, "not a signed file", 0};
  if (f.header.file_name != requested_name) return untrusted("the file was signed for another name");
  if (!names_signer(signer, f.header)) return untrusted("signed by somebody else");
  TRY(check_record(signer));
  TRY(verify_with(f, signer));
  return f;
}

}  // namespace parley::ctl_client
