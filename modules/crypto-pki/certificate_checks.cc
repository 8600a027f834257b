// X.509 certificates: printing and judging.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/crypto-pki/algorithms.h"
#include "modules/crypto-pki/certificate.h"

namespace parley::crypto_pki {

Bytes serial_magnitude(Bytes serial) {
  while (serial.size() > 1 && serial[0] == 0) serial = serial.subspan(1);
  return serial;
}

void print_serial(Bytes serial, Writer& out) {
  const Bytes m = serial_magnitude(serial);
  out.hex_bytes(m.data(), m.size());
}

void print_fingerprint(Bytes der, Hash h, Writer& out) {
  const Digest d = hash(h, der);
  for (size_t i = 0; i < d.size; i += 4) {
    if (i > 0) out.put(' ');
    out.hex_bytes(d.data + i, 4);
  }
}

Status verify_certificate(const Certificate& c, Bytes issuer_spki) {
  return check_signature(c.signature_algorithm, issuer_spki, c.tbs, c.signature);
}

Status verify_issued(const Certificate& c, const Certificate& issuer) {
  const auto no = [](const char* why) { return Fault{Code::untrusted, why, 0}; };
  if (!equal_names(c.issuer, issuer.subject)) return no("issued by another authority");
  if (!c.authority_key_id.empty() && !issuer.subject_key_id.empty() &&
      !equal_bytes(c.authority_key_id, issuer.subject_key_id))
    return no("issued with another key of the authority");
  if (issuer.version == 3 ? !issuer.is_ca : !issuer.self_issued()) return no("the issuer is not a certificate authority");
  if (issuer.has_key_usage && (issuer.key_usage & key_usage::kKeyCertSign) == 0)
    return no("the issuer must not sign certificates");
  return verify_certificate(c, issuer.spki);
}

namespace {

constexpr uint16_t kLegacyRsa = 1024, kModernRsa = 2048;

bool weak_hash(SignatureAlgorithm a) {
  const Hash h = signature_hash(a);
  return h == Hash::md5 || h == Hash::sha1;
}

// nullptr: in time.
const char* out_of_time(const Certificate& c, UnixTime now) {
  if (now < c.not_before) return "certificate is not yet valid";
  if (now > c.not_after) return "certificate has expired";
  return nullptr;
}

const char* too_weak(const Certificate& c, uint16_t rsa_bits) {
  switch (c.key.algorithm) {
    case KeyAlgorithm::other: return "kind of key is not supported";
    case KeyAlgorithm::rsa: break;
    default: return nullptr;
  }
  if (c.key.bits >= rsa_bits) return nullptr;
  return rsa_bits == kModernRsa ? "RSA key is shorter than 2048 bits" : "RSA key is shorter than 1024 bits";
}

}  // namespace

Status usability(const Certificate& c, UnixTime now, Purpose purpose) {
  const auto no = [](const char* why) { return Fault{Code::untrusted, why, 0}; };
  if (purpose == Purpose::any) return {};
  if (const char* why = out_of_time(c, now)) return no(why);
  if (const char* why = too_weak(c, purpose == Purpose::tls_modern ? kModernRsa : kLegacyRsa)) return no(why);
  if (c.unknown_critical) return no("certificate has a critical extension that is not understood");
  if (purpose == Purpose::file_signing && c.key.algorithm != KeyAlgorithm::rsa) return no("phone files are signed with an RSA key");
  if (purpose == Purpose::tls_modern && weak_hash(c.signature_algorithm))
    return no("certificate is signed with MD5 or SHA-1");
  return {};
}

Status usable_as_ca(const Certificate& c, UnixTime now) {
  const auto no = [](const char* why) { return Fault{Code::untrusted, why, 0}; };
  if (const char* why = out_of_time(c, now)) return no(why);
  if (const char* why = too_weak(c, kLegacyRsa)) return no(why);
  if (c.unknown_critical) return no("certificate has a critical extension that is not understood");
  if (c.version == 3 ? !c.is_ca : !c.self_issued()) return no("not a certificate authority");
  if (c.has_key_usage && (c.key_usage & key_usage::kKeyCertSign) == 0) return no("certificate must not sign others");
  return {};
}

}  // namespace parley::crypto_pki
