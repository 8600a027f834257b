// The two profiles of design section 5, as wolfSSL wants them told (build-facts 10.2).
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/tls/context.h"

#include <algorithm>

#include "platform/crypto/bulk.h"
#include "platform/crypto/software/wolf.h"

namespace parley::tls {

namespace {

// Always explicit: wolfSSL's default list has NULL ciphers and static RSA at every version. TLS 1.3 needs its names, too.
constexpr const char kModern[] =
    "TLS13-AES128-GCM-SHA256:TLS13-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384";
// NULL-SHA is last: it is taken only from a phone in authenticated mode, which offers nothing else.
constexpr const char kLegacy[] =
    "TLS13-AES128-GCM-SHA256:TLS13-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
    "ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:AES128-GCM-SHA256:AES256-GCM-SHA384:AES128-SHA256:AES256-SHA256:"
    "AES128-SHA:AES256-SHA:DES-CBC3-SHA:NULL-SHA";

constexpr const char kOldPhone[] = "AES128-SHA:AES256-SHA:DES-CBC3-SHA";
constexpr const char kOldPhoneNull[] = "NULL-SHA";

constexpr short kModernRsaBits = 2048, kLegacyRsaBits = 1024, kEcBits = 256;

using crypto::wolf_fault;

Status put_pem(Blob& out, Bytes der) {
  out.put("-----BEGIN CERTIFICATE-----\n");
  TRY(base64_encode(der, 64, out));
  out.put("-----END CERTIFICATE-----\n");
  if (!out.ok()) return Fault{Code::full, "no memory for certificates", 0};
  return {};
}

bool contains(Bytes where, Bytes what) {
  return !what.empty() && std::search(where.begin(), where.end(), what.begin(), what.end()) != where.end();
}

// The key's own bytes (modulus, or EC point) must stand in the certificate.
Status belongs(Bytes certificate, KeyStore& keys, KeyRef key, const KeyInfo& info) {
  bool fits = false;
  if (info.type == KeyType::rsa) {
    TRY_ASSIGN(const Blob rsa, keys.rsa_public_key(key));
    fits = contains(certificate, rsa);
  } else {
    TRY_ASSIGN(const Blob spki, keys.public_key(key));
    const size_t point = info.type == KeyType::ec_p256 ? 65 : 97;
    fits = spki.size() > point && contains(certificate, spki.view().last(point));
  }
  if (!fits) return Fault{Code::invalid, "the certificate does not belong to the key", 0};
  return {};
}

}  // namespace

Result<std::shared_ptr<TlsContext>> Context::make(const TlsConfig& config, bool server, KeyStore& keys,
                                                  const crypto::KeyDevice& device) {
  crypto::wolf_start();
  std::shared_ptr<Context> c(new Context());
  c->server_ = server;
  c->profile_ = config.profile;
  c->policy_ = config.policy;
  c->policy_finds_path_ = config.policy != nullptr && config.policy->finds_path();
  c->ctx_ = wolfSSL_CTX_new(server ? wolfSSLv23_server_method() : wolfSSLv23_client_method());
  if (c->ctx_ == nullptr) return Fault{Code::full, "no memory for a TLS context", 0};
  TRY(c->set_up(config, keys, device));
  return std::shared_ptr<TlsContext>(std::move(c));
}

Context::~Context() {
  if (ctx_ != nullptr) wolfSSL_CTX_free(ctx_);
}

Status Context::set_up(const TlsConfig& config, KeyStore& keys, const crypto::KeyDevice& device) {
  const bool modern = profile_ == TlsProfile::modern;
  int oldest = WOLFSSL_TLSV1;
  if (modern || config.oldest == TlsOldest::tls1_2) oldest = WOLFSSL_TLSV1_2;
  else if (config.oldest == TlsOldest::tls1_1) oldest = WOLFSSL_TLSV1_1;
  const char* suites = modern ? kModern : kLegacy;
  if (!server_ && !modern && config.offer != TlsOffer::by_profile) {
    suites = config.offer == TlsOffer::tls1_0 ? kOldPhone : kOldPhoneNull;
    (void)wolfSSL_CTX_set_options(ctx_, WOLFSSL_OP_NO_TLSv1_3 | WOLFSSL_OP_NO_TLSv1_2 | WOLFSSL_OP_NO_TLSv1_1);
  }
  int ok = wolfSSL_CTX_SetMinVersion(ctx_, oldest);
  if (ok == WOLFSSL_SUCCESS) ok = wolfSSL_CTX_set_cipher_list(ctx_, suites);
  if (ok == WOLFSSL_SUCCESS) ok = wolfSSL_CTX_SetMinRsaKey_Sz(ctx_, modern ? kModernRsaBits : kLegacyRsaBits);
  if (ok == WOLFSSL_SUCCESS) ok = wolfSSL_CTX_SetMinEccKey_Sz(ctx_, kEcBits);
  if (ok != WOLFSSL_SUCCESS) return wolf_fault(Code::unsupported, "TLS profile cannot be set", ok);
  // Only then is the library to ask for each cipher and each public key operation; asking for nothing costs time as well.
  if (crypto::g_accelerator.load() != nullptr) (void)wolfSSL_CTX_SetDevId(ctx_, device.id());
  (void)wolfSSL_CTX_set_session_cache_mode(ctx_, WOLFSSL_SESS_CACHE_OFF);
  int verify = WOLFSSL_VERIFY_PEER;
  if (server_ && config.client_cert == ClientCert::none) verify = WOLFSSL_VERIFY_NONE;
  if (server_ && config.client_cert == ClientCert::required) verify |= WOLFSSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  wolfSSL_CTX_set_verify(ctx_, verify, verify_peer);
  TRY(load_anchors(config));
  return load_own(config, keys, device);
}

// One by one: wolfSSL passes over anchors that are too small for the floor, and stops at a broken one. Their dates are
// the business of who chose them (Trustpoints): a context may be made before the clock is set.
Status Context::load_anchors(const TlsConfig& config) {
  size_t loaded = 0;
  int last = 0;
  for (size_t i = 0; i < config.anchor_count; ++i) {
    const Bytes a = config.anchors[i];
    last = wolfSSL_CTX_load_verify_buffer_ex(ctx_, a.data(), static_cast<long>(a.size()), WOLFSSL_FILETYPE_ASN1, 0,
                                             WOLFSSL_LOAD_FLAG_DATE_ERR_OKAY);
    if (last == WOLFSSL_SUCCESS) ++loaded;
  }
  if (config.anchor_count > 0 && loaded == 0) return wolf_fault(Code::untrusted, "no trust anchor can be used", last);
  return {};
}

Status Context::load_own(const TlsConfig& config, KeyStore& keys, const crypto::KeyDevice& device) {
  if (config.chain_count == 0) {
    if (server_) return Fault{Code::missing, "a TLS server needs a certificate", 0};
    return {};
  }
  TRY_ASSIGN(const KeyInfo info, keys.info(config.key));
  TRY(belongs(config.chain[0], keys, config.key, info));
  own_certificate_ = hash(Hash::sha256, config.chain[0]);
  if (info.type == KeyType::rsa && info.bits < (profile_ == TlsProfile::modern ? kModernRsaBits : kLegacyRsaBits))
    return Fault{Code::untrusted, "the RSA key is too short for this TLS profile", info.bits};
  Blob pem;
  for (size_t i = 0; i < config.chain_count; ++i) TRY(put_pem(pem, config.chain[i]));
  int rc = wolfSSL_CTX_use_certificate_chain_buffer(ctx_, pem.data(), static_cast<long>(pem.size()));
  if (rc != WOLFSSL_SUCCESS) return wolf_fault(Code::invalid, "certificate cannot be used for TLS", rc);
  uint8_t id[crypto::kKeyIdSize];
  crypto::write_key_id(config.key, id);
  rc = wolfSSL_CTX_use_PrivateKey_id(ctx_, id, sizeof id, device.id(), (info.bits + 7) / 8);
  if (rc != WOLFSSL_SUCCESS) return wolf_fault(Code::invalid, "private key cannot be used for TLS", rc);
  return {};
}

}  // namespace parley::tls
