// X.509 certificates: reading, printing, judging. Weak, old and odd ones are read too: usability() is another question.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>

#include "modules/crypto-pki/name.h"
#include "modules/crypto-pki/trustpoints.h"
#include "platform/base/bytes.h"
#include "platform/base/time.h"
#include "platform/crypto/engine.h"

namespace parley::crypto_pki {

enum class KeyAlgorithm : uint8_t { other, rsa, ec_p256, ec_p384, ec_p521 };

enum class SignatureAlgorithm : uint8_t {
  other, rsa_md5, rsa_sha1, rsa_sha256, rsa_sha384, rsa_sha512, ecdsa_sha1, ecdsa_sha256, ecdsa_sha384, ecdsa_sha512,
};

// Bits of KeyUsage, bit 0 first as in RFC 5280 4.2.1.3.
namespace key_usage {
constexpr uint16_t kDigitalSignature = 1 << 0, kNonRepudiation = 1 << 1, kKeyEncipherment = 1 << 2,
                   kDataEncipherment = 1 << 3, kKeyAgreement = 1 << 4, kKeyCertSign = 1 << 5, kCrlSign = 1 << 6,
                   kEncipherOnly = 1 << 7, kDecipherOnly = 1 << 8;
}

// Known extended key usages; others set kOther.
namespace ext_usage {
constexpr uint16_t kServerAuth = 1 << 0, kClientAuth = 1 << 1, kCodeSigning = 1 << 2, kEmail = 1 << 3,
                   kIpsecEndSystem = 1 << 4, kIpsecTunnel = 1 << 5, kIpsecUser = 1 << 6, kTimeStamping = 1 << 7,
                   kOcspSigning = 1 << 8, kCmcCa = 1 << 9, kCmcRa = 1 << 10, kIpsecIke = 1 << 11, kAny = 1 << 14,
                   kOther = 1 << 15;
}

struct KeyFacts {
  KeyAlgorithm algorithm = KeyAlgorithm::other;
  uint16_t bits = 0;
  uint32_t exponent = 0;   // RSA; 0 when it needs more than 32 bits
  Bytes key;               // RSA: PKCS#1 RSAPublicKey (DER); EC: the point (04 X Y); else the raw bits
};

// Views point into `der`; moving the struct keeps them.
struct Certificate {
  Blob der;
  Bytes tbs;                 // the signed bytes
  uint8_t version = 3;       // 1..3
  Bytes serial;              // content octets as in the certificate (sign byte and all)
  Bytes issuer, subject;     // whole Name
  UnixTime not_before = 0, not_after = 0;
  Bytes spki;                // whole SubjectPublicKeyInfo
  KeyFacts key;
  SignatureAlgorithm signature_algorithm = SignatureAlgorithm::other;
  Bytes signature;           // content of signatureValue
  Bytes extensions;          // content of the Extensions SEQUENCE, empty: none

  bool has_basic_constraints = false, is_ca = false;
  int path_length = -1;      // -1: no limit
  bool has_key_usage = false;
  uint16_t key_usage = 0;
  bool has_ext_usage = false;
  uint16_t ext_usage = 0;
  Bytes subject_key_id;      // key identifier octets
  Bytes authority_key_id;    // key identifier octets
  Bytes alt_names;           // content of GeneralNames
  Bytes crl_url;             // first URI of CRLDistributionPoints
  Bytes ocsp_url;            // first OCSP URI of AuthorityInfoAccess
  Bytes name_constraints;    // value of the extension
  bool requires_policy = false;   // PolicyConstraints: cannot be fulfilled here
  bool unknown_critical = false;

  bool self_issued() const;
};

// Fault invalid: not a certificate; full: larger than kMaxCertificate.
constexpr size_t kMaxCertificate = 16 * 1024;
Result<Certificate> parse_certificate(Bytes der);

// The same from any public key. Fault invalid.
Result<KeyFacts> key_facts(Bytes spki);

struct AltName {
  enum class Kind : uint8_t { dns, ip, uri, email };
  Kind kind = Kind::dns;
  Bytes value;               // text, or 4 (16) address bytes
};
// n-th name of a kind we know; false: no more. `alt_names` as in Certificate.
bool alt_name_at(Bytes alt_names, size_t n, AltName& out);

// Serial number: magnitude without leading zero (trust-files.md 1.4; a negative one is taken as unsigned); 0 = one zero byte.
Bytes serial_magnitude(Bytes serial);
void print_serial(Bytes serial, Writer& out);                       // "0A1B": IOS hex, at least two digits
void print_fingerprint(Bytes der, Hash h, Writer& out);             // "F7E150EA 5E6E3AC5 ..."
const char* signature_algorithm_text(SignatureAlgorithm a);         // "SHA1 with RSA Encryption"
Hash signature_hash(SignatureAlgorithm a);                          // sha256 for `other`

// Signature over tbs with this key. Fault untrusted: does not hold; unsupported: algorithm unknown.
Status verify_certificate(const Certificate& c, Bytes issuer_spki);
// `issuer` may have issued `c`: names, CA right, key usage, signature (not the dates). Fault untrusted.
Status verify_issued(const Certificate& c, const Certificate& issuer);

// May it be used now? ok, or Fault untrusted with a reason for the operator.
Status usability(const Certificate& c, UnixTime now, Purpose purpose);
// As trust anchor or issuer: valid now, CA (v1: self-issued), RSA >= 1024 or EC.
Status usable_as_ca(const Certificate& c, UnixTime now);

}  // namespace parley::crypto_pki
