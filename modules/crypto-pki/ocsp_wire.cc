// OCSP requests and answers.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ocsp_wire.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/der.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {
namespace {

Fault broken() { return Fault{Code::invalid, "not an OCSP request", 0}; }

bool read_question(DerReader& list, OcspQuestion& q) {
  DerReader request = list.enter(tag::kSequence);
  const DerValue id = request.expect(tag::kSequence);
  DerValue single_extensions;
  (void)request.optional(tag::constructed(0), single_extensions);
  if (!request.done()) return false;
  q.id = id.whole;
  DerReader r(id.content);
  q.hash_oid = read_algorithm_oid(r);
  q.name_hash = r.expect(tag::kOctetString).content;
  q.key_hash = r.expect(tag::kOctetString).content;
  q.serial = r.integer();
  return r.done();
}

bool read_extensions(Bytes content, OcspRequest& out) {
  DerReader outer(content);
  DerReader list = outer.enter(tag::kSequence);
  if (!outer.done()) return false;
  while (!list.empty()) {
    DerReader e = list.enter(tag::kSequence);
    const Bytes o = e.oid();
    DerValue critical;
    const bool must = e.optional(tag::kBoolean, critical) && !critical.content.empty() && critical.content[0] != 0;
    const Bytes value = e.expect(tag::kOctetString).content;
    if (!e.done()) return false;
    if (equal_bytes(o, oid::kOcspNonce)) {
      if (value.empty() || value.size() > kMaxOcspNonce || !out.nonce.empty()) return false;
      out.nonce = value;
    } else if (must) {
      return false;
    }
  }
  return list.ok();
}

size_t begin_explicit(DerWriter& w, unsigned n) { return w.begin(tag::constructed(n)); }

void write_time(DerWriter& w, UnixTime t) {   // GeneralizedTime always (RFC 6960 4.2.2.1)
  const Calendar c = to_calendar(t);
  char text[20];
  FixedWriter o(text);
  o.dec(c.year, 4, '0').dec(c.month, 2, '0').dec(c.day, 2, '0').dec(c.hour, 2, '0').dec(c.minute, 2, '0').dec(c.second, 2, '0');
  o.put('Z');
  w.text(tag::kGeneralizedTime, o.view());
}

void write_revoked(DerWriter& w, const OcspAnswer& a) {
  const size_t info = w.begin(tag::constructed(1));   // IMPLICIT RevokedInfo
  write_time(w, a.revoked_at);
  if (a.reason != 0) {
    const size_t reason = begin_explicit(w, 0);
    const uint8_t value[] = {a.reason};
    w.value(tag::kEnumerated, value);
    w.end(reason);
  }
  w.end(info);
}

void write_answer(DerWriter& w, const OcspAnswer& a, const OcspSpec& spec) {
  const size_t single = w.begin(tag::kSequence);
  w.raw(a.id);
  switch (a.state) {
    case OcspAnswer::State::good: w.value(tag::context(0), {}); break;
    case OcspAnswer::State::revoked: write_revoked(w, a); break;
    case OcspAnswer::State::unknown: w.value(tag::context(2), {}); break;
  }
  write_time(w, spec.this_update);
  const size_t next = begin_explicit(w, 0);
  write_time(w, spec.next_update);
  w.end(next);
  w.end(single);
}

Status write_data(DerWriter& w, const OcspSpec& spec, Bytes key_id) {
  const size_t data = w.begin(tag::kSequence);
  const size_t responder = begin_explicit(w, 2);   // byKey: SHA-1 of the key, whatever the hash of the question
  w.octets(key_id);
  w.end(responder);
  write_time(w, spec.produced);
  const size_t list = w.begin(tag::kSequence);
  for (const OcspAnswer& a : spec.answers) write_answer(w, a, spec);
  w.end(list);
  if (!spec.nonce.empty()) {
    const size_t outer = begin_explicit(w, 1);
    const size_t extensions = w.begin(tag::kSequence);
    write_extension(w, oid::kOcspNonce, false, spec.nonce);
    w.end(extensions);
    w.end(outer);
  }
  w.end(data);
  return w.status();
}

void write_status(DerWriter& w, OcspStatus s) {
  const uint8_t value[] = {static_cast<uint8_t>(s)};
  w.value(tag::kEnumerated, value);
}

}  // namespace

Result<OcspRequest> parse_ocsp_request(Bytes der) {
  if (der.size() > kMaxOcspRequest) return Fault{Code::full, "OCSP request is too large", static_cast<uint32_t>(der.size())};
  OcspRequest out;
  TRY_ASSIGN(out.der, Blob::copy_of(der));
  DerReader all(out.der);
  DerReader outer = all.enter(tag::kSequence);
  DerReader r = outer.enter(tag::kSequence);
  DerValue v;
  (void)outer.optional(tag::constructed(0), v);   // signature
  if (!outer.done() || !all.done()) return broken();
  (void)r.optional(tag::constructed(0), v);       // version
  (void)r.optional(tag::constructed(1), v);       // requestorName
  DerReader list = r.enter(tag::kSequence);
  while (!list.empty()) {
    if (out.count == kMaxOcspQuestions) return Fault{Code::full, "OCSP request asks too much", 0};
    if (!read_question(list, out.questions[out.count++])) return broken();
  }
  DerValue extensions;
  const bool more = r.optional(tag::constructed(2), extensions);
  if (!r.done() || !list.ok() || out.count == 0 || (more && !read_extensions(extensions.content, out))) return broken();
  return out;
}

bool ocsp_asks_for(const OcspQuestion& q, const Certificate& issuer) {
  Hash h;
  if (!hash_from_oid(q.hash_oid, h) || h == Hash::md5) return false;
  if (!equal_bytes(q.name_hash, hash(h, issuer.subject).view())) return false;
  DerReader all(issuer.spki);
  DerReader r = all.enter(tag::kSequence);
  (void)r.expect(tag::kSequence);
  const Bytes bits = r.bits();
  return r.done() && equal_bytes(q.key_hash, hash(h, bits).view());
}

Result<Blob> build_ocsp_response(const OcspSpec& spec, Keys& keys, KeyRef signer, Hash h) {
  TRY_ASSIGN(const SignatureAlgorithm a, algorithm_for_key(keys, signer, h));
  TRY_ASSIGN(const Blob spki, keys.public_key(signer));
  TRY_ASSIGN(const Digest key_id, key_identifier(spki));
  Blob data;
  DerWriter d(data);
  TRY(write_data(d, spec, key_id.view()));
  TRY_ASSIGN(const Blob basic, sign_body(data, a, keys, signer, h));   // BasicOCSPResponse has the frame of certificates
  Blob out;
  DerWriter w(out);
  const size_t response = w.begin(tag::kSequence);
  write_status(w, OcspStatus::successful);
  const size_t outer = begin_explicit(w, 0);
  const size_t bytes = w.begin(tag::kSequence);
  w.oid(oid::kOcspBasic);
  w.octets(basic);
  w.end(bytes);
  w.end(outer);
  w.end(response);
  TRY(w.status());
  return out;
}

Result<Blob> build_ocsp_error(OcspStatus status) {
  Blob out;
  DerWriter w(out);
  const size_t response = w.begin(tag::kSequence);
  write_status(w, status);
  w.end(response);
  TRY(w.status());
  return out;
}

}  // namespace parley::crypto_pki
