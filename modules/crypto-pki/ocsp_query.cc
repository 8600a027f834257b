// Asking an OCSP responder: the request and what an answer is worth.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/ocsp_query.h"

#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/oids.h"

namespace parley::crypto_pki {
namespace {

constexpr uint8_t kBasic[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01};
constexpr uint8_t kNonce[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x02};
constexpr UnixTime kSkew = 300, kDay = 86400;
constexpr size_t kMaxAnswers = 64, kMaxSigners = 8;

Fault broken() { return Fault{Code::invalid, "OCSP answer cannot be read", 0}; }
Fault no(const char* why) { return Fault{Code::untrusted, why, 0}; }

struct Answer {
  Bytes tbs, signature, certificates;
  SignatureAlgorithm algorithm = SignatureAlgorithm::other;
  DerValue responder;
  Bytes responses, extensions;
};

bool read_frame(Bytes input, Answer& a, uint8_t& status) {
  DerReader all(input);
  DerReader r = all.enter(tag::kSequence);
  const Bytes code = r.expect(tag::kEnumerated).content;
  if (code.size() != 1 || !all.done()) return false;
  status = code[0];
  if (status != 0) return r.ok();
  DerReader outer = r.enter(tag::constructed(0));
  DerReader typed = outer.enter(tag::kSequence);
  if (!equal_bytes(typed.oid(), kBasic)) return false;
  DerReader bytes(typed.expect(tag::kOctetString).content);
  if (!typed.done() || !outer.done() || !r.done()) return false;
  DerReader basic = bytes.enter(tag::kSequence);
  const DerValue tbs = basic.expect(tag::kSequence);
  a.tbs = tbs.whole;
  a.algorithm = read_signature_algorithm(basic);
  a.signature = basic.bits();
  DerValue certificates;
  if (basic.optional(tag::constructed(0), certificates)) a.certificates = certificates.content;
  if (!basic.done() || !bytes.done()) return false;
  DerReader t(tbs.content);
  DerValue version, extensions;
  (void)t.optional(tag::constructed(0), version);
  a.responder = t.any();
  (void)t.time();
  a.responses = t.expect(tag::kSequence).content;
  if (t.optional(tag::constructed(1), extensions)) a.extensions = extensions.content;
  return t.done();
}

// A responder without nonce is taken (RFC 8954 2.1: it may precompute); one with another nonce is a replay.
bool nonce_fits(Bytes extensions, Bytes nonce) {
  DerReader outer(extensions);
  DerReader list = outer.enter(tag::kSequence);
  while (!list.empty()) {
    DerReader e = list.enter(tag::kSequence);
    const Bytes o = e.oid();
    DerValue critical;
    (void)e.optional(tag::kBoolean, critical);
    DerReader value(e.expect(tag::kOctetString).content);
    if (!e.done()) return false;
    if (equal_bytes(o, kNonce) && !equal_bytes(value.expect(tag::kOctetString).content, nonce)) return false;
  }
  return list.ok();
}

bool is_responder(const DerValue& id, const Certificate& c) {
  DerReader inside(id.content);
  if (id.tag == tag::constructed(1)) return equal_names(inside.any().whole, c.subject);
  if (id.tag != tag::constructed(2)) return false;
  const Result<Digest> key = key_identifier(c.spki);
  return key && equal_bytes(inside.expect(tag::kOctetString).content, key->view());
}

Status check_signer(const Answer& a, const Certificate& issuer, UnixTime now) {
  if (is_responder(a.responder, issuer)) {
    if (!check_signature(a.algorithm, issuer.spki, a.tbs, a.signature)) return no("signature of the OCSP answer is wrong");
    return {};
  }
  DerReader outer(a.certificates);
  DerReader list = outer.enter(tag::kSequence);
  for (size_t n = 0; !list.empty() && n < kMaxSigners; ++n) {
    const Result<Certificate> c = parse_certificate(list.any().whole);
    if (!c || !is_responder(a.responder, *c)) continue;
    if (!c->has_ext_usage || (c->ext_usage & ext_usage::kOcspSigning) == 0) return no("signer of the OCSP answer must not do that");
    if (now < c->not_before || now > c->not_after) return no("certificate of the OCSP responder is not valid now");
    if (c->unknown_critical || !verify_issued(*c, issuer)) return no("the OCSP responder was not named by the authority");
    if (!check_signature(a.algorithm, c->spki, a.tbs, a.signature)) return no("signature of the OCSP answer is wrong");
    return {};
  }
  return no("signer of the OCSP answer is not known");
}

struct CertId {
  Bytes name_hash, key_hash, serial;
  Hash hash = Hash::sha1;
};

bool read_cert_id(DerReader& r, CertId& id) {
  DerReader s = r.enter(tag::kSequence);
  const bool known = hash_from_oid(read_algorithm_oid(s), id.hash);
  id.name_hash = s.expect(tag::kOctetString).content;
  id.key_hash = s.expect(tag::kOctetString).content;
  id.serial = s.integer();
  return s.done() && known;
}

Result<bool> is_about(const CertId& id, const Certificate& c, const Certificate& issuer) {
  if (!equal_bytes(serial_magnitude(id.serial), serial_magnitude(c.serial))) return false;
  DerReader all(issuer.spki);
  DerReader spki = all.enter(tag::kSequence);
  (void)spki.any();
  const Bytes key = spki.bits();
  if (!spki.done()) return broken();
  return equal_bytes(id.name_hash, hash(id.hash, c.issuer).view()) && equal_bytes(id.key_hash, hash(id.hash, key).view());
}

Result<OcspVerdict> read_single(DerReader& r, UnixTime now) {
  OcspVerdict v;
  const DerValue status = r.any();
  const UnixTime from = r.time();
  UnixTime until = from + kDay;
  DerValue next;
  if (r.optional(tag::constructed(0), next)) {
    DerReader t(next.content);
    until = t.time();
    if (!t.done()) return broken();
  }
  if (!r.ok()) return broken();
  if (from > now + kSkew) return no("OCSP answer is from the future");
  if (until + kSkew < now) return no("OCSP answer is too old");
  v.good_until = until;
  if (status.tag == tag::context(0)) return v;
  if (status.tag != tag::constructed(1)) return Fault{Code::unsupported, "the OCSP responder does not know the certificate", 0};
  DerReader revoked(status.content);
  v.revoked = true;
  v.revoked_at = revoked.time();
  return v;
}

}  // namespace

Result<Blob> ocsp_request(const Certificate& c, const Certificate& issuer, Bytes nonce) {
  TRY_ASSIGN(const Digest key, key_identifier(issuer.spki));
  Blob out, value;
  DerWriter n(value);
  n.octets(nonce);
  DerWriter w(out);
  const size_t request = w.begin(tag::kSequence), tbs = w.begin(tag::kSequence), list = w.begin(tag::kSequence);
  const size_t one = w.begin(tag::kSequence), id = w.begin(tag::kSequence);
  w.algorithm(oid::kSha1, true);
  w.octets(hash(Hash::sha1, c.issuer).view());
  w.octets(key.view());
  w.value(tag::kInteger, c.serial);
  for (const size_t mark : {id, one, list}) w.end(mark);
  const size_t outer = w.begin(tag::constructed(2)), extensions = w.begin(tag::kSequence);
  write_extension(w, kNonce, false, value);
  for (const size_t mark : {extensions, outer, tbs, request}) w.end(mark);
  TRY(n.status());
  TRY(w.status());
  return out;
}

Result<OcspVerdict> read_ocsp_answer(Bytes answer, const Certificate& c, const Certificate& issuer, Bytes nonce, UnixTime now) {
  if (answer.size() > kMaxOcspAnswer) return Fault{Code::full, "OCSP answer is too large", 0};
  Answer a;
  uint8_t status = 0;
  if (!read_frame(answer, a, status)) return broken();
  if (status != 0) return Fault{Code::unsupported, "the OCSP responder refused to answer", status};
  if (!a.extensions.empty() && !nonce_fits(a.extensions, nonce)) return no("OCSP answer is not for this question (nonce)");
  TRY(check_signer(a, issuer, now));
  DerReader list(a.responses);
  for (size_t i = 0; !list.empty() && i < kMaxAnswers; ++i) {
    DerReader one = list.enter(tag::kSequence);
    CertId id;
    if (!read_cert_id(one, id)) continue;
    TRY_ASSIGN(const bool mine, is_about(id, c, issuer));
    if (mine) return read_single(one, now);
  }
  return no("OCSP answer is about another certificate");
}

}  // namespace parley::crypto_pki
