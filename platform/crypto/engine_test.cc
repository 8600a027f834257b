// Facade functions against published vectors.
// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>
#include <vector>

#include "platform/crypto/engine.h"
#include "platform/crypto/test_keys.h"

#include <CppUTest/TestHarness.h>

using namespace parley;

namespace {

std::vector<uint8_t> hex(std::string_view s) {
  std::vector<uint8_t> out;
  for (size_t i = 0; i + 1 < s.size(); i += 2)
    out.push_back(static_cast<uint8_t>(hex_digit(s[i]) << 4 | hex_digit(s[i + 1])));
  return out;
}

std::string to_hex(Bytes b) {
  std::string out;
  for (const uint8_t v : b) {
    char t[3];
    std::snprintf(t, sizeof t, "%02x", v);
    out += t;
  }
  return out;
}

}  // namespace

TEST_GROUP(CryptoEngine){};

TEST(CryptoEngine, HashesOfAbc) {
  STRCMP_EQUAL("900150983cd24fb0d6963f7d28e17f72", to_hex(hash(Hash::md5, as_bytes("abc")).view()).c_str());
  STRCMP_EQUAL("a9993e364706816aba3e25717850c26c9cd0d89d", to_hex(hash(Hash::sha1, as_bytes("abc")).view()).c_str());
  STRCMP_EQUAL("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
               to_hex(hash(Hash::sha256, as_bytes("abc")).view()).c_str());
  STRCMP_EQUAL("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
               to_hex(hash(Hash::sha384, as_bytes("abc")).view()).c_str());
  STRCMP_EQUAL("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643"
               "ce80e2a9ac94fa54ca49f",
               to_hex(hash(Hash::sha512, as_bytes("abc")).view()).c_str());
  STRCMP_EQUAL(to_hex(hash(Hash::sha256, as_bytes("abc")).view()).c_str(),
               to_hex(hash2(Hash::sha256, as_bytes("a"), as_bytes("bc")).view()).c_str());
  STRCMP_EQUAL("d41d8cd98f00b204e9800998ecf8427e", to_hex(hash(Hash::md5, {}).view()).c_str());
}

TEST(CryptoEngine, HmacRfc2202And4231) {
  STRCMP_EQUAL("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
               to_hex(hmac(Hash::sha1, as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).view()).c_str());
  STRCMP_EQUAL("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
               to_hex(hmac(Hash::sha256, as_bytes("Jefe"), as_bytes("what do ya want for nothing?")).view()).c_str());
}

TEST(CryptoEngine, CbcRoundTripAndVector) {
  // NIST SP 800-38A F.2.1, first block
  const auto key = hex("2b7e151628aed2a6abf7158809cf4f3c"), iv = hex("000102030405060708090a0b0c0d0e0f");
  auto data = hex("6bc1bee22e409f96e93d7e117393172a");
  CHECK(aes_cbc_encrypt(key, iv, data).has_value());
  STRCMP_EQUAL("7649abac8119b246cee98e9b12e9197d", to_hex(data).c_str());
  CHECK(aes_cbc_decrypt(key, iv, data).has_value());
  STRCMP_EQUAL("6bc1bee22e409f96e93d7e117393172a", to_hex(data).c_str());
  const auto des_key = hex("0123456789abcdef23456789abcdef01456789abcdef0123"), des_iv = hex("0001020304050607");
  for (const size_t n : {8, 24}) {
    auto text = hex("00112233445566778899aabbccddeeff");
    CHECK(des_cbc_encrypt(Bytes(des_key).first(n), des_iv, text).has_value());
    CHECK(to_hex(text) != "00112233445566778899aabbccddeeff");
    CHECK(des_cbc_decrypt(Bytes(des_key).first(n), des_iv, text).has_value());
    STRCMP_EQUAL("00112233445566778899aabbccddeeff", to_hex(text).c_str());
  }
  uint8_t odd[15] = {};
  CHECK(!aes_cbc_encrypt(key, iv, odd));
  CHECK(!des_cbc_encrypt(Bytes(des_key).first(16), des_iv, MutBytes(odd).first(8)));
}

TEST(CryptoEngine, GcmDetectsEveryChange) {
  const std::vector<uint8_t> key(32, 7), nonce(12, 9);
  const Result<Blob> sealed = aes_gcm_seal(key, nonce, as_bytes("head"), as_bytes("secret"));
  CHECK(sealed.has_value());
  LONGS_EQUAL(6 + 16, sealed->size());
  const Result<Blob> open = aes_gcm_open(key, nonce, as_bytes("head"), *sealed);
  CHECK(open.has_value() && open->text() == "secret");
  CHECK(aes_gcm_open(key, nonce, as_bytes("Head"), *sealed).error().code == Code::untrusted);
  for (size_t i = 0; i < sealed->size(); ++i) {
    std::vector<uint8_t> bad(sealed->data(), sealed->data() + sealed->size());
    bad[i] ^= 1;
    CHECK(!aes_gcm_open(key, nonce, as_bytes("head"), bad));
  }
  CHECK(!aes_gcm_open(key, nonce, {}, sealed->view().first(15)));
}

TEST(CryptoEngine, PasswordHashes) {
  uint8_t out[64];
  CHECK(pbkdf2_sha256(as_bytes("passwd"), as_bytes("salt"), 1, out).has_value());   // RFC 7914 11
  STRCMP_EQUAL("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
               "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783", to_hex(out).c_str());
  CHECK(scrypt(as_bytes("password"), as_bytes("NaCl"), 10, 8, 16, out).has_value());  // RFC 7914 12
  STRCMP_EQUAL("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee"
               "6d8360cbdfa2cc0640", to_hex(out).c_str());
  CHECK(!scrypt(as_bytes("x"), {}, 40, 8, 1, out));
  CHECK(!pbkdf2_sha256(as_bytes("x"), {}, 0, out));
}

TEST(CryptoEngine, Base64) {
  const char* const kPlain[] = {"", "f", "fo", "foo", "foob", "fooba", "foobar"};
  const char* const kText[] = {"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
  for (size_t i = 0; i < 7; ++i) {
    Blob out;
    CHECK(base64_encode(as_bytes(kPlain[i]), 0, out).has_value());
    CHECK(out.text() == kText[i]);
    const Result<Blob> back = base64_decode(kText[i], 100);
    CHECK(back.has_value() && back->text() == kPlain[i]);
  }
  Blob lines;
  CHECK(base64_encode(as_bytes("foobarfoobar"), 6, lines).has_value());
  CHECK(lines.text() == "Zm9vYm\nFyZm9v\nYmFy\n");
  CHECK(base64_decode(" Zm9v\r\n\tYm Fy", 100)->text() == "foobar");
  for (const char* bad : {"Zm9", "Zm9v!", "Z===", "Zg==Zg==", "=Zg=", "Zm9vYg=x"}) CHECK(!base64_decode(bad, 100));
  CHECK(base64_decode("Zm9vYmFy", 5).error().code == Code::full);
}

TEST(CryptoEngine, RandomBelowIsInRangeAndReachesAll) {
  fake::TestRandom random;
  unsigned seen[10] = {};
  for (int i = 0; i < 1000; ++i) ++seen[random.below(10)];
  for (const unsigned n : seen) CHECK(n > 50);
  LONGS_EQUAL(0, random.below(1));
}
