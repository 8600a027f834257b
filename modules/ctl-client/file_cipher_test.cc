// Tests of encrypted phone files: genuine ones written byte for byte, all vectors opened, bad ones refused.
// SPDX-License-Identifier: GPL-3.0-or-later
#include "modules/ctl-client/file_cipher.h"

#include <string>

#include <CppUTest/TestHarness.h>

#include "modules/ctl-client/trust_file_build.h"
#include "modules/ctl-client/trust_file_verify.h"
#include "tests/support/test_env.h"
#include "tests/support/vectors.h"

using namespace parley;
using namespace parley::ctl_client;
using crypto_pki::NameStyle;
using test::vector_certificate;
using test::vector_file;

namespace {

constexpr const char* kName = "SEP001122334455.cnf.xml.enc.sgn";

void set_vector_key(FileKey& k) {   // README of the vectors: IV 00 01 .. 0f, key a0 a1 .. af
  for (uint8_t i = 0; i < 16; ++i) {
    k.iv[i] = i;
    k.key.mut()[i] = static_cast<uint8_t>(0xa0 + i);
  }
}

Header header_of(const Identity& id, Hash h, const char* name = kName) {
  Header header;
  header.hash = h;
  header.file_name = name;
  header.timestamp = 1700000000;
  id.put_into(header);
  return header;
}

std::string signed_file(const Draft& draft, Hash h) {
  const std::string signature = test::vector_sign("tftp", h, draft.bytes.view());
  const auto file = finish_file(draft, as_bytes(signature));
  CHECK_OK(file);
  return std::string(file->text());
}

// What a phone does, with wolfCrypt's own RSA and the private key of the vectors: signature, key, plain text.
std::string opened(const std::string& data, const std::string& phone, NameStyle style) {
  const auto c = vector_certificate("tftp");
  const auto id = identity_of(c, style);
  CHECK_OK(id);
  Record signer;
  signer.issuer = id->issuer.text();
  signer.serial = id->serial.view();
  signer.public_key = c.key.key;
  for (const RecordTag t : {kIssuer, kSerial, kPublicKey}) signer.add(t);
  const auto parsed = read_file(as_bytes(data));
  if (!parsed) return std::string("refused: ") + parsed.error().what;
  const auto f = verify_signed(as_bytes(data), parsed->header.file_name, signer);
  if (!f) return std::string("refused: ") + f.error().what;
  const std::string key = test::vector_decrypt(phone, f->encryption.wrapped_key);
  if (key.empty()) return "refused: wrapped for another phone";
  const auto plain = open_body(*f, as_bytes(key));
  return plain ? std::string(plain->text()) : std::string("refused: ") + plain.error().what;
}

}  // namespace

TEST_GROUP(FileCipher) {};

TEST(FileCipher, WritesGenuineFilesByteForByte) {
  const auto id = identity_of(vector_certificate("tftp"));
  CHECK_OK(id);
  const std::string plain = vector_file("config/SEP001122334455.cnf.xml");
  FileKey key;
  set_vector_key(key);
  for (const char* phone : {"lsc1024", "lsc2048"})
    for (const Hash h : {Hash::sha1, Hash::sha512}) {
      const std::string name = std::string("enc/genuine/SEP001122334455.cnf.xml.") + phone + (h == Hash::sha1 ? "-sha1" : "-sha512") + ".enc.sgn";
      const std::string expected = vector_file(name);
      const auto genuine = read_file(as_bytes(expected));
      CHECK_OK(genuine);
      // The wrapped key is random: with that of the vector everything else is the same, the signature too.
      const auto draft = draft_encrypted(header_of(*id, h), as_bytes(plain), key, genuine->encryption.wrapped_key);
      CHECK_OK(draft);
      const std::string got = signed_file(*draft, h);
      LONGS_EQUAL(expected.size(), got.size());
      MEMCMP_EQUAL(expected.data(), got.data(), expected.size());
      CHECK(opened(got, phone, NameStyle::cisco) == plain);
    }
}

TEST(FileCipher, OpensAllVectors) {
  const std::pair<const char*, const char*> kFiles[] = {
      {"enc/lsc1024-sha1/SEP001122334455.cnf.xml.enc.sgn", "lsc1024"},
      {"enc/lsc2048-sha1/SEP001122334455.cnf.xml.enc.sgn", "lsc2048"},
      {"enc/lsc2048-sha1-mod16/SEP0011223344AA.cnf.xml.enc.sgn", "lsc2048"},
      {"enc/mic2048-sha512/SEP001122334455.cnf.xml.enc.sgn", "mic"}};
  for (const auto& [name, phone] : kFiles) {
    const std::string path(name);
    const std::string plain = vector_file(path.substr(0, path.rfind('/')) + "/plain.xml");
    CHECK(!plain.empty());
    CHECK_TEXT(opened(vector_file(path), phone, NameStyle::comma) == plain, name);
  }
}

TEST(FileCipher, RefusesTheNegatives) {
  const std::pair<const char*, const char*> kFiles[] = {
      {"enc-digest-mismatch", "refused: the digest of the plain text does not hold"},
      {"enc-padding-zero", "refused: wrong padding count"},
      {"enc-padding-17", "refused: wrong padding count"},
      {"enc-key-for-other-phone", "refused: wrapped for another phone"},
      {"enc-aes256-key", "refused: the unwrapped key has the wrong size"}};
  for (const auto& [name, reason] : kFiles)
    STRCMP_EQUAL_TEXT(reason, opened(vector_file(std::string("negative/") + name + ".enc.sgn"), "lsc2048", NameStyle::cisco).c_str(), name);
}

TEST(FileCipher, EachFileHasAKeyOfItsOwnAndOpensForItsPhoneOnly) {
  test::CountingRandom random;
  const auto id = identity_of(vector_certificate("tftp"));
  CHECK_OK(id);
  for (const size_t size : {0u, 1u, 15u, 16u, 17u, 4096u}) {
    const std::string plain(size, 'x');
    FileKey a, b;
    CHECK_OK(a.make(random));
    CHECK_OK(b.make(random));
    CHECK(!equal_bytes(a.key.view(), b.key.view()) && !equal_bytes(a.iv, b.iv));
    const auto wrapped = wrap_key(a, vector_certificate("lsc2048").key.key, random);
    CHECK_OK(wrapped);
    const auto draft = draft_encrypted(header_of(*id, Hash::sha1), as_bytes(plain), a, wrapped->view());
    CHECK_OK(draft);
    const std::string file = signed_file(*draft, Hash::sha1);
    CHECK(opened(file, "lsc2048", NameStyle::cisco) == plain);
    STRCMP_EQUAL("refused: wrapped for another phone", opened(file, "mic", NameStyle::cisco).c_str());
    if (size == 0) continue;   // an empty text tells no keys apart
    CHECK_FALSE(open_body(*read_file(as_bytes(file)), b.key.view()).has_value());
  }
}

TEST(FileCipher, AnEcKeyCannotTakeAFileKey) {
  test::CountingRandom random;
  FileKey key;
  CHECK_OK(key.make(random));
  CHECK_FALSE(wrap_key(key, vector_certificate("lscec").spki, random).has_value());
}
