// The kernel's crypto API for programs: AF_ALG sockets.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/crypto/kernel/kernel_crypto.h"
#include "platform/posix/fd.h"

namespace parley::posix {

class AlgSocket : public crypto::KernelCrypto {
 public:
  Result<Blob> algorithms() override;
  Status hash(const char* name, const Bytes* key, Bytes a, Bytes b, MutBytes digest) override;
  Status cipher(const Cipher& c, Bytes in, MutBytes out) override;

 protected:
  // A socket that takes one request; tests have another one.
  virtual Result<Fd> open(const char* type, const char* name, const Bytes* key, size_t tag);
};

}  // namespace parley::posix
