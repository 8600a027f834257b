// One-way secrets: type 9 (scrypt) made and checked; types 8 (PBKDF2-SHA-256) and 5 (MD5 crypt) checked.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/system/password_codec.h"
#include "platform/base/secret.h"
#include "platform/crypto/engine.h"

namespace parley::system {
namespace {

// The vendor's base 64: standard bit order over this alphabet, no padding (types 8 and 9).
constexpr std::string_view kAlphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr size_t kSaltText = 14;
constexpr size_t kValue = 32;
constexpr size_t kValueText = 43;
constexpr uint32_t kType8Rounds = 20000;
constexpr uint32_t kScryptLog2N = 14;

void encode(Bytes value, Writer& out) {
  uint32_t bits = 0;
  unsigned have = 0;
  for (uint8_t b : value) {
    bits = (bits << 8) | b;
    have += 8;
    while (have >= 6) {
      have -= 6;
      out.put(kAlphabet[(bits >> have) & 63]);
    }
  }
  if (have > 0) out.put(kAlphabet[(bits << (6 - have)) & 63]);
}

bool in_alphabet(std::string_view s) { return s.find_first_not_of(kAlphabet) == std::string_view::npos; }

struct Parts {
  std::string_view salt;
  std::string_view value;
};

// "$N$salt$value"
bool split(std::string_view hash, char type, Parts& out) {
  if (hash.size() < 5 || hash[0] != '$' || hash[1] != type || hash[2] != '$') return false;
  const std::string_view rest = hash.substr(3);
  const size_t at = rest.find('$');
  if (at == std::string_view::npos) return false;
  out.salt = rest.substr(0, at);
  out.value = rest.substr(at + 1);
  return in_alphabet(out.salt) && in_alphabet(out.value);
}

Status derive(char type, std::string_view password, std::string_view salt, MutBytes value) {
  if (type == '9') return scrypt(as_bytes(password), as_bytes(salt), kScryptLog2N, 1, 1, value);
  return pbkdf2_sha256(as_bytes(password), as_bytes(salt), kType8Rounds, value);
}

struct Md5Text {
  uint8_t data[512];
  size_t used = 0;
  void add(std::string_view s) { add(as_bytes(s)); }
  void add(Bytes b) {
    PARLEY_CHECK(used + b.size() <= sizeof data);
    memcpy(data + used, b.data(), b.size());
    used += b.size();
  }
  ~Md5Text() { wipe(data, sizeof data); }
  Digest digest() const { return hash(Hash::md5, Bytes(data, used)); }
};

// The "$1$" scheme of P.-H. Kamp (FreeBSD crypt, 1994): 1000 rounds of MD5, 24-bit little-endian groups.
void md5_crypt(std::string_view password, std::string_view salt, Writer& out) {
  Md5Text inner;
  inner.add(password);
  inner.add(salt);
  inner.add(password);
  const Digest mixed = inner.digest();
  Md5Text outer;
  outer.add(password);
  outer.add("$1$");
  outer.add(salt);
  for (size_t left = password.size(); left > 0;) {
    const size_t n = left < 16 ? left : 16;
    outer.add(mixed.view().first(n));
    left -= n;
  }
  for (size_t n = password.size(); n > 0; n >>= 1) {
    const uint8_t zero = 0;
    if (n & 1) outer.add(Bytes(&zero, 1));
    else outer.add(password.substr(0, 1));
  }
  Digest d = outer.digest();
  for (unsigned round = 0; round < 1000; ++round) {
    Md5Text t;
    if (round & 1) t.add(password); else t.add(d.view());
    if (round % 3 != 0) t.add(salt);
    if (round % 7 != 0) t.add(password);
    if (round & 1) t.add(d.view()); else t.add(password);
    d = t.digest();
  }
  constexpr uint8_t kOrder[5][3] = {{0, 6, 12}, {1, 7, 13}, {2, 8, 14}, {3, 9, 15}, {4, 10, 5}};
  auto group = [&out](uint32_t v, unsigned count) {
    for (; count > 0; --count, v >>= 6) out.put(kAlphabet[v & 63]);
  };
  // This scheme's own alphabet has the same characters in the order ./0-9A-Za-z.
  for (const auto& o : kOrder) {
    group((static_cast<uint32_t>(d.data[o[0]]) << 16) | (static_cast<uint32_t>(d.data[o[1]]) << 8) | d.data[o[2]], 4);
  }
  group(d.data[11], 2);
}

}  // namespace

bool secret_form(int type, std::string_view hash) {
  Parts p;
  if (type == 5) return split(hash, '1', p) && !p.salt.empty() && p.salt.size() <= 8 && p.value.size() == 22;
  if (type != 8 && type != 9) return false;
  return split(hash, static_cast<char>('0' + type), p) && p.salt.size() == kSaltText && p.value.size() == kValueText;
}

Status secret_make(std::string_view password, Random& random, CipherText& out) {
  char salt[kSaltText];
  for (char& c : salt) c = kAlphabet[random.below(64)];
  uint8_t value[kValue];
  TRY(derive('9', password, std::string_view(salt, kSaltText), value));
  char text[80];
  FixedWriter w(text);
  w.put("$9$").put(std::string_view(salt, kSaltText)).put('$');
  encode(value, w);
  wipe(value, sizeof value);
  if (!w.ok() || !out.set(w.view())) return Fault{Code::full, "hash is too long", 0};
  return {};
}

Status secret_check(std::string_view password, std::string_view hash) {
  if (password.size() > kMaxPassword) return Fault{Code::untrusted, "wrong password", 0};
  Parts p;
  char text[64];
  FixedWriter w(text);
  if (secret_form(5, hash)) {
    (void)split(hash, '1', p);
    md5_crypt(password, p.salt, w);
  } else if (secret_form(8, hash) || secret_form(9, hash)) {
    (void)split(hash, hash[1], p);
    uint8_t value[kValue];
    TRY(derive(hash[1], password, p.salt, value));
    encode(value, w);
    wipe(value, sizeof value);
  } else {
    return Fault{Code::invalid, "unknown form of secret", 0};
  }
  if (!equal_constant_time(as_bytes(w.view()), as_bytes(p.value))) return Fault{Code::untrusted, "wrong password", 0};
  return {};
}

}  // namespace parley::system
