// The slow part of phone files.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/telephony-service/cnf_job.h"

#include <algorithm>
#include <cstring>

#include "modules/ctl-client/trust_file_build.h"
#include "modules/ctl-client/trust_file_verify.h"

namespace parley::telephony_service {
namespace {

constexpr size_t kMaxFile = 64 * 1024;
using Name = Text<40>;
using ctl_client::Header;
using ctl_client::Identity;

Name signed_name(std::string_view plain) {
  char name[40];
  FixedWriter w(name);
  w.put(plain).put(".sgn");
  return Name(w.view());
}

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

}  // namespace

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
  for (const PhoneFileName& name : removed) {
    if (folder.empty()) continue;
    (void)store.remove(path_of(folder, name));
    (void)store.remove(path_of(folder, signed_name(name)));
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
  newest = std::max(newest, f->header.timestamp);
  item.signed_file = std::move(*found);
  item.restored = true;
  return true;
}

Status CnfJob::make(CnfItem& item) {
  set_stamp(item.file, stamp_of(time));
  if (key) {
    TRY_ASSIGN(item.signed_file, sign(item));
  }
  return folder.empty() ? Status{} : save(item);
}

Result<Blob> CnfJob::sign(const CnfItem& item) {
  TRY_ASSIGN(const crypto_pki::Certificate c, crypto_pki::parse_certificate(certificate.view()));
  TRY_ASSIGN(const Identity id, ctl_client::identity_of(c));
  const Name name = signed_name(item.name);
  Header header;
  header.version = ctl_client::kSignedFile;
  header.hash = hash;
  header.file_name = name;
  header.timestamp = time;
  id.put_into(header);
  TRY_ASSIGN(const ctl_client::Draft draft, ctl_client::draft_file(header, item.file.text.view()));
  TRY_ASSIGN(const Blob signature, keys.sign(key, hash, draft.bytes.view()));
  return ctl_client::finish_file(draft, signature.view());
}

// The signed file last: when power fails in between, it is made again at the next start because its body differs.
Status CnfJob::save(const CnfItem& item) {
  TRY(store.write(path_of(folder, item.name), item.file.text.view()));
  if (key) return store.write(path_of(folder, signed_name(item.name)), item.signed_file.view());
  const Status gone = store.remove(path_of(folder, signed_name(item.name)));
  return gone || gone.error().code == Code::missing ? Status{} : gone;
}

}  // namespace parley::telephony_service
