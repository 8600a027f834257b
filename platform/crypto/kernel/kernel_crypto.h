// What a kernel's crypto API can do for a program, without saying how. platform/posix has the system calls.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/bytes.h"

namespace parley::crypto {

// Names as the kernel has them: "sha256", "hmac(sha256)", "cbc(aes)", "ctr(aes)", "gcm(aes)".
// Faults: unsupported (no such algorithm here), untrusted (wrong tag), timeout, io. Any thread; blocks until answered.
class KernelCrypto {
 public:
  virtual ~KernelCrypto() = default;
  virtual Result<Blob> algorithms() = 0;   // the text of /proc/crypto
  virtual Status hash(const char* name, const Bytes* key, Bytes a, Bytes b, MutBytes digest) = 0;
  struct Cipher {
    const char* type;        // "skcipher" or "aead"
    const char* name;
    Bytes key, iv;
    bool encrypt = true;
    size_t aad = 0;          // aead: the first bytes of `in` and `out`
    size_t tag = 0;          // aead
  };
  // in and out as the kernel takes them: aad || data (|| tag).
  virtual Status cipher(const Cipher& c, Bytes in, MutBytes out) = 0;
};

}  // namespace parley::crypto
