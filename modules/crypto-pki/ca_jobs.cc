// Slow work of a certificate server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ca_jobs.h"

#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/database_files.h"

namespace parley::crypto_pki {
namespace {

Result<KeyRef> key_pair(Keys& keys, std::string_view label, uint16_t bits, bool& generated) {
  if (const KeyRef found = keys.find(label); found) return found;
  generated = true;
  return keys.generate(label, KeyType::rsa, bits, KeyUse::general, false);
}

}  // namespace

Result<IdentityPtr> StartAuthorityJob::work() {
  auto made = std::make_shared<Identity>();
  made->label = label;
  made->hash = hash;
  if (!existing.empty()) return adopt(std::move(made));
  TRY_ASSIGN(made->key, key_pair(keys_, key_label, key_bits, generated));
  TRY(serials_->load());
  TRY(index_->load());
  TRY(index_->clear());   // of an authority that had this label before
  serials_->start_at(first_serial);
  const uint64_t number = serials_->next_serial();
  TRY(serials_->reserve(number));
  TRY_ASSIGN(const Blob spki, keys_.public_key(made->key));
  uint8_t buffer[8];
  CertificateSpec spec;
  spec.role = CertificateRole::ca;
  spec.subject = spec.issuer = name;
  spec.serial = serial_bytes(number, buffer);
  spec.not_before = now;
  spec.not_after = end;
  spec.spki = spki;
  TRY_ASSIGN(const Blob der, build_certificate(spec, keys_, made->key, hash));
  TRY_ASSIGN(made->certificate, parse_certificate(der));
  TRY(verify_certificate(made->certificate, spki));  // a broken engine must not start an authority
  TRY_ASSIGN(ChainItem item, copy_item(ChainKind::ca, der));
  TRY(write_chain(store_, label, std::span<const ChainItem>(&item, 1)));
  return IdentityPtr(std::move(made));
}

// The certificate is there (boot, or `no shutdown` after `shutdown`): only what is needed to go on.
Result<IdentityPtr> StartAuthorityJob::adopt(std::shared_ptr<Identity> made) {
  TRY_ASSIGN(made->certificate, parse_certificate(existing));
  made->key = keys_.find(key_label);
  if (!made->key) return Fault{Code::missing, "the key pair of the certificate server is missing", 0};
  TRY_ASSIGN(const Blob spki, keys_.public_key(made->key));
  if (!equal_bytes(spki, made->certificate.spki)) {
    return Fault{Code::untrusted, "the key pair does not belong to the CA certificate", 0};
  }
  TRY(usable_as_ca(made->certificate, now));
  TRY(serials_->load());
  TRY(index_->load());
  if (load_requests) {
    TRY_ASSIGN(requests, read_requests(store_, label, damaged));
  }
  // Without its file nobody knows which numbers were used; seconds since 1970 times 256 is above all of them.
  if (serials_->last_serial() == 0) serials_->start_at(static_cast<uint64_t>(now) << 8);
  return IdentityPtr(std::move(made));
}

Result<Blob> CrlJob::work() {
  List<RevokedNumber> numbers{general_arena()};
  TRY(index->revoked(ended, numbers));
  List<Revoked> revoked{general_arena()};
  for (const RevokedNumber& n : numbers) TRY(revoked.push(Revoked{serial_magnitude(Bytes(n.serial)), n.when, n.reason}));
  TRY(serials->reserve_crl(number));
  CrlSpec spec;
  spec.issuer = ca->certificate.subject;
  spec.this_update = now;
  spec.next_update = next;
  spec.number = number;
  spec.revoked = std::span<const Revoked>(revoked.begin(), revoked.size());
  spec.issuer_key_id = ca->certificate.subject_key_id;
  TRY_ASSIGN(Blob der, build_crl(spec, keys_, ca->key, ca->hash));
  TRY(write_database_file(store_, database, FileKind::crl, ca->label, der));
  return der;
}

}  // namespace parley::crypto_pki
