// Slow work of the SCEP client.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/scep_client_jobs.h"

#include "modules/crypto-pki/certificate_builder.h"
#include "modules/crypto-pki/csr.h"
#include "modules/crypto-pki/name.h"

namespace parley::crypto_pki {
namespace {

constexpr int64_t kDay = 86400;

struct AltNames {
  uint8_t address[4] = {};
  AltName names[2];
  size_t count = 0;
  explicit AltNames(const CsrOrder& o) {
    if (!o.alt_dns.empty()) names[count++] = AltName{AltName::Kind::dns, as_bytes(o.alt_dns.view())};
    if (o.alt_ip == 0) return;
    ByteWriter(MutBytes(address)).u32(o.alt_ip);
    names[count++] = AltName{AltName::Kind::ip, Bytes(address)};
  }
  std::span<const AltName> view() const { return std::span<const AltName>(names, count); }
};

Result<Blob> make_csr(const CsrOrder& order, Keys& keys, KeyRef key, Hash h) {
  const AltNames alt(order);
  CsrSpec spec;
  spec.subject = order.subject;
  spec.challenge = order.challenge;
  spec.alt_names = alt.view();
  spec.ext_usage = order.ext_usage;
  spec.authority = order.authority;
  spec.key_usage = order.key_usage;
  return build_csr(spec, keys, key, h);
}

Result<Blob> self_signed(const CsrOrder& order, Keys& keys, KeyRef key, Hash h, UnixTime begin, UnixTime end, Random& random) {
  TRY_ASSIGN(const Blob spki, keys.public_key(key));
  uint8_t serial[8];
  TRY(random.fill(serial));
  serial[0] = static_cast<uint8_t>((serial[0] & 0x7f) | 0x01);
  const AltNames alt(order);
  CertificateSpec spec;
  spec.role = CertificateRole::self_signed;
  spec.subject = spec.issuer = order.subject;
  spec.serial = Bytes(serial);
  spec.not_before = begin;
  spec.not_after = end;
  spec.spki = spki;
  spec.alt_names = alt.view();
  return build_certificate(spec, keys, key, h);
}

}  // namespace

void CsrJob::run() { result = make_csr(order, keys_, key, hash); }

void SelfSignedJob::run() { result = self_signed(order, keys_, key, hash, now, end, random_); }

Status ScepRequestJob::prepare() {
  Enrolling& e = *state;
  if (!e.csr.empty()) return {};
  TRY_ASSIGN(e.subject, Blob::copy_of(csr.subject));
  const KeyRef wanted = e.new_key ? e.new_key : e.key;
  if (e.signer.empty()) {
    TRY_ASSIGN(e.signer, self_signed(csr, keys_, e.key, e.hash, now - kDay, now + 30 * kDay, random_));
  }
  // Not the hash of the key alone (RFC 8894 3.2.1.1): a key may be used for several enrolments.
  TRY_ASSIGN(const Blob spki, keys_.public_key(wanted));
  uint8_t salt[16];
  TRY(random_.fill(salt));
  char id[64];
  FixedWriter w(id);
  w.hex_bytes(hash2(Hash::sha256, spki, Bytes(salt)).data, 16);
  e.transaction = Text<128>(w.view());
  TRY_ASSIGN(e.csr, make_csr(csr, keys_, wanted, e.hash));
  return {};
}

Result<Blob> ScepRequestJob::work() {
  TRY(prepare());
  const Enrolling& e = *state;
  Blob content;
  if (poll) {
    TRY_ASSIGN(const Certificate ca, parse_certificate(e.ca));
    TRY_ASSIGN(content, write_issuer_and_subject(ca.subject, e.subject));
  } else {
    TRY_ASSIGN(content, Blob::copy_of(e.csr));
  }
  TRY_ASSIGN(const Blob envelope, write_enveloped(content, e.recipient, EnvelopeCipher::aes128_cbc, random_));
  scep.transaction_id = e.transaction;
  scep.type = poll ? ScepMessage::cert_poll : e.renewal ? ScepMessage::renewal_req : ScepMessage::pkcs_req;
  scep.sender.size = 16;
  TRY(random_.fill(MutBytes(scep.sender.data, 16)));
  SignSpec spec;
  spec.content = envelope;
  spec.certificate = e.signer;
  spec.hash = e.hash;
  spec.scep = scep;
  return write_signed(spec, keys_, e.key);
}

Status ScepReplyJob::check_signer(const SignedMessage& m) {
  if (equal_bytes(m.signer, state->ca) || equal_bytes(m.signer, state->recipient)) return {};   // a recipient was checked
  return Fault{Code::untrusted, "the answer is not signed by the authority", 0};
}

Status ScepReplyJob::work() {
  TRY_ASSIGN(const SignedMessage m, read_signed(input));
  TRY(check_signer(m));
  if (m.scep.type != ScepMessage::cert_rep) return Fault{Code::invalid, "the answer is no CertRep", 0};
  if (!(m.scep.transaction_id == state->transaction)) return Fault{Code::untrusted, "the answer has another transaction id", 0};
  if (!equal_bytes(m.scep.recipient.view(), nonce.view())) return Fault{Code::untrusted, "the answer does not return our nonce", 0};
  scep = m.scep;
  hash = m.hash;
  if (scep.status != ScepStatus::success) return {};
  TRY_ASSIGN(const Opened opened, read_enveloped(m.content, state->signer, keys_, state->key));
  TRY_ASSIGN(const Bag bag, read_certificates(opened.plain));
  TRY_ASSIGN(const Blob own_key, keys_.public_key(state->new_key ? state->new_key : state->key));
  const Bytes spki = state->wanted_key.empty() ? own_key.view() : state->wanted_key.view();
  TRY_ASSIGN(const Certificate ca, parse_certificate(state->ca));
  for (const Bytes der : bag.certificates) {
    const Result<Certificate> c = parse_certificate(der);
    if (!c || !equal_bytes(c->spki, spki)) continue;
    TRY(verify_issued(*c, ca));
    return certificate.append(der);
  }
  return Fault{Code::missing, "the answer has no certificate for our key", 0};
}

namespace {

bool below(const Certificate& c, Bytes authority) {
  const Result<Certificate> above = parse_certificate(authority);
  return above && !c.self_issued() && equal_names(c.issuer, above->subject);
}

}  // namespace

Result<CaAnswer> read_ca_answer(Bytes body) {
  CaAnswer out;
  if (parse_certificate(body)) {
    TRY_ASSIGN(out.ca, Blob::copy_of(body));
    TRY_ASSIGN(out.recipient, Blob::copy_of(body));
    return out;
  }
  TRY_ASSIGN(const Bag bag, read_certificates(body));
  for (const Bytes der : bag.certificates) {
    const Result<Certificate> c = parse_certificate(der);
    if (!c) continue;
    if (!c->is_ca) {                                     // RA: the one for encryption
      const bool encrypts = !c->has_key_usage || (c->key_usage & key_usage::kKeyEncipherment) != 0;
      if (encrypts && out.recipient.empty()) TRY(out.recipient.append(der));
    } else if (out.ca.empty() || below(*c, out.ca)) {    // of a chain the one that issues: the lowest
      out.ca.clear();
      TRY(out.ca.append(der));
    }
  }
  if (out.ca.empty()) return Fault{Code::missing, "the answer has no CA certificate", 0};
  if (out.recipient.empty()) TRY(out.recipient.append(out.ca));
  return out;
}

}  // namespace parley::crypto_pki
