// How a phone proves with a certificate who it is.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/capf-server/capf_proof.h"

#include "modules/crypto-pki/certificate.h"
#include "platform/crypto/engine.h"
#include "platform/crypto/rsa_block.h"

namespace parley::capf_server {
namespace {

constexpr size_t kMinFill = 8;          // FF bytes in a type 1 block (RFC 8017 9.2)
constexpr uint8_t kSha512Code = 3;

Fault refuse(const char* why) { return {Code::untrusted, why, 0}; }

// u8 code, u16 length, bytes. False: damaged.
bool coded(ByteReader& r, uint8_t code, Bytes& out) {
  if (r.u8() != code) return false;
  out = r.take(r.u16());
  return r.ok();
}

}  // namespace

Status check_signature_block(Bytes spki, Hash h, Bytes data, Bytes signature) {
  TRY_ASSIGN(const crypto_pki::KeyFacts facts, crypto_pki::key_facts(spki));
  // EC, and RSA with DigestInfo: the ordinary signature.
  if (verify_signature(spki, h, data, signature)) return {};
  if (facts.algorithm != crypto_pki::KeyAlgorithm::rsa) return refuse("the proof is not signed with the key of the certificate");
  if (signature.size() != (facts.bits + 7u) / 8 || signature.size() > 512) return refuse("the proof has the wrong length");
  auto opened = rsa_recover(spki, signature);
  if (!opened) return refuse("the proof is not signed with the key of the certificate");
  const Digest digest = hash(h, data);
  ByteReader r(opened->view());
  bool good = r.u8() == 0 && r.u8() == 1;
  size_t fill = 0;
  while (r.left() > digest.size + 1u && r.u8() == 0xFF) ++fill;
  good = good && fill >= kMinFill && opened->size() == 2 + fill + 1 + digest.size;
  good = good && r.u8() == 0 && equal_bytes(r.rest(), digest.view());
  return good ? Status{} : Status(refuse("the proof is not signed with the key of the certificate"));
}

Status ProofJob::check_chain(PeerJob* job, Bytes der) {
  if (job == nullptr) return refuse("this kind of certificate is not accepted here");
  TRY(job->add(der));
  job->run();
  return job->result();
}

// The label that the phone gives its certificate proves nothing: the issuer decides what it is.
Status ProofJob::judge_issuer(Bytes der) {
  if (input.lsc_revoked && equal_bytes(current.view(), der)) return refuse("the LSC was revoked");
  // A phone that was off, or whose authority has rolled over: it has the key of what we issued to it, and nobody else has.
  if (input.ended_from != 0 && !input.lsc_deleted && !current.empty() && equal_bytes(current.view(), der)) {
    const auto c = crypto_pki::parse_certificate(der);
    if (c && c->not_after < input.now && c->not_after >= input.ended_from) {
      kind = CertificateKind::lsc;
      return {};
    }
  }
  const Status ours = check_chain(lsc.get(), der);
  if (input.mic_only) {
    if (ours) return refuse("an LSC was shown where a MIC is asked for");
    kind = CertificateKind::mic;
    return check_chain(mic.get(), der);
  }
  if (ours) {
    kind = CertificateKind::lsc;
    if (input.lsc_deleted) return refuse("the LSC was deleted");
    if (!current.empty() && !equal_bytes(current.view(), der)) return refuse("the LSC was replaced by another one");
    return {};
  }
  kind = CertificateKind::mic;
  return input.mic_allowed && check_chain(mic.get(), der) ? Status{} : ours;
}

Status ProofJob::check() {
  TRY_ASSIGN(const Elements e, Elements::read(body.view()));
  if (!e.has(kCertificate)) return refuse("the phone sent no certificate");
  auto shown = read_certificate(e.value(kCertificate));
  if (!shown) return refuse("certificate element is damaged");
  auto parsed = crypto_pki::parse_certificate(shown->der);
  if (!parsed || parsed->der.size() != shown->der.size()) return refuse("the certificate is damaged");

  TRY(judge_issuer(shown->der));

  Blob data;
  TRY(data.append(input.device.view()));
  TRY(data.append(std::string_view("\0", 1)));
  TRY(data.append(shown->der));
  if (!e.has(kSignedData)) return refuse("the phone sent no proof");
  TRY(check_signature_block(parsed->spki, Hash::sha1, data.view(), e.value(kSignedData)));
  if (e.has(kSha2SignedData)) {
    ByteReader r(e.value(kSha2SignedData));
    Bytes signature;
    if (!coded(r, kSha512Code, signature) || r.left() != 0) return refuse("the SHA-512 proof is damaged");
    TRY(check_signature_block(parsed->spki, Hash::sha512, data.view(), signature));
  } else if (!input.old_phone) {
    return refuse("the phone sent no SHA-512 proof");
  }
  if (e.has(kSudi)) TRY(check_sudi(e.value(kSudi)));
  return certificate.append(shown->der);
}

// u8 (ignored), u16 length, DER; 01, u16, SHA-1 proof; 03, u16, SHA-512 proof; over the session id, little-endian, and the DER.
Status ProofJob::check_sudi(Bytes value) {
  ByteReader r(value);
  r.skip(1);
  const Bytes der = r.take(r.u16());
  Bytes sha1, sha512;
  if (!r.ok() || !coded(r, 1, sha1) || !coded(r, kSha512Code, sha512) || r.left() != 0) return refuse("the SUDI proof is damaged");
  auto parsed = crypto_pki::parse_certificate(der);
  if (!parsed || parsed->der.size() != der.size()) return refuse("the SUDI certificate is damaged");
  if (parsed->key.algorithm != crypto_pki::KeyAlgorithm::rsa) return {};   // capf.md 5.3: ignored
  if (const Status chain = check_chain(sudi.get(), der); !chain) return chain;
  Blob data;
  uint8_t id[4];
  ByteWriter w{MutBytes(id)};
  w.u32le(input.session);
  TRY(data.append(w.view()));
  TRY(data.append(der));
  TRY(check_signature_block(parsed->spki, Hash::sha1, data.view(), sha1));
  return check_signature_block(parsed->spki, Hash::sha512, data.view(), sha512);
}

namespace {

Status check_rsa(const crypto_pki::KeyFacts& facts, uint16_t bits) {
  const auto no = [](const char* why) { return Fault{Code::invalid, why, 0}; };
  if (facts.algorithm != crypto_pki::KeyAlgorithm::rsa) return no("the phone sent another kind of key than asked for");
  if (facts.bits != bits) return no("the phone sent a key of another size than asked for");
  if (facts.exponent != 3 && facts.exponent != 65537) return no("the RSA exponent is neither 3 nor 65537");
  // RSAPublicKey ::= SEQUENCE { modulus, exponent }: the modulus ends before the INTEGER of the exponent.
  const size_t exponent = facts.exponent == 3 ? 3 : 5;
  if (facts.key.size() <= exponent || (facts.key[facts.key.size() - exponent - 1] & 1) == 0) return no("the RSA modulus is even");
  return {};
}

}  // namespace

Status check_new_key(Bytes spki, const KeyOrder& order) {
  auto facts = crypto_pki::key_facts(spki);
  if (!facts) return Fault{Code::invalid, "the phone's public key is damaged", 0};
  if (order.type == WireKey::rsa) return check_rsa(*facts, order.bits);
  if (facts->algorithm != crypto_pki::KeyAlgorithm::ec_p256)
    return Fault{Code::invalid, "the phone sent another kind of key than asked for", 0};
  if (!ec_point_valid(spki)) return Fault{Code::invalid, "the phone's public key is no point of the curve", 0};
  return {};
}

}  // namespace parley::capf_server
