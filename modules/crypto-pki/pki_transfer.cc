// Slow work of import and export.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/pki_transfer.h"

#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/pem_text.h"
#include "modules/crypto-pki/pkcs12.h"
#include "platform/crypto/key_rename.h"

namespace parley::crypto_pki {
namespace {

constexpr size_t kMaxList = 32;

Status add(List<Blob>& out, Blob der) {
  if (!parse_certificate(der)) return Fault{Code::invalid, "there is something that is no certificate", 0};
  if (out.size() == kMaxList) return Fault{Code::full, "there are too many certificates", 0};
  return out.push(std::move(der));
}

// The key pair is kept under this label until it is known that it fits.
KeyLabel waiting_label(const KeyLabel& label) {
  char text[KeyLabel::kCapacity + 8];
  FixedWriter w(text);
  w.put(label.view().substr(0, KeyLabel::kCapacity - 7)).put("#import");
  return KeyLabel(w.view());
}

// Iteration counts, key lengths, versions: nothing in the parameters of a key derivation is larger.
bool numbers_in_range(DerReader r, unsigned depth) {
  while (!r.empty()) {
    const DerValue v = r.any();
    if (!r.ok()) return false;
    if (v.tag == tag::kInteger) {
      DerReader number(v.whole);
      uint64_t n = 0;
      if (!number.unsigned_integer(n) || n > kMaxPbeRounds) return false;
    }
    if (v.tag == tag::kSequence && (depth == 0 || !numbers_in_range(DerReader(v.content), depth - 1))) return false;
  }
  return r.ok();
}

// EncryptedPrivateKeyInfo begins with an algorithm, other private keys with a number.
Status check_rounds(Bytes der) {
  DerReader all(der);
  DerReader info = all.enter(tag::kSequence);
  const DerValue algorithm = info.any();
  if (!info.ok() || algorithm.tag != tag::kSequence || numbers_in_range(DerReader(algorithm.content), 6)) return {};
  return Fault{Code::invalid, "the iteration count of the key file is out of range (at most 1000000)", 0};
}

Status check_key_file(Bytes file) {
  if (!file.empty() && file.data()[0] == 0x30) return check_rounds(file);
  std::string_view text = as_text(file);
  PemBlock block;
  while (next_pem(text, block)) {
    if (block.label != "ENCRYPTED PRIVATE KEY") continue;
    TRY_ASSIGN(const Blob der, decode_pem(block, kMaxPkcs12));
    TRY(check_rounds(der));
  }
  return {};
}

}  // namespace

Status read_certificates_text(Bytes file, List<Blob>& out) {
  if (file.empty()) return {};
  if (parse_certificate(file)) {
    TRY_ASSIGN(Blob der, Blob::copy_of(file));
    return add(out, std::move(der));
  }
  std::string_view text = as_text(file);
  PemBlock block;
  bool any = false;
  while (next_pem(text, block)) {
    if (block.label != "CERTIFICATE" && block.label != "X509 CERTIFICATE" && block.label != "TRUSTED CERTIFICATE") continue;
    TRY_ASSIGN(Blob der, decode_pem(block, kMaxCertificate));
    TRY(add(out, std::move(der)));
    any = true;
  }
  if (any) return {};
  TRY_ASSIGN(Blob der, base64_decode(as_text(file), kMaxCertificate));
  return add(out, std::move(der));
}

void ImportJob::run() {
  result = work();
  if (!result) items.clear();
}

Status ImportJob::read_pkcs12_file(List<Blob>& certificates) {
  Blob decoded;
  if (pkcs12.data()[0] != 0x30) {   // base 64, with or without frame
    std::string_view text = pkcs12.text();
    PemBlock block;
    TRY_ASSIGN(decoded, next_pem(text, block) ? decode_pem(block, kMaxPkcs12) : base64_decode(pkcs12.text(), kMaxPkcs12));
  }
  TRY_ASSIGN(Pkcs12 file, read_pkcs12(decoded.empty() ? pkcs12.view() : decoded.view(), passphrase));
  if (file.key.empty()) return Fault{Code::missing, "the file has no private key", 0};
  key = std::move(file.key);
  for (Blob& der : file.certificates) TRY(add(certificates, std::move(der)));
  return {};
}

Status ImportJob::sort_out(const List<Blob>& certificates, size_t candidates, Bytes spki) {
  const Blob* mine = nullptr;
  for (size_t i = 0; i < certificates.size(); ++i) {
    const Blob& der = certificates[i];
    TRY_ASSIGN(const Certificate c, parse_certificate(der));
    if (mine == nullptr && i < candidates && equal_bytes(c.spki, spki)) {
      mine = &der;
      continue;
    }
    if (!c.is_ca && !c.self_issued()) continue;
    TRY_ASSIGN(ChainItem item, copy_item(ChainKind::ca, der));
    TRY(items.push(std::move(item)));
  }
  if (certificates.empty()) return {};
  if (mine == nullptr) return Fault{Code::untrusted, "no certificate belongs to the private key", 0};
  TRY_ASSIGN(const Certificate c, parse_certificate(*mine));
  bool issued = items.empty();
  for (const ChainItem& i : items) {
    TRY_ASSIGN(const Certificate ca, parse_certificate(i.der));
    issued = issued || verify_issued(c, ca).has_value();
  }
  if (!issued) return Fault{Code::untrusted, "the certificate was not issued by the authority beside it", 0};
  TRY_ASSIGN(ChainItem item, copy_item(c.self_issued() && items.empty() ? ChainKind::self_signed : ChainKind::own, *mine));
  return items.push(std::move(item));
}

Status ImportJob::work() {
  List<Blob> certificates(general_arena());
  if (!pkcs12.empty()) TRY(read_pkcs12_file(certificates));
  TRY(read_certificates_text(own, certificates));
  const size_t candidates = certificates.size();
  TRY(read_certificates_text(authorities, certificates));
  TRY(check_key_file(key));
  const KeyLabel waiting = waiting_label(label);
  (void)keys_.remove(waiting);   // of an import that a power cut ended
  const Result<KeyRef> made = keys_.import_key(waiting, key, passphrase, exportable);
  key.clear();
  TRY(made);
  const Result<Blob> spki = keys_.public_key(*made);
  const Status fits = spki ? sort_out(certificates, candidates, *spki) : Status(spki.error());
  if (!fits) {
    (void)keys_.remove(waiting);
    return fits;
  }
  TRY_ASSIGN(const KeyInfo info, keys_.info(*made));
  type = info.type;
  return rename_key(keys_, waiting, label);
}

void ExportJob::run() {
  if (!pkcs12) {
    result = keys_.export_key(key, passphrase);
    return;
  }
  List<Bytes> views(general_arena());
  for (const Blob& c : certificates) {
    if (!views.push(c.view())) {
      result = Fault{Code::full, "no memory", 0};
      return;
    }
  }
  Pkcs12Spec spec;
  spec.key = key;
  spec.name = name;
  spec.certificates = std::span<const Bytes>(views.begin(), views.size());
  result = write_pkcs12(spec, passphrase, keys_, random_);
}

}  // namespace parley::crypto_pki
