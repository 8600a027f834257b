// Which threads may make slow crypto calls.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/engine.h"

namespace parley {

namespace {
thread_local bool t_forbidden = false;
}

void crypto_thread_allowed(bool allowed) { t_forbidden = !allowed; }
bool crypto_thread_is_allowed() { return !t_forbidden; }

const char* crypto_op_name(CryptoOp op) {
  switch (op) {
    case CryptoOp::rsa_private: return "RSA sign";
    case CryptoOp::rsa_public: return "RSA verify";
    case CryptoOp::generate: return "RSA keygen";
    case CryptoOp::ec: return "EC";
    case CryptoOp::aes_gcm: return "AES-GCM";
    case CryptoOp::aes_ctr: return "AES-CTR";
    case CryptoOp::aes_cbc: return "AES-CBC";
    case CryptoOp::hash: return "SHA";
    case CryptoOp::random: return "random";
  }
  return "?";
}

}  // namespace parley
