// One listener's or client's TLS settings in wolfSSL form. Only for platform/tls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/ssl.h>

#include "platform/crypto/software/key_device.h"
#include "platform/tls/tls.h"

namespace parley::tls {

struct Core;

class Context final : public TlsContext {
 public:
  static Result<std::shared_ptr<TlsContext>> make(const TlsConfig& config, bool server, KeyStore& keys,
                                                  const crypto::KeyDevice& device);
  ~Context() override;
  WOLFSSL_CTX* get() const { return ctx_; }
  bool server() const { return server_; }
  TlsProfile profile() const { return profile_; }
  PeerPolicy* policy() const { return policy_; }
  const Digest& own_certificate() const { return own_certificate_; }   // SHA-256
  bool policy_finds_path() const { return policy_finds_path_; }   // asked once: a late handshake step may outlive the policy

 private:
  Context() = default;
  Status set_up(const TlsConfig& config, KeyStore& keys, const crypto::KeyDevice& device);
  Status load_own(const TlsConfig& config, KeyStore& keys, const crypto::KeyDevice& device);
  Status load_anchors(const TlsConfig& config);
  WOLFSSL_CTX* ctx_ = nullptr;
  bool server_ = false;
  TlsProfile profile_ = TlsProfile::modern;
  PeerPolicy* policy_ = nullptr;
  bool policy_finds_path_ = false;
  Digest own_certificate_;
};

// wolfSSL's verify callback; its user context is the Core of the session.
int verify_peer(int preverified, WOLFSSL_X509_STORE_CTX* store);

}  // namespace parley::tls
