// Test vectors of tests/vectors.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/vectors.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <wolfssl/wolfcrypt/settings.h>
#include <wolfssl/wolfcrypt/asn.h>
#include <wolfssl/wolfcrypt/asn_public.h>
#include <wolfssl/wolfcrypt/random.h>
#include <wolfssl/wolfcrypt/rsa.h>

#include <CppUTest/TestHarness.h>

namespace parley::test {
namespace {

std::string private_key_der(const std::string& key) {
  const std::string pem = vector_file("keys/" + key + ".pem");
  const size_t at = pem.find("PRIVATE KEY-----");
  CHECK(at != std::string::npos);
  const size_t begin = pem.find('\n', at), end = pem.find("-----END", at);
  const auto der = base64_decode(std::string_view(pem).substr(begin, end - begin), 8192);
  CHECK(der.has_value());
  return std::string(der->text());
}

}  // namespace

std::string vector_file(const std::string& name) {
  std::ifstream in("tests/vectors/" + name, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::vector<std::string> vector_names(const std::string& folder) {
  std::vector<std::string> names;
  for (const auto& e : std::filesystem::directory_iterator("tests/vectors/" + folder))
    if (e.is_regular_file()) names.push_back(folder + "/" + e.path().filename().string());
  std::sort(names.begin(), names.end());
  return names;
}

crypto_pki::Certificate vector_certificate(const std::string& key) {
  auto c = crypto_pki::parse_certificate(as_bytes(vector_file("keys/" + key + ".der")));
  CHECK(c.has_value());
  return std::move(*c);
}

std::string vector_sign(const std::string& key, Hash h, Bytes message) {
  const Digest digest = hash(h, message);   // first: our engine gives wolfCrypt its allocators
  const std::string der = private_key_der(key);
  RsaKey rsa;
  WC_RNG rng;
  LONGS_EQUAL(0, wc_InitRsaKey(&rsa, nullptr));
  LONGS_EQUAL(0, wc_InitRng(&rng));
  word32 at = 0;
  LONGS_EQUAL(0, wc_RsaPrivateKeyDecode(reinterpret_cast<const byte*>(der.data()), &at, &rsa, static_cast<word32>(der.size())));
  (void)wc_RsaSetRNG(&rsa, &rng);
  byte info[128], signature[512];
  const word32 n = wc_EncodeSignature(info, digest.data, digest.size, h == Hash::sha1 ? SHAh : SHA512h);
  const int size = wc_RsaSSL_Sign(info, n, signature, sizeof signature, &rsa, &rng);
  CHECK(size > 0);
  wc_FreeRng(&rng);
  wc_FreeRsaKey(&rsa);
  return std::string(reinterpret_cast<const char*>(signature), static_cast<size_t>(size));
}

std::string vector_decrypt(const std::string& key, Bytes cipher) {
  (void)hash(Hash::sha1, cipher);
  const std::string der = private_key_der(key);
  RsaKey rsa;
  WC_RNG rng;
  LONGS_EQUAL(0, wc_InitRsaKey(&rsa, nullptr));
  LONGS_EQUAL(0, wc_InitRng(&rng));
  word32 at = 0;
  LONGS_EQUAL(0, wc_RsaPrivateKeyDecode(reinterpret_cast<const byte*>(der.data()), &at, &rsa, static_cast<word32>(der.size())));
  (void)wc_RsaSetRNG(&rsa, &rng);
  byte plain[512];
  const int size = wc_RsaPrivateDecrypt(cipher.data(), static_cast<word32>(cipher.size()), plain, sizeof plain, &rsa);
  wc_FreeRng(&rng);
  wc_FreeRsaKey(&rsa);
  return size > 0 ? std::string(reinterpret_cast<const char*>(plain), static_cast<size_t>(size)) : std::string();
}

std::string JsonWalk::next(const std::string& key) {
  if (ended()) return {};
  const std::string mark = "\"" + key + "\": ";
  const size_t found = text_.find(mark, at_);
  if (found == std::string::npos || found >= end_) {
    at_ = std::string::npos;
    return {};
  }
  at_ = found + mark.size();
  if (text_[at_] != '"') return text_.substr(at_, text_.find_first_of(",\n}", at_) - at_);
  const size_t begin = ++at_;
  at_ = text_.find('"', begin);
  return text_.substr(begin, at_ - begin);
}

size_t JsonWalk::find(const std::string& mark) const {
  const size_t found = ended() ? std::string::npos : text_.find(mark, at_);
  return found == std::string::npos ? text_.size() : found;
}

bool JsonWalk::skip(const std::string& mark) {
  at_ = ended() ? std::string::npos : text_.find(mark, at_);
  return !ended();
}

std::string unhex(const std::string& hex) {
  std::string out;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

}  // namespace parley::test
