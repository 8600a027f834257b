// Slow work of a certificate server.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ca_jobs.h"

#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/crl.h"
#include "modules/crypto-pki/cms.h"
#include "modules/crypto-pki/database_files.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/pem_text.h"
#include "modules/crypto-pki/pkcs12.h"

namespace parley::crypto_pki {
namespace {

// RFC 8894 4.7.1: the certificate in a certs-only message, that one signed by the authority of today.
Result<Successor> successor_of(const Identity& today, std::shared_ptr<const Identity> next, Keys& keys) {
  const Bytes only[] = {next->certificate.der.view()};
  TRY_ASSIGN(const Blob bag, write_certificates(only, {}));
  SignSpec spec;
  spec.content = bag;
  spec.certificate = today.certificate.der;
  spec.hash = today.hash;
  TRY_ASSIGN(Blob message, write_signed(spec, keys, today.key));
  return Successor{std::move(next), std::make_shared<const Blob>(std::move(message))};
}

struct NewAuthority {
  Bytes name;
  uint64_t number = 0;
  UnixTime from = 0, to = 0;
};

Result<Certificate> self_signed(const NewAuthority& a, KeyRef key, Hash h, Keys& keys) {
  TRY_ASSIGN(const Blob spki, keys.public_key(key));
  uint8_t buffer[8];
  CertificateSpec spec;
  spec.role = CertificateRole::ca;
  spec.subject = spec.issuer = a.name;
  spec.serial = serial_bytes(a.number, buffer);
  spec.not_before = a.from;
  spec.not_after = a.to;
  spec.spki = spki;
  TRY_ASSIGN(const Blob der, build_certificate(spec, keys, key, h));
  TRY_ASSIGN(Certificate made, parse_certificate(der));
  TRY(verify_certificate(made, spki));  // a broken engine must not start an authority
  return made;
}

}  // namespace

size_t chain_of(const Identity& identity, Bytes (&out)[kMaxUpper + 1]) {
  size_t n = 0;
  out[n++] = identity.certificate.der;
  DerReader list(identity.upper);
  while (!list.empty() && n <= kMaxUpper) out[n++] = list.any().whole;
  return n;
}

// The key pair that is written into the archive; the server itself signs with a copy that nobody can export.
KeyLabel StartAuthorityJob::archive_key() const {
  char text[KeyLabel::kCapacity];
  FixedWriter w(text);
  w.put(key_label.view().substr(0, KeyLabel::kCapacity - 8)).put(".archive");
  return KeyLabel(w.view());
}

Result<KeyRef> StartAuthorityJob::key_pair() {
  const bool archived = !archive.passphrase.empty();
  KeyRef found = keys_.find(key_label);
  KeyRef source = keys_.find(archive_key());
  if (found && !source) {
    TRY_ASSIGN(const KeyInfo info, keys_.info(found));
    if (archived && !info.exportable) return Fault{Code::denied, "the key pair is not exportable, no archive can be written", 0};
    return found;
  }
  if (!archived) {
    if (found) return found;
    generated = true;
    return keys_.generate(key_label, KeyType::rsa, key_bits, KeyUse::general, false);
  }
  if (!source) {
    generated = true;
    TRY_ASSIGN(source, keys_.generate(archive_key(), KeyType::rsa, key_bits, KeyUse::general, true));
  }
  if (found) return found;   // the power failed between the copy and the certificate
  TRY_ASSIGN(const Blob pem, keys_.export_key(source, archive.passphrase));
  return keys_.import_key(key_label, pem, archive.passphrase, false);
}

Status StartAuthorityJob::write_archive(Bytes certificate) {
  if (archive.passphrase.empty()) return {};
  KeyRef source = keys_.find(archive_key());
  if (!source) source = keys_.find(key_label);
  if (archive.pem) {
    Blob text;
    TRY(write_pem(certificate, "CERTIFICATE", true, text));
    TRY_ASSIGN(const Blob key, keys_.export_key(source, archive.passphrase));
    TRY(text.append(key));
    return write_database_file(store_, archive.database, FileKind::pem, label, text);
  }
  Pkcs12Spec spec;
  const Bytes only[] = {certificate};
  spec.key = source;
  spec.name = label;
  spec.certificates = only;
  TRY_ASSIGN(const Blob file, write_pkcs12(spec, archive.passphrase, keys_, random_));
  return write_database_file(store_, archive.database, FileKind::p12, label, file);
}

Result<IdentityPtr> StartAuthorityJob::work() {
  auto made = std::make_shared<Identity>();
  made->label = label;
  made->hash = hash;
  made->mode = mode;
  made->upper = std::move(upper);
  if (!existing.empty()) return adopt(std::move(made));
  TRY_ASSIGN(made->key, key_pair());
  TRY(serials_->load());
  TRY(index_->load());
  TRY(index_->clear());   // of an authority that had this label before
  serials_->start_at(first_serial);
  const uint64_t number = serials_->next_serial();
  TRY(serials_->reserve(number));
  TRY_ASSIGN(made->certificate, self_signed(NewAuthority{name, number, now, end}, made->key, hash, keys_));
  TRY(write_archive(made->certificate.der));
  TRY_ASSIGN(ChainItem item, copy_item(ChainKind::ca, made->certificate.der));
  TRY(write_chain(store_, label, std::span<const ChainItem>(&item, 1)));
  (void)keys_.remove(archive_key());
  return IdentityPtr(std::move(made));
}

// A subordinate or registration authority: who issued its certificate, and may it be what it is to be?
Status StartAuthorityJob::check_role(Identity& made) const {
  if (mode != ServerMode::registration) TRY(usable_as_ca(made.certificate, now));
  if (mode == ServerMode::root) return {};
  const Certificate& c = made.certificate;
  if (c.not_before > now || c.not_after < now) return Fault{Code::untrusted, "the certificate of the registration authority is not valid now", 0};
  if (mode == ServerMode::registration && !transparent && !marked_as_ra(c.subject, c.ext_usage)) {
    return Fault{Code::untrusted, "the certificate is not one of a registration authority (mode ra transparent takes any)", 0};
  }
  DerReader list(made.upper);
  while (!list.empty()) {
    TRY_ASSIGN(Certificate above, parse_certificate(list.any().whole));
    if (!verify_issued(c, above)) continue;
    made.issuer = std::move(above);
    return {};
  }
  return Fault{Code::missing, "the certificate of the issuing authority is missing", 0};
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
  TRY(check_role(*made));
  TRY(serials_->load());
  TRY(index_->load());
  if (load_requests) {
    TRY_ASSIGN(requests, read_requests(store_, label, damaged));
  }
  // Without its file nobody knows which numbers were used; seconds since 1970 times 256 is above all of them.
  if (serials_->last_serial() == 0) serials_->start_at(static_cast<uint64_t>(now) << 8);
  if (keys_.find(archive_key())) (void)keys_.remove(archive_key());
  if (!next.empty()) {
    auto follower = std::make_shared<Identity>();
    follower->label = label;
    follower->hash = hash;
    follower->key = keys_.find(next_key_label);
    TRY_ASSIGN(follower->certificate, parse_certificate(next));
    TRY_ASSIGN(successor, successor_of(*made, std::move(follower), keys_));
  }
  return IdentityPtr(std::move(made));
}

Result<Successor> RolloverJob::work() {
  if (keys_.find(key_label)) TRY(keys_.remove(key_label));
  auto next = std::make_shared<Identity>();
  next->label = ca->label;
  next->hash = ca->hash;
  TRY_ASSIGN(next->key, keys_.generate(key_label, KeyType::rsa, key_bits, KeyUse::general, false));
  const uint64_t number = serials->next_serial();
  TRY(serials->reserve(number));
  const NewAuthority a{ca->certificate.subject, number, ca->certificate.not_after, end};
  TRY_ASSIGN(next->certificate, self_signed(a, next->key, next->hash, keys_));
  return successor_of(*ca, std::move(next), keys_);
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
