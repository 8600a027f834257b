// Algorithm identifiers to and from DER, shared by certificates, requests, CMS and CRLs. Only for crypto-pki.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "modules/crypto-pki/certificate.h"
#include "modules/crypto-pki/der.h"

namespace parley::crypto_pki {

// Takes one AlgorithmIdentifier; `other` when unknown.
SignatureAlgorithm read_signature_algorithm(DerReader& r);
// Content octets of its OID; empty: unknown.
Bytes read_algorithm_oid(DerReader& r);

bool is_rsa(SignatureAlgorithm a);
SignatureAlgorithm signature_algorithm_for(KeyType type, Hash h);   // other: no such pair (MD5 with EC)
void write_signature_algorithm(DerWriter& w, SignatureAlgorithm a); // not for `other`

bool hash_from_oid(Bytes oid, Hash& out);
Bytes oid_of_hash(Hash h);

// Fault denied: an RSA key below 1024 bits proves nothing.
Status strong_enough(const KeyFacts& key);
// Signature by a known algorithm with a key that fits it. Faults: unsupported, untrusted.
Status check_signature(SignatureAlgorithm a, Bytes spki, Bytes message, Bytes signature);

// SEQUENCE { body, algorithm, signature BIT STRING }: the frame of certificates, requests and CRLs. [job]
// `body` is ready DER that names the same algorithm inside where the format wants it.
Result<Blob> sign_body(Bytes body, SignatureAlgorithm a, Keys& keys, KeyRef key, Hash h);
Result<SignatureAlgorithm> algorithm_for_key(Keys& keys, KeyRef key, Hash h);

// Bits of a KeyUsage value (content of the extension). False: broken.
bool read_key_usage(Bytes der, uint16_t& out);
bool read_ext_usage(Bytes der, uint16_t& out);
void write_ext_usage(DerWriter& w, uint16_t usage);
// One Extension.
void write_extension(DerWriter& w, Bytes oid, bool critical, Bytes value);
// GeneralNames SEQUENCE. Fault invalid: empty or too long value, address of a wrong size.
Status write_alt_names(DerWriter& w, std::span<const AltName> names);
// authorityKeyIdentifier with a key id.
void write_authority_key_id(DerWriter& w, Bytes key_id);

}  // namespace parley::crypto_pki
