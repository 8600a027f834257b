// Certificate revocation lists.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/crl.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {

namespace {

Fault broken() { return Fault{Code::invalid, "not a revocation list", 0}; }

void write_reason(DerWriter& w, uint8_t reason) {
  const uint8_t enumerated[] = {tag::kEnumerated, 1, reason};
  const size_t s = w.begin(tag::kSequence);
  write_extension(w, oid::kReason, false, enumerated);
  w.end(s);
}

Status write_revoked(DerWriter& w, std::span<const Revoked> list) {
  if (list.empty()) return {};   // RFC 5280 5.1.2.6: absent when there is none
  const size_t s = w.begin(tag::kSequence);
  for (const Revoked& r : list) {
    if (r.serial.empty() || r.reason > 10 || r.reason == 7) return Fault{Code::invalid, "broken entry for a CRL", 0};
    const size_t entry = w.begin(tag::kSequence);
    w.unsigned_integer(r.serial);
    w.time(r.when);
    if (r.reason != 0) write_reason(w, r.reason);
    w.end(entry);
  }
  w.end(s);
  return {};
}

void write_list_extensions(DerWriter& w, const CrlSpec& spec, Bytes issuer_id) {
  Blob authority, number;
  DerWriter a(authority), n(number);
  write_authority_key_id(a, issuer_id);
  n.integer(spec.number);
  if (!a.ok() || !n.ok()) w.fail();
  const size_t outer = w.begin(tag::constructed(0));
  const size_t list = w.begin(tag::kSequence);
  write_extension(w, oid::kAuthorityKeyId, false, authority);
  write_extension(w, oid::kCrlNumber, false, number);
  w.end(list);
  w.end(outer);
}

bool read_list_extensions(Bytes content, Crl& c) {
  DerReader all(content);
  DerReader r = all.enter(tag::kSequence);
  while (!r.empty()) {
    DerReader e = r.enter(tag::kSequence);
    const Bytes o = e.oid();
    DerValue critical;
    const bool is_critical = e.optional(tag::kBoolean, critical) && !critical.content.empty() && critical.content[0] != 0;
    DerReader value(e.expect(tag::kOctetString).content);
    if (!e.done()) return false;
    if (equal_bytes(o, oid::kCrlNumber)) {
      (void)value.unsigned_integer(c.number);   // a number of more than 64 bits is of no use to us
    } else if (equal_bytes(o, oid::kAuthorityKeyId)) {
      DerReader inside = value.enter(tag::kSequence);
      DerValue id;
      if (inside.optional(tag::context(0), id)) c.authority_key_id = id.content;
    } else if (is_critical) {
      c.unknown_critical = true;   // a delta or an indirect list, for example
    }
  }
  return r.ok() && all.done();
}

bool read_entry(DerReader& list, Revoked& out) {
  DerReader e = list.enter(tag::kSequence);
  out.serial = e.integer();
  out.when = e.time();
  out.reason = 0;
  if (e.next_is(tag::kSequence)) {
    DerReader extensions = e.enter(tag::kSequence);
    while (!extensions.empty()) {
      DerReader x = extensions.enter(tag::kSequence);
      const Bytes o = x.oid();
      DerValue critical;
      (void)x.optional(tag::kBoolean, critical);
      DerReader value(x.expect(tag::kOctetString).content);
      if (!x.done()) return false;
      if (!equal_bytes(o, oid::kReason)) continue;
      const Bytes reason = value.expect(tag::kEnumerated).content;
      if (reason.size() != 1) return false;
      out.reason = reason[0];
    }
    if (!extensions.ok()) return false;
  }
  return e.done() && list.ok();
}

}  // namespace

Result<Blob> build_crl(const CrlSpec& spec, Keys& keys, KeyRef signer, Hash h) {
  if (spec.issuer.empty() || spec.next_update < spec.this_update)
    return Fault{Code::invalid, "CRL needs an issuer and an end after its begin", 0};
  TRY_ASSIGN(const SignatureAlgorithm a, algorithm_for_key(keys, signer, h));
  TRY_ASSIGN(const Blob spki, keys.public_key(signer));
  TRY_ASSIGN(const Digest id, key_identifier(spki));
  Blob tbs;
  DerWriter w(tbs);
  const size_t s = w.begin(tag::kSequence);
  w.integer(1);
  write_signature_algorithm(w, a);
  w.raw(spec.issuer);
  w.time(spec.this_update);
  w.time(spec.next_update);
  TRY(write_revoked(w, spec.revoked));
  write_list_extensions(w, spec, spec.issuer_key_id.empty() ? id.view() : spec.issuer_key_id);
  w.end(s);
  TRY(w.status());
  return sign_body(tbs, a, keys, signer, h);
}

Result<Crl> parse_crl(Bytes der) {
  if (der.size() > kMaxCrl) return Fault{Code::full, "revocation list is too large", static_cast<uint32_t>(der.size())};
  Crl c;
  TRY_ASSIGN(c.der, Blob::copy_of(der));
  DerReader all(c.der);
  DerReader r = all.enter(tag::kSequence);
  const DerValue tbs = r.expect(tag::kSequence);
  c.tbs = tbs.whole;
  c.signature_algorithm = read_signature_algorithm(r);
  c.signature = r.bits();
  if (!r.done() || !all.done()) return broken();
  DerReader t(tbs.content);
  uint64_t version = 0;
  if (t.next_is(tag::kInteger) && (!t.unsigned_integer(version) || version > 1)) return broken();
  (void)read_signature_algorithm(t);
  c.issuer = t.expect(tag::kSequence).whole;
  c.this_update = t.time();
  if (t.next_is(tag::kUtcTime) || t.next_is(tag::kGeneralizedTime)) c.next_update = t.time();
  DerValue entries, extensions;
  if (t.optional(tag::kSequence, entries)) c.entries = entries.content;
  if (t.optional(tag::constructed(0), extensions) && !read_list_extensions(extensions.content, c)) return broken();
  if (!t.done()) return broken();
  // Every entry now: a search must not end at a broken one and call a certificate good.
  TRY(each_revoked(c, [](void*, const Revoked&) { return true; }, nullptr));
  return c;
}

Status verify_crl(const Crl& crl, Bytes issuer_spki) {
  return check_signature(crl.signature_algorithm, issuer_spki, crl.tbs, crl.signature);
}

Status each_revoked(const Crl& crl, EachRevoked each, void* context) {
  DerReader list(crl.entries);
  while (!list.empty()) {
    Revoked r;
    if (!read_entry(list, r)) return broken();
    if (!each(context, r)) return {};
  }
  return {};
}

bool find_revoked(const Crl& crl, Bytes serial, Revoked& out) {
  struct Search {
    Bytes wanted;
    Revoked* out;
    bool found;
  } search{serial_magnitude(serial), &out, false};
  (void)each_revoked(crl, [](void* context, const Revoked& r) {
    auto* s = static_cast<Search*>(context);
    if (!equal_bytes(serial_magnitude(r.serial), s->wanted)) return true;
    *s->out = r;
    s->found = true;
    return false;
  }, &search);
  return search.found;
}

}  // namespace parley::crypto_pki
