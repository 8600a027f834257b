// The one-time enrolment password of a certificate server (`crypto pki server L password generate`).
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "platform/base/secret.h"
#include "platform/crypto/engine.h"

namespace parley::crypto_pki {

// Only a salted digest is kept; one password at a time, a new one replaces the old one. A reboot forgets it.
class OneTimePassword {
 public:
  enum class Verdict : uint8_t { none, right, missing, wrong, ended, used };   // none: no password is outstanding

  // 16 hex digits, shown once. Fault io: no randomness.
  Result<Text<16>> generate(Random& random, UnixTime now, uint32_t minutes);
  Verdict check(std::string_view challenge, UnixTime now) const;
  void use() { used_ = true; }

 private:
  Digest digest_of(std::string_view text) const { return hash2(Hash::sha256, Bytes(salt_), as_bytes(text)); }
  bool outstanding(UnixTime now) const { return digest_.size != 0 && !used_ && now < end_; }
  uint8_t salt_[16] = {};
  Digest digest_;
  UnixTime end_ = 0;
  bool used_ = false;
};

}  // namespace parley::crypto_pki
