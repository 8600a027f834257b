// CMS (RFC 5652) as SCEP (RFC 8894) needs it: signed messages with SCEP attributes, envelopes, bags of certificates.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "modules/crypto-pki/certificate.h"
#include "platform/base/memory.h"

namespace parley::crypto_pki {

constexpr size_t kMaxCms = 128 * 1024;        // larger input is refused before anything is copied
constexpr size_t kMaxCmsCertificates = 32;

enum class ScepMessage : uint8_t { none = 0, cert_rep = 3, renewal_req = 17, pkcs_req = 19, cert_poll = 20, get_cert = 21,
                                   get_crl = 22 };
enum class ScepStatus : uint8_t { success = 0, failure = 2, pending = 3, none = 255 };
enum class ScepFail : uint8_t { bad_alg = 0, bad_message_check = 1, bad_request = 2, bad_time = 3, bad_cert_id = 4,
                                none = 255 };

struct Nonce {
  uint8_t data[32] = {};
  uint8_t size = 0;           // 0: absent; SCEP says 16
  Bytes view() const { return Bytes(data, size); }
  bool set(Bytes b);          // false: longer than 32
};

struct ScepAttributes {
  Text<128> transaction_id;
  ScepMessage type = ScepMessage::none;
  ScepStatus status = ScepStatus::none;
  ScepFail fail = ScepFail::none;
  Nonce sender, recipient;
};

// Views point into `der`; moving the struct keeps them.
struct SignedMessage {
  Blob der;
  Bytes content;              // encapsulated content; empty: none (a pkiMessage without pkcsPKIEnvelope)
  Bytes signer;               // certificate of the signer (self-signed by a new client, or issued before)
  Bytes certificates;         // all certificates, back to back
  Hash hash = Hash::sha256;   // digest algorithm of the signer
  ScepAttributes scep;
};

// [job] Reads, checks digest and signature with the certificate inside (trust in it is the caller's question).
// Faults: invalid, full, denied (RSA key of the signer too short), untrusted (digest or signature wrong, signer's certificate
// not enclosed), unsupported.
Result<SignedMessage> read_signed(Bytes der);

struct SignSpec {
  Bytes content;                       // empty: no content (pending, failure)
  Bytes certificate;                   // of the signer
  std::span<const Bytes> more_certificates;
  ScepAttributes scep;                 // absent members are left out
  UnixTime signing_time = 0;           // 0: attribute left out
  Hash hash = Hash::sha256;
};
// [job]
Result<Blob> write_signed(const SignSpec& spec, Keys& keys, KeyRef key);

enum class EnvelopeCipher : uint8_t { des_cbc, des3_cbc, aes128_cbc, aes192_cbc, aes256_cbc };
const char* envelope_cipher_name(EnvelopeCipher c);   // "AES-128-CBC"

// For one RSA recipient (issuer + serial number of its certificate). Faults: invalid, full, io, unsupported (EC recipient).
Result<Blob> write_enveloped(Bytes plain, Bytes recipient_certificate, EnvelopeCipher cipher, Random& random);

struct Opened {
  Blob plain;
  EnvelopeCipher cipher = EnvelopeCipher::aes128_cbc;
};
// [job] Faults: invalid, full, missing (we are no recipient), unsupported (cipher or key transport), untrusted (does not open).
Result<Opened> read_enveloped(Bytes der, Bytes own_certificate, Keys& keys, KeyRef key);

// Certs-only ("degenerate") SignedData.
Result<Blob> write_certificates(std::span<const Bytes> certificates, std::span<const Bytes> crls);
struct Bag {
  Blob der;
  List<Bytes> certificates{general_arena()};
  List<Bytes> crls{general_arena()};
};
// Signatures, if any, are not looked at. Fault full: more than kMaxCmsCertificates of a kind (none is dropped silently).
Result<Bag> read_certificates(Bytes der);

// IssuerAndSerialNumber: content of GetCert and GetCRL messages; CertPoll carries IssuerAndSubject (both Names).
Result<Blob> write_issuer_and_serial(Bytes issuer, Bytes serial);
Result<Blob> write_issuer_and_subject(Bytes issuer, Bytes subject);
struct NamePair { Bytes issuer, second; };            // second: serial octets, or the subject Name; views into the input
Result<NamePair> read_issuer_and_serial(Bytes der);
Result<NamePair> read_issuer_and_subject(Bytes der);

}  // namespace parley::crypto_pki
