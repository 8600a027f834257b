// The PEM layer of private keys: armour, old style encryption, and writing of encrypted PKCS#8.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "platform/crypto/software/pem_key.h"

namespace parley::crypto {

namespace {

constexpr size_t kMaxKeyFile = 16 * 1024;
constexpr uint32_t kRounds = 20000;
constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----", kEnd = "-----END ";

struct DekCipher {
  std::string_view name;
  size_t key, iv;
  bool aes;
};
constexpr DekCipher kDek[] = {{"DES-CBC", 8, 8, false},        {"DES-EDE3-CBC", 24, 8, false},
                              {"AES-128-CBC", 16, 16, true},   {"AES-192-CBC", 24, 16, true},
                              {"AES-256-CBC", 32, 16, true}};

// OpenSSL's EVP_BytesToKey with MD5 and one round, which this format is defined by.
void dek_key(std::string_view passphrase, Bytes salt, MutBytes key) {
  uint8_t input[16 + 256 + 8];
  Digest d;
  size_t done = 0;
  while (done < key.size()) {
    ByteWriter w(input);
    w.bytes(d.view());
    w.text(passphrase);
    w.bytes(salt);
    d = hash(Hash::md5, w.view());
    for (size_t i = 0; i < d.size && done < key.size(); ++i) key[done++] = d.data[i];
  }
  wipe(input, sizeof input);
  wipe(&d, sizeof d);
}

// Takes the padding off; the caller reports any fault as a wrong passphrase.
Status unpad(Blob& data, size_t block) {
  if (data.empty() || data.size() % block != 0) return Fault{Code::untrusted, "wrong passphrase", 0};
  const size_t n = data.data()[data.size() - 1];
  if (n == 0 || n > block) return Fault{Code::untrusted, "wrong passphrase", 0};
  return data.resize(data.size() - n);
}

Status dek_decrypt(Blob& data, std::string_view info, std::string_view passphrase) {
  const size_t comma = info.find(',');
  if (comma == std::string_view::npos) return Fault{Code::invalid, "broken DEK-Info line", 0};
  const std::string_view iv_text = trim(info.substr(comma + 1));
  for (const DekCipher& c : kDek) {
    if (!equal_nocase(trim(info.substr(0, comma)), c.name)) continue;
    if (iv_text.size() != c.iv * 2 || passphrase.size() > 256) return Fault{Code::invalid, "broken DEK-Info line", 0};
    uint8_t iv[16];
    for (size_t i = 0; i < c.iv; ++i) {
      const int hi = hex_digit(iv_text[2 * i]), lo = hex_digit(iv_text[2 * i + 1]);
      if (hi < 0 || lo < 0) return Fault{Code::invalid, "broken DEK-Info line", 0};
      iv[i] = static_cast<uint8_t>(hi << 4 | lo);
    }
    Secret<32> key;
    dek_key(passphrase, Bytes(iv, 8), key.mut().first(c.key));
    const Bytes k = key.view().first(c.key);
    TRY(c.aes ? aes_cbc_decrypt(k, Bytes(iv, c.iv), data.mut()) : des_cbc_decrypt(k, Bytes(iv, c.iv), data.mut()));
    return unpad(data, c.iv);
  }
  return Fault{Code::unsupported, "cipher of the key file is not supported", 0};
}

std::string_view take_line(std::string_view& text) {
  const size_t n = text.find('\n');
  const std::string_view line = text.substr(0, n);
  text.remove_prefix(n == std::string_view::npos ? text.size() : n + 1);
  return trim(line);
}

void der_head(ByteWriter& w, uint8_t tag, size_t n) {
  w.u8(tag);
  if (n >= 256) {
    w.u8(0x82);
    w.u16(static_cast<uint16_t>(n));
  } else {
    if (n >= 128) w.u8(0x81);
    w.u8(static_cast<uint8_t>(n));
  }
}
size_t der_size(size_t n) { return n + (n >= 256 ? 4 : n >= 128 ? 3 : 2); }

constexpr uint8_t kPbes2[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d};
constexpr uint8_t kPbkdf2[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c};
constexpr uint8_t kHmacSha256[] = {0x30, 0x0c, 0x06, 0x08, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09, 0x05, 0x00};
constexpr uint8_t kAes256Cbc[] = {0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a};

// EncryptedPrivateKeyInfo around the cipher text (RFC 5958 3, RFC 8018 A.4).
Result<Blob> encrypted_info(Bytes salt, Bytes iv, Bytes cipher) {
  const size_t rounds = 2 + 3;  // INTEGER of kRounds needs 3 octets at most
  const size_t kdf_params = der_size(salt.size()) + rounds - 1 + sizeof kHmacSha256;
  const size_t kdf = sizeof kPbkdf2 + der_size(kdf_params);
  const size_t scheme = sizeof kAes256Cbc + der_size(iv.size());
  const size_t params = der_size(kdf) + der_size(scheme);
  const size_t algorithm = sizeof kPbes2 + der_size(params);
  Blob out;
  TRY(out.resize(cipher.size() + 256));
  ByteWriter w(out.mut());
  der_head(w, 0x30, der_size(algorithm) + der_size(cipher.size()));
  der_head(w, 0x30, algorithm);
  w.bytes(kPbes2);
  der_head(w, 0x30, params);
  der_head(w, 0x30, kdf);
  w.bytes(kPbkdf2);
  der_head(w, 0x30, kdf_params);
  der_head(w, 0x04, salt.size());
  w.bytes(salt);
  static_assert(kRounds >= 0x80 && kRounds < 0x8000);  // two octets, no sign byte
  der_head(w, 0x02, 2);
  w.u16(static_cast<uint16_t>(kRounds));
  w.bytes(kHmacSha256);
  der_head(w, 0x30, scheme);
  w.bytes(kAes256Cbc);
  der_head(w, 0x04, iv.size());
  w.bytes(iv);
  der_head(w, 0x04, cipher.size());
  w.bytes(cipher);
  if (!w.ok()) return Fault{Code::full, "key is too large", 0};
  TRY(out.resize(w.size()));
  return out;
}

}  // namespace

Result<PemKey> read_key_file(Bytes file, std::string_view passphrase) {
  if (file.size() > kMaxKeyFile) return Fault{Code::invalid, "key file is too large", 0};
  PemKey out;
  out.der.mark_secret();
  std::string_view text = as_text(file);
  size_t begin = text.find(kBegin);
  while (begin != std::string_view::npos) {  // certificates or EC PARAMETERS may stand in front of the key
    const std::string_view head = text.substr(begin, text.find('\n', begin) - begin);
    if (head.find("PRIVATE KEY") != std::string_view::npos) break;
    begin = text.find(kBegin, begin + 1);
  }
  if (begin == std::string_view::npos) {
    if (file.empty() || file[0] != 0x30) return Fault{Code::invalid, "neither PEM nor DER", 0};
    TRY(out.der.append(file));
    return out;
  }
  text.remove_prefix(begin);
  out.encrypted = take_line(text).find("ENCRYPTED") != std::string_view::npos;
  std::string_view info;
  size_t body = 0;
  const std::string_view all = text;
  for (std::string_view line = take_line(text); line.find(':') != std::string_view::npos; line = take_line(text)) {
    if (starts_nocase(line, "DEK-Info:")) info = line.substr(9);
    body = static_cast<size_t>(text.data() - all.data());
  }
  const std::string_view armour = all.substr(body);
  const size_t end = armour.find(kEnd);
  if (end == std::string_view::npos) return Fault{Code::invalid, "PEM text has no end line", 0};
  Blob der;
  TRY_ASSIGN(der, base64_decode(armour.substr(0, end), kMaxKeyFile));
  der.mark_secret();
  out.der = std::move(der);
  if (!info.empty()) TRY(dek_decrypt(out.der, info, passphrase));
  return out;
}

Result<Blob> write_key_file(Bytes pkcs8, std::string_view passphrase, Random& random) {
  constexpr size_t kBlock = 16;
  uint8_t salt[16], iv[kBlock];
  TRY(random.fill(salt));
  TRY(random.fill(iv));
  Secret<32> key;
  TRY(pbkdf2_sha256(as_bytes(passphrase), salt, kRounds, key.mut()));
  Blob body;
  body.mark_secret();
  const size_t pad = kBlock - pkcs8.size() % kBlock;
  TRY(body.append(pkcs8));
  TRY(body.resize(pkcs8.size() + pad));
  for (size_t i = 0; i < pad; ++i) body.data()[pkcs8.size() + i] = static_cast<uint8_t>(pad);
  TRY(aes_cbc_encrypt(key.view(), iv, body.mut()));
  TRY_ASSIGN(const Blob info, encrypted_info(salt, iv, body));
  Blob out;
  out.put(kBegin).put("ENCRYPTED PRIVATE KEY").put(kDashes).put('\n');
  TRY(base64_encode(info, 64, out));
  out.put(kEnd).put("ENCRYPTED PRIVATE KEY").put(kDashes).put('\n');
  if (!out.ok()) return Fault{Code::full, "no memory", 0};
  return out;
}

}  // namespace parley::crypto
