// The slow part of phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/cnf_job.h"

#include <algorithm>
#include <cstring>

#include "modules/ctl-client/file_cipher.h"
#include "modules/ctl-client/trust_file_build.h"
#include "modules/ctl-client/trust_file_verify.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kMaxFile = 64 * 1024;
using Name = Text<40>;
using ctl_client::Header;
using ctl_client::Identity;

Path path_of(std::string_view folder, std::string_view name) {
  char path[96];
  FixedWriter w(path);
  w.put(folder).put('/').put(name);
  return Path(w.view());
}

void set_stamp(PhoneFile& file, std::string_view stamp) {
  if (file.stamp_at != kNoStamp) std::memcpy(file.text.data() + file.stamp_at, stamp.data(), Stamp::kCapacity);
}

// Is `found` this file with some stamp? Then the stamp is taken over.
bool same_but_stamp(PhoneFile& file, Bytes found) {
  if (found.size() != file.text.size()) return false;
  if (file.stamp_at == kNoStamp) return equal_bytes(found, file.text.view());
  const size_t end = file.stamp_at + Stamp::kCapacity;
  if (!equal_bytes(found.first(file.stamp_at), file.text.view().first(file.stamp_at)) ||
      !equal_bytes(found.subspan(end), file.text.view().subspan(end))) return false;
  set_stamp(file, as_text(found.subspan(file.stamp_at, Stamp::kCapacity)));
  return true;
}

Name with_suffix(std::string_view plain, std::string_view suffix) {
  char name[40];
  FixedWriter w(name);
  w.put(plain).put(suffix);
  return Name(w.view());
}

}  // namespace

Text<40> signed_name(std::string_view plain) { return with_suffix(plain, ".sgn"); }
Text<40> encrypted_name(std::string_view plain) { return with_suffix(plain, ".enc.sgn"); }

Result<Blob> sign_phone_file(Keys& keys, const Signer& signer, std::string_view name, Bytes body) {
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(signer.certificate));
  TRY_ASSIGN(const Identity id, ctl_client::identity_of(c));
  Header header;
  header.version = ctl_client::kSignedFile;
  header.hash = signer.hash;
  header.file_name = name;
  header.timestamp = signer.time;
  id.put_into(header);
  TRY_ASSIGN(const ctl_client::Draft draft, ctl_client::draft_file(header, body));
  TRY_ASSIGN(const Blob signature, keys.sign(signer.key, signer.hash, draft.bytes.view()));
  return ctl_client::finish_file(draft, signature.view());
}

void CnfJob::run() {
  newest = time;
  if (!folder.empty()) {
    status = store.make_folder(folder);
    if (!status && status.error().code == Code::exists) status = {};
    if (!status) return;
  }
  for (CnfItem& item : items) {
    if (try_stored && restore(item)) continue;
    status = make(item);
    if (!status) return;
  }
  if (!folder.empty()) status = save();
  if (!status) return;
  for (const PhoneFileName& name : removed) {
    if (folder.empty()) continue;
    (void)store.remove(path_of(folder, name));
    (void)store.remove(path_of(folder, signed_name(name)));
    (void)store.remove(path_of(folder, encrypted_name(name)));
  }
}

// Right content, right signer, right digest, and the signature holds: the file of the last run is served again.
bool CnfJob::restore(CnfItem& item) {
  if (folder.empty()) return false;
  const Name name = signed_name(item.name);
  auto found = store.read(path_of(folder, key ? name.view() : item.name.view()), kMaxFile);
  if (!found) return false;
  if (!key) {
    item.restored = same_but_stamp(item.file, found->view());
    return item.restored;
  }
  const auto c = crypto_pki::parse_certificate(certificate.view());
  if (!c) return false;
  const auto id = ctl_client::identity_of(*c);
  if (!id) return false;
  ctl_client::Record signer;
  signer.issuer = id->issuer.text();
  signer.serial = id->serial.view();
  signer.public_key = c->key.key;
  signer.certificate = c->der.view();
  for (const auto tag : {ctl_client::kIssuer, ctl_client::kSerial, ctl_client::kPublicKey, ctl_client::kCertificate}) signer.add(tag);
  const auto f = ctl_client::verify_signed(found->view(), name, signer);
  if (!f || f->header.hash != hash || !same_but_stamp(item.file, f->body())) return false;
  if (!restore_encrypted(item, signer, f->header.timestamp)) return false;
  newest = std::max(newest, f->header.timestamp);
  item.signed_file = std::move(*found);
  item.restored = true;
  return true;
}

// Both files of a phone are made in one build, so they bear one time; the readable one names the certificate of the phone
// (certHash), the digest in the header of the other one tells its plain text.
bool CnfJob::restore_encrypted(CnfItem& item, const ctl_client::Record& signer, uint32_t signed_at) {
  const Name name = encrypted_name(item.name);
  auto found = store.read(path_of(folder, name), kMaxFile);
  if (item.secret.text.empty()) return !found && found.error().code == Code::missing;
  if (!found) return false;
  const auto f = ctl_client::verify_signed(found->view(), name, signer);
  if (!f || f->header.version != ctl_client::kEncryptedFile || f->header.timestamp != signed_at) return false;
  set_stamp(item.secret, stamp_of(signed_at));
  if (f->encryption.hash != hash ||
      !equal_bytes(f->encryption.digest, parley::hash(hash, item.secret.text.view()).view())) return false;
  item.encrypted_file = std::move(*found);
  return true;
}

Status CnfJob::make(CnfItem& item) {
  set_stamp(item.file, stamp_of(time));
  set_stamp(item.secret, stamp_of(time));
  if (key) {
    const Signer signer{key, certificate.view(), hash, time};
    TRY_ASSIGN(item.signed_file, sign_phone_file(keys, signer, signed_name(item.name), item.file.text.view()));
    ++item.signatures;
    if (!item.secret.text.empty()) {
      TRY_ASSIGN(item.encrypted_file, encrypt(item));
    }
  }
  return {};
}

// A key of its own for each file. What was made is read again before anybody gets it.
Result<Blob> CnfJob::encrypt(CnfItem& item) {
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(certificate.view()));
  TRY_ASSIGN(const Identity id, ctl_client::identity_of(c));
  Header header;
  header.hash = hash;
  header.timestamp = time;
  id.put_into(header);
  ctl_client::FileKey file_key;
  TRY(file_key.make(random));
  const Name name = encrypted_name(item.name);
  header.file_name = name;
  TRY_ASSIGN(const Blob wrapped, ctl_client::wrap_key(file_key, item.phone_key.view(), random));
  TRY_ASSIGN(const ctl_client::Draft draft,
             ctl_client::draft_encrypted(header, item.secret.text.view(), file_key, wrapped.view()));
  TRY_ASSIGN(const Blob signature, keys.sign(key, hash, draft.bytes.view()));
  ++item.signatures;
  TRY_ASSIGN(Blob file, ctl_client::finish_file(draft, signature.view()));
  TRY_ASSIGN(const ctl_client::TrustFile read, ctl_client::read_file(file.view()));
  TRY_ASSIGN(const Blob plain, ctl_client::open_body(read, file_key.key.view()));
  if (!equal_bytes(plain.view(), item.secret.text.view())) return Fault{Code::invalid, "an encrypted file cannot be read again", 0};
  return file;
}

// The encrypted file first, then the one that announces it: when power fails in between, their times differ and both are
// made again at the next start.
Status CnfJob::save() {
  List<Path> paths(general_arena());
  List<NewFile> files(general_arena());
  TRY(paths.reserve(items.size() * 3));
  TRY(files.reserve(items.size() * 3));
  const auto put = [&](std::string_view name, const Blob& data) -> Status {
    const Path path = path_of(folder, name);
    if (!data.empty()) {
      TRY(paths.push(path));
      return files.push({paths[paths.size() - 1], data.view(), {}});
    }
    const Status gone = store.remove(path);
    return gone || gone.error().code == Code::missing ? Status{} : gone;
  };
  for (const CnfItem& item : items) {
    if (item.restored) continue;
    TRY(put(encrypted_name(item.name), item.encrypted_file));
    TRY(put(item.name, item.file.text));
    TRY(put(signed_name(item.name), item.signed_file));
  }
  store.write_group({files.begin(), files.size()});
  for (const NewFile& f : files) TRY(f.result);
  return {};
}

}  // namespace parley::telephony_service
