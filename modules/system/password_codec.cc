// Password text forms: policy, type 7 encoding, type 6 cipher.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/password_codec.h"

#include "platform/base/secret.h"
#include "platform/crypto/engine.h"

namespace parley::system {
namespace {

// The key text of the vendor's type 7 encoding; public since 1995.
constexpr std::string_view kType7 = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
constexpr uint8_t kType6Version = 1;
constexpr size_t kNonce = 12;
constexpr size_t kTag = 16;
constexpr uint32_t kType6Rounds = 10000;
constexpr std::string_view kType6Salt = "parley type 6";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool capital(char c) { return c >= 'A' && c <= 'Z'; }
bool small(char c) { return c >= 'a' && c <= 'z'; }

void swap_alphabet(char* text, size_t size, char from1, char to1, char from2, char to2) {
  for (size_t i = 0; i < size; ++i) {
    if (text[i] == from1) text[i] = to1;
    else if (text[i] == from2) text[i] = to2;
  }
}

}  // namespace

const char* const kPolicyText =
    "Error: The password you have entered is incorrect.\n"
    "Your password must contain:\n"
    "1. A minimum of 6 and a maximum of 15 alphanumeric characters, excluding symbols and special characters.\n"
    "2. A minimum of one numeral, one uppercase alphabet, and one lowercase alphabet.\n"
    "\n";

bool policy_holds(std::string_view p) {
  if (p.size() < 6 || p.size() > 15) return false;
  bool has_digit = false, has_capital = false, has_small = false;
  for (char c : p) {
    if (digit(c)) has_digit = true;
    else if (capital(c)) has_capital = true;
    else if (small(c)) has_small = true;
    else return false;
  }
  return has_digit && has_capital && has_small;
}

bool four_digits(std::string_view p) {
  if (p.size() != 4) return false;
  for (char c : p) {
    if (!digit(c)) return false;
  }
  return true;
}

bool type7_encode(std::string_view password, unsigned seed, CipherText& out) {
  if (password.size() > kMaxPassword || seed > 15) return false;
  char text[2 + 2 * kMaxPassword];
  FixedWriter w(text);
  w.dec(seed, 2, '0');
  for (size_t i = 0; i < password.size(); ++i) {
    const auto c = static_cast<uint8_t>(password[i]);
    w.hex(c ^ static_cast<uint8_t>(kType7[(seed + i) % kType7.size()]), 2);
  }
  return w.ok() && out.set(w.view());
}

bool type7_decode(std::string_view cipher, PasswordText& out) {
  if (cipher.size() < 4 || cipher.size() % 2 != 0 || cipher.size() > 2 + 2 * kMaxPassword) return false;
  if (!digit(cipher[0]) || !digit(cipher[1])) return false;
  const size_t seed = static_cast<size_t>((cipher[0] - '0') * 10 + (cipher[1] - '0'));
  if (seed > 15) return false;
  char plain[kMaxPassword];
  size_t n = 0;
  for (size_t i = 2; i < cipher.size(); i += 2) {
    const int hi = hex_digit(cipher[i]);
    const int lo = hex_digit(cipher[i + 1]);
    if (hi < 0 || lo < 0) return false;
    const int c = (hi * 16 + lo) ^ kType7[(seed + n) % kType7.size()];
    if (c < 0x20 || c > 0x7e) return false;
    plain[n++] = static_cast<char>(c);
  }
  return out.set(std::string_view(plain, n));
}

Status type6_key(std::string_view master, Type6Key& out) {
  return pbkdf2_sha256(as_bytes(master), as_bytes(kType6Salt), kType6Rounds, MutBytes(out.data, sizeof out.data));
}

Status type6_seal(const Type6Key& key, std::string_view password, Random& random, CipherText& out) {
  uint8_t raw[1 + kNonce + kMaxPassword + kTag];
  raw[0] = kType6Version;
  TRY(random.fill(MutBytes(raw + 1, kNonce)));
  if (password.size() > kMaxPassword) return Fault{Code::invalid, "password is too long", 0};
  TRY_ASSIGN(Blob sealed, aes_gcm_seal(Bytes(key.data, sizeof key.data), Bytes(raw + 1, kNonce), Bytes(raw, 1),
                                       as_bytes(password)));
  memcpy(raw + 1 + kNonce, sealed.data(), sealed.size());
  char text[CipherText::kCapacity + 4];
  FixedWriter w(text);
  TRY(base64_encode(Bytes(raw, 1 + kNonce + sealed.size()), 0, w));
  size_t n = w.view().size();
  while (n > 0 && text[n - 1] == '=') --n;
  swap_alphabet(text, n, '+', '-', '/', '_');
  if (!w.ok() || !out.set(std::string_view(text, n))) return Fault{Code::full, "password is too long", 0};
  return {};
}

Status type6_open(const Type6Key& key, std::string_view cipher, PasswordText& out) {
  const Fault foreign{Code::untrusted, "not readable with this master key", 0};
  char text[CipherText::kCapacity + 4];
  if (cipher.empty() || cipher.size() > CipherText::kCapacity) return foreign;
  memcpy(text, cipher.data(), cipher.size());
  size_t n = cipher.size();
  swap_alphabet(text, n, '-', '+', '_', '/');
  while (n % 4 != 0) text[n++] = '=';
  auto raw = base64_decode(std::string_view(text, n), sizeof text);
  if (!raw) return foreign;
  const Bytes b = raw->view();
  if (b.size() < 1 + kNonce + kTag || b[0] != kType6Version) return foreign;
  auto plain = aes_gcm_open(Bytes(key.data, sizeof key.data), b.subspan(1, kNonce), b.first(1), b.subspan(1 + kNonce));
  if (!plain) return foreign;
  plain->mark_secret();
  if (!out.set(plain->text())) return foreign;
  return {};
}

}  // namespace parley::system
