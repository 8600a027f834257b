// The wolfSSL object of one session and its callbacks.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/tls/core.h"

#include <cstring>

#include "config.h"
#include "platform/base/memory.h"
#include "platform/crypto/software/public_key.h"
#include "platform/crypto/software/wolf.h"

#include <wolfssl/error-ssl.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfio.h>

namespace parley::tls {

namespace {

// 64 KiB for each handshake under way, one record for each session.
constinit Arena g_arena("TLS buffers", size_t{8} * 1024 * 1024 + size_t{CONFIG_MAX_SESSIONS} * 20 * 1024);
constexpr size_t kChunk = 4096;
constexpr size_t kMaxChain = 10;
constexpr size_t kMaxRecord = 16384;

// Reads more than the 5 bytes wolfSSL asks for first: one system call a record instead of two.
int fill_from_stream(Core& core) {
  uint8_t chunk[kChunk];
  const Result<size_t> n = core.direct->read(chunk);
  if (!n) {
    if (n.error().code == Code::busy) return WOLFSSL_CBIO_ERR_WANT_READ;
    core.peer_closed = true;
    return WOLFSSL_CBIO_ERR_CONN_CLOSE;
  }
  return core.in.add(Bytes(chunk, *n)) ? 0 : WOLFSSL_CBIO_ERR_GENERAL;
}

int receive(WOLFSSL*, char* to, int size, void* context) {
  Core& core = *static_cast<Core*>(context);
  if (core.in.empty()) {
    if (core.peer_closed) return WOLFSSL_CBIO_ERR_CONN_CLOSE;
    if (core.direct == nullptr) return WOLFSSL_CBIO_ERR_WANT_READ;
    const int rc = fill_from_stream(core);
    if (rc != 0) return rc;
  }
  return static_cast<int>(core.in.take(MutBytes(reinterpret_cast<uint8_t*>(to), static_cast<size_t>(size))));
}

int send(WOLFSSL*, char* from, int size, void* context) {
  Core& core = *static_cast<Core*>(context);
  if (!core.out.add(Bytes(reinterpret_cast<uint8_t*>(from), static_cast<size_t>(size)))) return WOLFSSL_CBIO_ERR_GENERAL;
  return size;
}

Fault fault_of(const Core& core, int error) {
  const auto fault = [&](Code code, const char* what) { return crypto::wolf_fault(code, what, error); };
  if (core.policy_refused) return core.policy_why;
  switch (error) {
    case MATCH_SUITE_ERROR: case UNSUPPORTED_SUITE: return fault(Code::unsupported, "no cipher suite in common");
    case VERSION_ERROR: return fault(Code::unsupported, "TLS version is not allowed here");
    case NO_PEER_CERT: return fault(Code::untrusted, "the peer sent no certificate");
    case VERIFY_CERT_ERROR: return fault(Code::untrusted, "certificate of the peer is refused");
    case DOMAIN_NAME_MISMATCH: return fault(Code::untrusted, "certificate of the peer has another name");
    case RSA_KEY_SIZE_E: case ECC_KEY_SIZE_E: return fault(Code::untrusted, "key of the peer is too short");
    case ASN_NO_SIGNER_E: return fault(Code::untrusted, "certificate of the peer comes from an unknown authority");
    case ASN_BEFORE_DATE_E: return fault(Code::untrusted, "certificate of the peer is not yet valid");
    case ASN_AFTER_DATE_E: return fault(Code::untrusted, "certificate of the peer has expired");
    case FATAL_ERROR: return fault(Code::closed, "the peer ended the handshake with an alert");
    case SOCKET_ERROR_E: case SOCKET_PEER_CLOSED_E: case WOLFSSL_ERROR_ZERO_RETURN:
      return fault(Code::closed, "the peer closed the connection during the handshake");
    case MEMORY_E: return fault(Code::full, "no memory for TLS");
    default: return fault(Code::invalid, "TLS handshake failed");
  }
}

struct OldHash {
  word32 oid;
  const char* name;
};
constexpr OldHash kHashes[] = {{CTC_MD2wRSA, "MD2"},       {CTC_MD5wRSA, "MD5"},          {CTC_SHAwRSA, "SHA1"},       {CTC_SHAwECDSA, "SHA1"},
                               {CTC_SHA256wRSA, "SHA256"}, {CTC_SHA256wECDSA, "SHA256"}, {CTC_SHA384wRSA, "SHA384"},
                               {CTC_SHA384wECDSA, "SHA384"}, {CTC_SHA512wRSA, "SHA512"}, {CTC_SHA512wECDSA, "SHA512"}};

const char* hash_name(word32 signature) {
  for (const OldHash& h : kHashes)
    if (h.oid == signature) return h.name;
  return "";
}

bool is_weak_hash(word32 signature) {
  const std::string_view name = hash_name(signature);
  return name == "MD2" || name == "MD5" || name == "SHA1";
}

// Modern profile: nothing in the chain may be signed with MD5 or SHA-1. A self-signed root is trusted by its bytes.
Status check_strength(const Bytes* chain, size_t count) {
  auto parsed = std::make_unique<DecodedCert>();
  for (size_t i = 0; i < count; ++i) {
    wc_InitDecodedCert(parsed.get(), chain[i].data(), static_cast<word32>(chain[i].size()), nullptr);
    const int rc = wc_ParseCert(parsed.get(), CERT_TYPE, NO_VERIFY, nullptr);
    const word32 algorithm = parsed->signatureOID;
    const bool root = parsed->selfSigned != 0;
    wc_FreeDecodedCert(parsed.get());
    if (rc != 0) return crypto::wolf_fault(Code::untrusted, "certificate of the peer cannot be read", rc);
    if (root) continue;
    if (is_weak_hash(algorithm))
      return Fault{Code::untrusted, "certificate of the peer is signed with MD5 or SHA-1", 0};
  }
  return {};
}

}  // namespace

Arena& tls_arena() { return g_arena; }

Queue::Queue() : bytes_(g_arena) {}

size_t Queue::take(MutBytes to) {
  const size_t n = size() < to.size() ? size() : to.size();
  if (n > 0) std::memcpy(to.data(), bytes_.data() + at_, n);
  drop(n);
  return n;
}

void Queue::drop(size_t n) {
  at_ += n;
  if (at_ == bytes_.size()) {
    bytes_.clear();
    at_ = 0;
  }
}

namespace {

// What a policy that finds the path itself knows better: the library looks for issuers in its own list only.
bool may_be_overruled(int error) {
  return error == ASN_NO_SIGNER_E || error == ASN_SELF_SIGNED_E || error == EXTKEYUSE_AUTH_E;
}

}  // namespace

Status Core::ask_policy(const Bytes* chain, size_t count) {
  if (policy_asked) return policy_refused ? Status(policy_why) : Status();
  policy_asked = true;
  Status ok;
  {
    const std::lock_guard hold(policy_lock);
    if (policy != nullptr) ok = policy->check(chain, count);
    else if (context->policy_finds_path()) ok = Fault{Code::cancelled, "the session is gone", 0};
  }
  for (size_t i = 0; ok && i < count; ++i) {
    Result<Blob> copy = Blob::copy_of(chain[i]);
    ok = copy ? peer_chain.push(std::move(*copy)) : Status(copy.error());
  }
  if (ok) return {};
  policy_refused = true;
  policy_why = ok.error();
  return policy_why;
}

// Called at the first certificate that the library does not like, and at the leaf; `store` always has the whole chain.
int verify_peer(int preverified, WOLFSSL_X509_STORE_CTX* store) {
  if (store->totalCerts == 0) return preverified;   // none was sent; whether one is required is checked by wolfSSL
  Core& core = *static_cast<Core*>(store->userCtx);
  const bool alone = core.context->policy_finds_path();
  if (preverified == 0 && !alone) return 0;
  Bytes chain[kMaxChain];
  size_t count = 0;
  for (int i = 0; i < store->totalCerts && count < kMaxChain; ++i)
    chain[count++] = Bytes(store->certs[i].buffer, store->certs[i].length);
  if (!alone && core.context->profile() == TlsProfile::modern) {
    if (const Status strong = check_strength(chain, count); !strong) {
      core.policy_refused = true;
      core.policy_why = strong.error();
      return 0;
    }
  }
  if (!core.ask_policy(chain, count)) return 0;
  return preverified != 0 || may_be_overruled(store->error) ? 1 : 0;
}

Core::Core() : peer_chain(g_arena) {}

Result<std::shared_ptr<Core>> Core::make(std::shared_ptr<Context> context, std::string_view server_name) {
  auto core = std::make_shared<Core>();
  core->context = std::move(context);
  core->policy = core->context->policy();
  core->ssl = wolfSSL_new(core->context->get());
  if (core->ssl == nullptr) return Fault{Code::full, "no memory for a TLS session", 0};
  wolfSSL_SSLSetIORecv(core->ssl, receive);
  wolfSSL_SSLSetIOSend(core->ssl, send);
  wolfSSL_SetIOReadCtx(core->ssl, core.get());
  wolfSSL_SetIOWriteCtx(core->ssl, core.get());
  wolfSSL_SetCertCbCtx(core->ssl, core.get());
  if (server_name.empty()) return core;
  Text<255> name;
  uint32_t ip = 0;
  if (!name.set(server_name)) return Fault{Code::invalid, "server name is too long", 0};
  int ok = wolfSSL_check_domain_name(core->ssl, name.c_str());
  if (ok == WOLFSSL_SUCCESS && !parse_ipv4(server_name, ip))   // RFC 6066 3: no addresses in SNI
    ok = wolfSSL_UseSNI(core->ssl, WOLFSSL_SNI_HOST_NAME, name.c_str(), static_cast<unsigned short>(name.size()));
  if (ok != WOLFSSL_SUCCESS) return crypto::wolf_fault(Code::full, "no memory for a TLS session", ok);
  return core;
}

Core::~Core() {
  if (ssl != nullptr) wolfSSL_free(ssl);
}

void Core::handshake() {
  const int rc = context->server() ? wolfSSL_accept(ssl) : wolfSSL_connect(ssl);
  if (rc == WOLFSSL_SUCCESS) {
    step = Step::done;
    return;
  }
  const int error = wolfSSL_get_error(ssl, rc);
  if (error == WOLFSSL_ERROR_WANT_READ) {
    step = Step::want_bytes;
    return;
  }
  why = fault_of(*this, error);
  step = Step::failed;
}

Result<size_t> Core::read(MutBytes to) {
  const int n = wolfSSL_read(ssl, to.data(), static_cast<int>(to.size() > kMaxRecord ? kMaxRecord : to.size()));
  if (n > 0) return static_cast<size_t>(n);
  const int error = wolfSSL_get_error(ssl, n);
  if (error == WOLFSSL_ERROR_WANT_READ) return Fault{Code::busy, "nothing to read", 0};
  if (error == WOLFSSL_ERROR_ZERO_RETURN || error == SOCKET_PEER_CLOSED_E || error == SOCKET_ERROR_E || peer_closed)
    return Fault{Code::closed, "the peer closed the TLS session", 0};
  return crypto::wolf_fault(Code::closed, "TLS record is broken", error);
}

Result<size_t> Core::write(Bytes from) {
  const int n = wolfSSL_write(ssl, from.data(), static_cast<int>(from.size() > kMaxRecord ? kMaxRecord : from.size()));
  if (n > 0) return static_cast<size_t>(n);
  return crypto::wolf_fault(Code::closed, "TLS session is closed", wolfSSL_get_error(ssl, n));
}

void Core::close_notify() { (void)wolfSSL_shutdown(ssl); }

namespace {

// What the list of the modern profile can lead to.
bool is_modern(std::string_view version, std::string_view suite) {
  if (version == "TLSv1.3") return true;
  return version == "TLSv1.2" && suite.substr(0, 6) == "ECDHE-" && suite.find("-GCM-") != std::string_view::npos;
}

// Size of the key and hash of the signature; true when the modern profile would refuse them.
bool judge_peer(TlsInfo& info) {
  auto parsed = std::make_unique<DecodedCert>();
  const Bytes der = info.peer_certificate;
  wc_InitDecodedCert(parsed.get(), der.data(), static_cast<word32>(der.size()), nullptr);
  if (wc_ParseCert(parsed.get(), CERT_TYPE, NO_VERIFY, nullptr) != 0) {
    wc_FreeDecodedCert(parsed.get());
    return true;
  }
  const bool weak_hash = is_weak_hash(parsed->signatureOID);
  (void)info.peer_hash.set(hash_name(parsed->signatureOID));
  const bool rsa = parsed->keyOID == RSAk;
  const Result<uint16_t> bits = crypto::public_key_bits(Bytes(parsed->publicKey, parsed->pubKeySize));
  info.peer_bits = bits ? *bits : 0;
  const bool self_signed = parsed->selfSigned != 0;
  wc_FreeDecodedCert(parsed.get());
  return (rsa && info.peer_bits < 2048) || (weak_hash && !self_signed);
}

}  // namespace

void Core::fill_info(TlsInfo& info) const {
  (void)info.version.set(wolfSSL_get_version(ssl));
  (void)info.suite.set(wolfSSL_get_cipher_name(ssl));
  info.legacy = !is_modern(info.version, info.suite);
  if (context->server()) info.server_certificate = context->own_certificate();
  WOLFSSL_X509* peer = wolfSSL_get_peer_certificate(ssl);
  if (peer == nullptr) return;
  int size = 0;
  const unsigned char* der = wolfSSL_X509_get_der(peer, &size);
  if (der != nullptr && size > 0) (void)info.peer_certificate.append(Bytes(der, static_cast<size_t>(size)));
  wolfSSL_X509_free(peer);
  if (!context->server()) info.server_certificate = hash(Hash::sha256, info.peer_certificate);
  if (!info.peer_certificate.empty() && judge_peer(info)) info.legacy = true;
}

}  // namespace parley::tls
