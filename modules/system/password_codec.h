// Password text forms: policy, type 7 encoding, type 6 cipher, one-way types 5, 8 and 9. Pure functions.
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "platform/base/bytes.h"
#include "platform/base/text.h"
#include "platform/crypto/random.h"

namespace parley::system {

constexpr size_t kMaxPassword = 64;
using PasswordText = Text<kMaxPassword>;
using CipherText = Text<160>;

// commands.md 0.2: 6 to 15 letters and digits, at least one digit, one capital, one small letter.
bool policy_holds(std::string_view password);
// The text shown when it does not hold, and for a wrong ata-ivr-pwd (each line ends with '\n', empty line last).
extern const char* const kPolicyText;
bool four_digits(std::string_view password);

// Type 7: reversible, hides a password from a glance only. seed 0..15.
bool type7_encode(std::string_view password, unsigned seed, CipherText& out);
// False: not a type 7 string (kept verbatim by the caller, unusable).
bool type7_decode(std::string_view cipher, PasswordText& out);

// Type 6, our own format: base 64 (with '-' and '_', no padding) of 1 version byte, 12 nonce bytes, AES-256-GCM ciphertext
// and tag under a key derived from the master key. `key` comes from type6_key().
struct Type6Key {
  uint8_t data[32] = {};
};
// Slow (PBKDF2): in a job or once at start.
Status type6_key(std::string_view master, Type6Key& out);
Status type6_seal(const Type6Key& key, std::string_view password, Random& random, CipherText& out);
// Fault untrusted: another key, damaged, or a type 6 string of somebody else.
Status type6_open(const Type6Key& key, std::string_view cipher, PasswordText& out);

// One-way. hash: "$9$salt$value" (scrypt N=16384 r=1 p=1) as typed after `secret 9`. Slow: in a job.
Status secret_make(std::string_view password, Random& random, CipherText& out);
// Compares with a type 5 ("$1$"), 8 ("$8$") or 9 ("$9$") hash. Fault untrusted: does not match; invalid: unknown form.
Status secret_check(std::string_view password, std::string_view hash);
// The form alone: may this be kept as `secret {5|8|9}`?
bool secret_form(int type, std::string_view hash);

}  // namespace parley::system
