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
    case CryptoOp::generate: return "key generation";
    case CryptoOp::rsa_private: return "RSA private";
    case CryptoOp::ec_sign: return "ECDSA sign";
  }
  return "?";
}

}  // namespace parley
