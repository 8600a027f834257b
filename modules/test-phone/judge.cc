// What a phone believes, and how it judges what it fetches.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/test-phone/judge.h"

#include <algorithm>

#include "modules/crypto-pki/certificate.h"

namespace parley::test_phone {
namespace {

constexpr size_t kMostSasts = 2;
constexpr size_t kAesKey = 16, kAesBlock = 16;

Fault untrusted(const char* what) { return {Code::untrusted, what, 0}; }

bool names(const Record& r, const FileHead& h) { return r.issuer == h.issuer && equal_bytes(r.serial, h.serial); }

Status check_record(const Record& r) {
  if (r.certificate.empty()) return {};
  const auto c = crypto_pki::parse_certificate(r.certificate);
  if (!c) return untrusted("a record holds a damaged certificate");
  if (!equal_bytes(r.serial, crypto_pki::serial_magnitude(c->serial))) return untrusted("a record has another serial number than its certificate");
  if (!r.key.empty() && !equal_bytes(r.key, c->key.key)) return untrusted("a record has another key than its certificate");
  if (!r.signature.empty() && !equal_bytes(r.signature, c->signature)) return untrusted("a record has another signature than its certificate");
  return {};
}

Status can_check(const FileHead& h, const Abilities& can) {
  if (h.hash == Hash::sha512 && !can.sha512) return untrusted("it is signed with SHA-512, this phone knows SHA-1 only");
  if (h.signer_bits > can.most_bits) return untrusted("the signer's key is too long for this phone");
  return {};
}

Status check_signature(Bytes file, const FileHead& h, const Record& signer) {
  if (signer.key.empty()) return untrusted("the record of the signer has no key");
  const SignedParts parts = signed_parts(file, h);
  Blob message;
  TRY(message.reserve(parts.before.size() + parts.behind.size()));
  TRY(message.append(parts.before));
  TRY(message.append(parts.behind));
  if (!verify_signature(signer.key, h.hash, message.view(), h.signature)) return untrusted("the signature does not hold");
  return {};
}

// Is the signer, with this very key, in a stored list with one of these roles?
bool stored_signer(Bytes list, std::initializer_list<uint16_t> roles, const FileHead& h, Bytes key, Record* found = nullptr) {
  if (list.empty()) return false;
  const auto head = read_head(list);
  if (!head) return false;
  Records records(list, *head);
  Record r;
  while (records.next(r)) {
    if (std::find(roles.begin(), roles.end(), r.role) == roles.end() || !names(r, h)) continue;
    if (!key.empty() && !equal_bytes(r.key, key)) continue;
    if (found != nullptr) *found = r;
    return true;
  }
  return false;
}

// All records are sound; the SAST that the header names.
Result<Record> sast_of(Bytes file, const FileHead& h) {
  Records records(file, h);
  Record r, signer;
  size_t sasts = 0, found = 0;
  while (records.next(r)) {
    TRY(check_record(r));
    if (r.role != role::kSast) continue;
    ++sasts;
    if (!names(r, h)) continue;
    signer = r;
    ++found;
  }
  if (!records.status()) return records.status().error();
  if (sasts == 0 || sasts > kMostSasts) return untrusted("a list has one or two SAST records");
  if (found == 0) return untrusted("the signer is no SAST of the list");
  return signer;
}

bool vouched_for(const TrustMemory& memory, uint16_t wanted, Bytes certificate) {
  for (const TrustMemory::Vouched& v : memory.vouched)
    if (v.role == wanted && equal_bytes(v.certificate.view(), certificate)) return true;
  return false;
}

bool known_signer(ListKind kind, const TrustMemory& memory, const FileHead& h, const Record& signer) {
  using namespace role;
  if (!signer.certificate.empty() && vouched_for(memory, kSast, signer.certificate)) return true;
  if (kind == ListKind::ctl) return stored_signer(memory.ctl.view(), {kSast}, h, signer.key);
  return stored_signer(memory.ctl.view(), {kSast, kTftp, kCcmTftp}, h, signer.key) ||
         stored_signer(memory.itl.view(), {kSast}, h, signer.key);
}

}  // namespace

Result<TrustMemory> TrustMemory::copy() const {
  TrustMemory out;
  TRY(out.ctl.append(ctl.view()));
  TRY(out.itl.append(itl.view()));
  for (const Vouched& v : vouched) {
    Vouched c;
    c.role = v.role;
    TRY(c.certificate.append(v.certificate.view()));
    TRY(out.vouched.push(std::move(c)));
  }
  return out;
}

Result<ListVerdict> judge_list(Bytes file, ListKind kind, const TrustMemory& memory, const Abilities& can) {
  TRY_ASSIGN(const FileHead h, read_head(file));
  if (h.kind != FileKind::list) return Fault{Code::invalid, "not a trust list", 0};
  if (h.name != (kind == ListKind::ctl ? "CTLFile.tlv" : "ITLFile.tlv")) return untrusted("the list was made for another name");
  TRY(can_check(h, can));
  TRY_ASSIGN(const Record signer, sast_of(file, h));
  TRY(check_signature(file, h, signer));
  ListVerdict v;
  const bool first = kind == ListKind::ctl ? memory.ctl.empty() : memory.empty();
  if (first) v.by = ListVerdict::By::first_list;
  else if (!known_signer(kind, memory, h, signer)) v.by = ListVerdict::By::ask_tvs;
  TRY(v.signer.append(signer.certificate));
  return v;
}

Result<FileHead> judge_signed(Bytes file, std::string_view name, const TrustMemory& memory, const Abilities& can) {
  TRY_ASSIGN(const FileHead h, read_head(file));
  if (h.kind == FileKind::list) return Fault{Code::invalid, "not a signed file", 0};
  if (h.name != name) return untrusted("the file was signed for another name");
  TRY(can_check(h, can));
  Record signer;
  using namespace role;
  if (!stored_signer(memory.itl.view(), {kTftp, kCcmTftp}, h, {}, &signer) &&
      !stored_signer(memory.ctl.view(), {kTftp, kCcmTftp}, h, {}, &signer))
    return untrusted("its signer has no TFTP record in the phone's lists");
  TRY(check_signature(file, h, signer));
  return h;
}

Result<Blob> open_encrypted(Bytes file, const FileHead& h, KeyStore& keys, KeyRef key) {
  if (h.kind != FileKind::encrypted_file) return Fault{Code::invalid, "not an encrypted file", 0};
  const Bytes body = file.subspan(h.body_at);
  if (body.empty() || body.size() % kAesBlock != 0) return untrusted("the ciphertext has a wrong length");
  auto aes = keys.decrypt(key, h.wrapped_key);
  if (!aes) return untrusted("it is encrypted for another key");
  aes->mark_secret();
  if (aes->size() != kAesKey) return untrusted("its key is no AES-128 key");
  Blob plain;
  TRY(plain.append(body));
  TRY(aes_cbc_decrypt(aes->view(), h.iv, plain.mut()));
  TRY(plain.resize(plain.size() - h.pad));
  if (!equal_bytes(hash(h.digest_hash, plain.view()).view(), h.digest)) return untrusted("the digest of its text is wrong");
  return plain;
}

namespace {

Status collect(Bytes list, std::span<const uint16_t> roles, List<Blob>& out) {
  if (list.empty()) return {};
  TRY_ASSIGN(const FileHead head, read_head(list));
  Records records(list, head);
  Record r;
  while (records.next(r)) {
    if (r.certificate.empty() || std::find(roles.begin(), roles.end(), r.role) == roles.end()) continue;
    TRY_ASSIGN(Blob c, Blob::copy_of(r.certificate));
    TRY(out.push(std::move(c)));
  }
  return records.status();
}

}  // namespace

Status trusted_for(std::span<const uint16_t> roles, const TrustMemory& memory, List<Blob>& out) {
  TRY(collect(memory.itl.view(), roles, out));
  TRY(collect(memory.ctl.view(), roles, out));
  for (const TrustMemory::Vouched& v : memory.vouched) {
    if (std::find(roles.begin(), roles.end(), v.role) == roles.end()) continue;
    TRY_ASSIGN(Blob c, Blob::copy_of(v.certificate.view()));
    TRY(out.push(std::move(c)));
  }
  return {};
}

bool lists_role(uint16_t wanted, const TrustMemory& memory) {
  List<Blob> found(general_arena());
  return trusted_for(std::span<const uint16_t>(&wanted, 1), memory, found) && !found.empty();
}

}  // namespace parley::test_phone
